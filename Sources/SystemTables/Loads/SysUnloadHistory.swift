import QueryPlan
import SQLTypes

extension SystemView {
    /// UNLOADs that have ended. - Source: Redshift developer guide, "SYS_UNLOAD_HISTORY".
    static let sysUnloadHistory = SystemView(
        "sys_unload_history",
        [
            .int("user_id"), .big("query_id"), .big("transaction_id"), .int("session_id"), .text("database_name"),
            .text("status"), .time("start_time"), .time("end_time"), .big("duration"), .text("file_format"),
            .text("compression_type"), .varchar("unloaded_location", 1_280), .big("unloaded_rows"),
            .big("unloaded_files_count"), .big("unloaded_files_size"), .varchar("error_message", 512),
        ]
    ) { state in
        state.events().unloads.map { unload in
            let place: [SQLValue] = [
                unload.source.userValue, .int(unload.source.query), .int(unload.source.transaction),
                .int(unload.source.session), .text(unload.source.database, max: 256),
                .text(unload.error.isEmpty ? "completed" : "aborted"),
            ]
            return place + [
                .timestamp(unload.startTime), .timestamp(unload.endTime), .int(unload.endTime - unload.startTime),
                .text(unload.format), .text(unload.compression), .text(unload.location, max: 1_280),
                .int(unload.rows), .int(unload.files), .int(unload.bytes), .text(unload.error, max: 512),
            ]
        }
    }
}
