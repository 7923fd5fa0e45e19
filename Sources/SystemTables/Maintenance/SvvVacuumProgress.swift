import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The VACUUM that runs, or the last one. How long it will take is estimated by the last one of the same kind of the same
    /// table: by its time for each row.
    /// - Source: Redshift developer guide, "SVV_VACUUM_PROGRESS".
    static let svvVacuumProgress = SystemView(
        meetingUserTables: "svv_vacuum_progress",
        [.text("table_name"), .text("status"), .text("time_remaining_estimate")]
    ) { state in
        let runs = VacuumRun.all(state.events().vacuums)
        let live = state.live()
        if let vacuum = live.vacuum, vacuum.status != "Complete" {
            let remaining = runs.last { $0.end == nil && $0.start.tableName == vacuum.table }.flatMap {
                remainingText(of: $0, after: runs, now: live.now)
            }
            return [[.text(vacuum.table, max: 256), .text(vacuum.status, max: 256), .text(remaining ?? "")]]
        }
        guard let last = runs.last(where: { $0.end?.phase == .finished }) else { return [] }
        return [[.text(last.start.tableName, max: 256), .text("Complete"), .text("")]]
    }

    /// `2m 5s`, as the guide's sample has it; nil: there is nothing to go by.
    private static func remainingText(of run: VacuumRun, after runs: [VacuumRun], now: Int64) -> String? {
        let before = runs.last {
            $0.end?.phase == .finished && $0.start.table == run.start.table && $0.start.kind == run.start.kind
                && $0.start.rows > 0
        }
        guard let before, let end = before.end else { return nil }
        let whole = Double(end.time - before.start.time) * Double(run.start.rows) / Double(before.start.rows)
        let seconds = Int64(max(0, whole - Double(now - run.start.time)) / 1_000_000)
        return "\(seconds / 60)m \(seconds % 60)s"
    }
}
