import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_VACUUM_HISTORY".
    static let sysVacuumHistory = SystemView(
        "sys_vacuum_history",
        [
            .int("user_id"), .big("transaction_id"), .big("query_id"), .text("database_name"), .text("schema_name"),
            .text("table_name"), .int("table_id"), .char("vacuum_type", 20), Column("is_automatic", .boolean),
            .char("status", 30), .time("start_time"), .time("end_time"), .time("record_time"), .big("duration"),
            .big("rows_before_vacuum"), .int("size_before_vacuum"), .big("reclaimable_rows"), .big("reclaimed_rows"),
            .big("reclaimed_blocks"), .int("sortedrows_before_vacuum"), .int("sortedrows_after_vacuum"),
        ]
    ) { state in
        VacuumRun.all(state.events().vacuums).map(historyRow)
    }

    private static func historyRow(_ run: VacuumRun) -> [SQLValue] {
        let (start, end) = (run.start, run.end)
        let status: String =
            switch end?.phase {
            case nil, .started?: "Initialize"
            case .finished?: "Finished"
            case .skipped?: "Skipped"
            case .failed?: "Failed"
            }
        let place: [SQLValue] = [
            start.source.userValue, .int(start.source.transaction),
            // Known when the first pass has run; one that was skipped has none.
            end.map { $0.source.query == 0 ? .null : .int($0.source.query) } ?? .null,
            .text(start.source.database, max: 256), .text(start.schemaName, max: 256),
            .text(start.tableName, max: 256), .int(start.table.rawValue), .text(start.kind.name), .boolean(false),
        ]
        let times: [SQLValue] = [
            .text(status), .timestamp(start.time), end.map { .timestamp($0.time) } ?? .null,
            .timestamp(end?.time ?? start.time), end.map { .int($0.time - start.time) } ?? .null,
        ]
        return place + times + [
            .int(start.rows), .clamped(start.blocks), .int(start.deletedRows),
            end.map { .int(start.rows - $0.rows) } ?? .null, end.map { .int(start.blocks - $0.blocks) } ?? .null,
            .clamped(start.sortedRows), end.map { .clamped($0.sortedRows) } ?? .null,
        ]
    }
}

extension VacuumEvent.Kind {
    /// As SYS_VACUUM_HISTORY has it.
    fileprivate var name: String {
        switch self {
        case .full: "Full"
        case .sort: "Sort"
        case .delete: "Delete"
        case .reindex: "Reindex"
        case .recluster: "Recluster"
        }
    }
}
