import SQLTypes
import Synchronization

/// The reports of a stream's segments, on their way from the slices that end last to the driver, which is woken once: by
/// the last of them.
final class SegmentReports: Sendable {
    private struct State {
        var left: Int
        var reports: [SegmentReport] = []
        var hasFailed = false
        var waiter: UnsafeContinuation<Void, Never>?
    }

    private let meter: QueryMeter
    private let control: QueryControl
    private let state: Mutex<State>

    /// - Parameter expected: one of each segment and node.
    init(expected: Int, _ meter: QueryMeter, _ control: QueryControl) {
        self.meter = meter
        self.control = control
        state = Mutex(State(left: expected))
    }

    /// From any thread. The first failure ends what still runs of the query.
    func add(_ report: SegmentReport) {
        meter.note(report.traces)
        let (isFirstFailure, waiter) = state.withLock { state -> (Bool, UnsafeContinuation<Void, Never>?) in
            state.left -= 1
            state.reports.append(report)
            let isFirstFailure = report.error != nil && !state.hasFailed
            if isFirstFailure { state.hasFailed = true }
            guard state.left == 0 else { return (isFirstFailure, nil) }
            defer { state.waiter = nil }
            return (isFirstFailure, state.waiter)
        }
        if isFirstFailure { control.stop() }
        waiter?.resume()
    }

    /// All of them, in the order in which they came. To be called once.
    func all() async -> [SegmentReport] {
        await withUnsafeContinuation { continuation in
            let isComplete = state.withLock { state in
                if state.left > 0 { state.waiter = continuation }
                return state.left == 0
            }
            if isComplete { continuation.resume() }
        }
        return state.withLock { $0.reports }
    }
}
