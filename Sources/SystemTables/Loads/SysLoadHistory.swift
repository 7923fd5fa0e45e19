import QueryPlan
import SQLTypes

extension SystemView {
    /// COPYs, those that run last. - Source: Redshift developer guide, "SYS_LOAD_HISTORY".
    static let sysLoadHistory = SystemView(
        "sys_load_history",
        [
            .int("user_id"), .big("query_id"), .big("transaction_id"), .int("session_id"), .text("database_name"),
            .text("status"), .text("table_name"), .time("start_time"), .time("end_time"), .big("duration"),
            .varchar("data_source", 1_024), .text("file_format"), .big("loaded_rows"), .big("loaded_bytes"),
            .int("source_file_count"), .big("source_file_bytes"), .int("file_count_scanned"),
            .big("file_bytes_scanned"), .big("error_count"), .big("copy_job_id"),
        ]
    ) { state in
        let live = state.live()
        let ended = state.events().loads.map { row($0, $0.isCompleted ? "completed" : "aborted", end: $0.endTime) }
        return ended + live.loads.map { row($0.event, "running", end: nil) }
    }

    /// - Parameter end: nil: it runs.
    private static func row(_ load: LoadEvent, _ status: String, end: Int64?) -> [SQLValue] {
        let place: [SQLValue] = [
            load.source.userValue, .int(load.source.query), .int(load.source.transaction),
            .int(load.source.session), .text(load.source.database, max: 256), .text(status),
            .text(load.tableName, max: 256), .timestamp(load.startTime), end.map { .timestamp($0) } ?? .null,
            end.map { .int($0 - load.startTime) } ?? .null,
        ]
        return place + [
            .text(load.dataSource, max: 1_024), .text(load.format), .int(load.rows), .int(load.bytes),
            .clamped(load.fileCount), .int(load.fileBytes), .clamped(load.filesScanned), .int(load.bytesScanned),
            .int(load.errors), .int(0),
        ]
    }
}
