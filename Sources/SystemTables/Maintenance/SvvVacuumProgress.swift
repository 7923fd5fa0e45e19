import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The VACUUM that runs, or the last one. How long it will take is not known.
    /// - Source: Redshift developer guide, "SVV_VACUUM_PROGRESS".
    static let svvVacuumProgress = SystemView(
        meetingUserTables: "svv_vacuum_progress",
        [.text("table_name"), .text("status"), .text("time_remaining_estimate")]
    ) { state in
        guard let vacuum = state.live().vacuum else { return [] }
        return [[.text(vacuum.table, max: 256), .text(vacuum.status, max: 256), .text("")]]
    }
}
