import QueryPlan
import SQLTypes

extension SystemView {
    /// Files, and ranges of large ones, that COPY has read. - Source: Redshift developer guide, "STL_LOAD_COMMITS".
    static let stlLoadCommits = SystemView(
        "stl_load_commits",
        [
            .int("userid"), .int("query"), .int("slice"), .char("name", 256), .char("filename", 256),
            .int("byte_offset"), .int("lines_scanned"), .int("errors"), .time("curtime"), .int("status"),
            .char("file_format", 16), .int("is_partial"), .big("start_offset"), .big("copy_job_id"),
        ]
    ) { state in
        state.events().loadedFiles.map { file in
            [
                file.source.userValue, file.source.queryValue, .int(file.slice), .text(""),
                .text(file.file, max: 256), .int(0), .clamped(file.lines), .clamped(file.errors),
                .timestamp(file.endTime), .bit(file.isComplete), .text(file.format, max: 16), .bit(file.isPartial),
                .int(file.startOffset), .int(0),
            ]
        }
    }
}
