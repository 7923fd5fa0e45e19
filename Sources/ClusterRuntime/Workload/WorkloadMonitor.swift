import QueryPlan
import SQLTypes
import Synchronization

/// What a running query has done so far, as far as its segments have reported: what monitoring rules look at.
final class QueryMeter: Sendable {
    struct Figures: Hashable, Sendable {
        var scannedRows: Int64 = 0
        var joinedRows: Int64 = 0
        var nestedLoopRows: Int64 = 0
        var blocksRead: Int64 = 0
        var spilledBytes: Int64 = 0
        var runNs: Int64 = 0
    }
    private let state = Mutex(Figures())

    func note(_ slices: [SliceTrace]) {
        state.withLock { figures in
            for slice in slices {
                figures.runNs += slice.runNs
                for step in slice.steps {
                    figures.blocksRead += step.blocksRead
                    figures.spilledBytes += step.spilledBytes
                    switch step.label {
                    case "scan": figures.scannedRows += step.rowsOut
                    case "hjoin", "mjoin": figures.joinedRows += step.rowsOut
                    case "nloop":
                        figures.joinedRows += step.rowsOut
                        figures.nestedLoopRows += step.rowsOut
                    default: break
                    }
                }
            }
        }
    }

    var figures: Figures { state.withLock { $0 } }
}

/// Applies the rules and the time limit of its queue to one query.
struct WorkloadMonitor: Sendable {
    /// Redshift looks every ten seconds; queries on a laptop are shorter.
    private static let interval = Duration.milliseconds(100)

    let manager: WorkloadManager
    let entry: WorkloadQueues.Entry
    let meter: QueryMeter
    let results: ResultChannel
    let control: QueryControl

    /// nil: the queue asks for nothing.
    func start() -> Task<Void, Never>? {
        let number = entry.request.query
        guard let own = manager.serviceClass(of: number), !own.rules.isEmpty || own.timeoutMs > 0 else { return nil }
        return Task {
            var applied: Set<MonitoringRule> = []
            var begin = entry.runStart ?? Platform.timestampNow
            while (try? await Task.sleep(for: WorkloadMonitor.interval)) != nil {
                guard let present = manager.serviceClass(of: number) else { return }
                if manager.isSuspended(number) { continue }
                let now = Platform.timestampNow
                for rule in present.rules where !applied.contains(rule) && holds(rule, at: now) {
                    applied.insert(rule)
                    apply(rule, present, at: now)
                }
                if present.timeoutMs > 0, now - begin > present.timeoutMs * 1_000 {
                    begin = now
                    if !manager.hop(number) { cancel("Query (\(number)) cancelled by WLM timeout") }
                }
            }
        }
    }

    /// What shows only when all segments have reported can still be logged.
    func finish() {
        guard let own = manager.serviceClass(of: entry.request.query) else { return }
        let now = Platform.timestampNow
        let known = manager.snapshot.actions.filter { $0.query == entry.request.query }.map(\.rule)
        for rule in own.rules where rule.action == .log && !known.contains(rule.name) && holds(rule, at: now) {
            apply(rule, own, at: now)
        }
    }

    private func apply(_ rule: MonitoringRule, _ own: ServiceClass, at now: Int64) {
        let number = entry.request.query
        let text = "Query (\(number)) cancelled by WLM abort action of Query Monitoring Rule \"\(rule.name)\""
        manager.note(
            WorkloadManager.RuleAction(
                query: number, serviceClass: own.id, rule: rule.name, action: rule.action.rawValue, time: now))
        switch rule.action {
        case .log: break
        case .abort: cancel(text)
        case .hop: if !manager.hop(number) { cancel(text) }
        }
    }

    private func cancel(_ message: String) { control.cancel(SQLError(.queryCanceled, message)) }

    private func holds(_ rule: MonitoringRule, at now: Int64) -> Bool {
        let figures = meter.figures
        return rule.predicates.allSatisfy { predicate in
            let start = entry.runStart ?? now
            let measured =
                switch predicate.metric {
                case .executionTime: (now - start) / 1_000_000
                case .queueTime: (start - entry.queueStart) / 1_000_000
                case .cpuTime: figures.runNs / 1_000_000_000
                case .returnedRows: results.rowCount
                case .scannedRows: figures.scannedRows
                case .joinedRows: figures.joinedRows
                case .nestedLoopRows: figures.nestedLoopRows
                case .blocksRead: figures.blocksRead
                case .spilled: figures.spilledBytes >> 20
                }
            return predicate.holds(for: measured)
        }
    }
}
