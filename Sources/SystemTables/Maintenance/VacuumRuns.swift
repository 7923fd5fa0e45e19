import Catalog
import QueryPlan
import SQLTypes

/// A VACUUM of one table, from its beginning to its end.
struct VacuumRun {
    var start: VacuumEvent
    /// nil: it runs, or the process was killed in the middle of it.
    var end: VacuumEvent?

    /// In the order in which they began. One that was skipped begins and ends with the same event.
    static func all(_ events: [VacuumEvent]) -> [VacuumRun] {
        var runs: [VacuumRun] = []
        for event in events {
            switch event.phase {
            case .started: runs.append(VacuumRun(start: event))
            case .skipped: runs.append(VacuumRun(start: event, end: event))
            case .finished, .failed:
                let place = runs.lastIndex {
                    $0.start.source.transaction == event.source.transaction && $0.start.table == event.table
                }
                if let place, runs[place].end == nil { runs[place].end = event }
            }
        }
        return runs
    }
}

extension SystemView {
    /// What each VACUUM has changed. - Source: Redshift developer guide, "SVV_VACUUM_SUMMARY".
    static let svvVacuumSummary = SystemView(
        meetingUserTables: "svv_vacuum_summary",
        [
            .text("table_name"), .big("xid"), .big("sort_partitions"), .big("merge_increments"),
            .big("elapsed_time"), .big("row_delta"), .big("sortedrow_delta"), .int("block_delta"),
            .int("max_merge_partitions"),
        ]
    ) { state in
        VacuumRun.all(state.events().vacuums).compactMap { run -> [SQLValue]? in
            guard let end = run.end, end.phase == .finished else { return nil }
            // Slices sort all their rows at once: what is spilled is merged in one go.
            return [
                .text(run.start.tableName, max: 256), .int(run.start.source.transaction),
                .int(run.start.sortPartitions), .int(run.start.sortPartitions > 0 ? 1 : 0),
                .int(end.time - run.start.time), .int(end.rows - run.start.rows),
                .int(end.sortedRows - run.start.sortedRows), .clamped(end.blocks - run.start.blocks),
                .clamped(run.start.sortPartitions),
            ]
        }
    }

    /// Blocks that a table has after its VACUUM, of those before it, in percent.
    /// - Source: Redshift developer guide, "SVL_VACUUM_PERCENTAGE".
    static let svlVacuumPercentage = SystemView(
        "svl_vacuum_percentage", [.big("xid"), .int("table_id"), .big("percentage")]
    ) { state in
        VacuumRun.all(state.events().vacuums).compactMap { run -> [SQLValue]? in
            guard let end = run.end, end.phase == .finished else { return nil }
            let share = run.start.blocks == 0 ? 100 : 100 * end.blocks / run.start.blocks
            return [.int(run.start.source.transaction), .int(run.start.table.rawValue), .int(share)]
        }
    }

    /// The VACUUM that runs, or the last one. How long it will take is not known.
    /// - Source: Redshift developer guide, "SVV_VACUUM_PROGRESS".
    static let svvVacuumProgress = SystemView(
        meetingUserTables: "svv_vacuum_progress",
        [.text("table_name"), .text("status"), .text("time_remaining_estimate")]
    ) { state in
        guard let vacuum = state.live().vacuum else { return [] }
        return [[.text(vacuum.table, max: 256), .text(vacuum.status, max: 256), .text("")]]
    }

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
