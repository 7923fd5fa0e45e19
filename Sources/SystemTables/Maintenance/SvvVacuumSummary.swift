import Catalog
import QueryPlan
import SQLTypes

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
}
