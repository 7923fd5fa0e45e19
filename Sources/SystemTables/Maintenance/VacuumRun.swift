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
