import QueryPlan
import SQLTypes

extension SystemView {
    /// Files that UNLOAD has made. - Source: Redshift developer guide, "STL_UNLOAD_LOG".
    static let stlUnloadLog = SystemView(
        "stl_unload_log",
        [
            .int("userid"), .int("query"), .int("slice"), .int("pid"), .char("path", 1_280), .time("start_time"),
            .time("end_time"), .big("line_count"), .big("transfer_size"), .char("file_format", 10),
            .big("user_query_id"), .big("transaction_id"),
        ]
    ) { state in
        state.events().unloadedFiles.map { file in
            [
                file.source.userValue, file.source.queryValue, .int(file.slice), .int(file.source.session),
                .text(file.path, max: 1_280), .timestamp(file.startTime), .timestamp(file.endTime), .int(file.lines),
                .int(file.bytes), .text(file.format, max: 10), .int(file.source.query),
                .int(file.source.transaction),
            ]
        }
    }
}
