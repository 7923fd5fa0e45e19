import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
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
}
