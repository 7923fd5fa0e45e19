import QueryPlan
import SQLTypes

extension SystemView {
    /// Files that they have made. - Source: Redshift developer guide, "SYS_UNLOAD_DETAIL".
    static let sysUnloadDetail = SystemView(
        "sys_unload_detail",
        [
            .int("user_id"), .int("query_id"), .int("session_id"), .big("transaction_id"), .char("file_name", 1_280),
            .time("start_time"), .time("end_time"), .big("line_count"), .big("transfer_size"),
            .char("file_format", 10),
        ]
    ) { state in
        state.events().unloadedFiles.map { file in
            [
                file.source.userValue, file.source.queryValue, .int(file.source.session),
                .int(file.source.transaction), .text(file.path, max: 1_280), .timestamp(file.startTime),
                .timestamp(file.endTime), .int(file.lines), .int(file.bytes), .text(file.format, max: 10),
            ]
        }
    }
}
