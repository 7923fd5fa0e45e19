import QueryPlan
import SQLTypes

extension SystemView {
    /// How long each file of a COPY took. - Source: Redshift developer guide, "STL_FILE_SCAN".
    static let stlFileScan = SystemView(
        "stl_file_scan",
        [
            .int("userid"), .int("query"), .int("slice"), .char("name", 90), .big("lines"), .big("bytes"),
            .big("loadtime"), .time("curtime"), .int("is_partial"), .big("start_offset"),
        ]
    ) { state in
        state.events().loadedFiles.map { file in
            [
                file.source.userValue, file.source.queryValue, .int(file.slice), .text(file.file, max: 90),
                .int(file.lines), .int(file.textBytes), .int(file.endTime - file.startTime),
                .timestamp(file.startTime), .bit(file.isPartial), .int(file.startOffset),
            ]
        }
    }
}
