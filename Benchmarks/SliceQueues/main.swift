// What it costs to start a task on every slice and to hear that all have ended, and how evenly slices share the cores:
// 1, 32 and 1,024 slices, with a queue of their own each and with one shared target queue, under run permits.
//
//     swift run -c release slice-queues
//
// Prints a Markdown table of medians. The figures that were kept, and what follows from them, are in docs/decisions.

import ClusterRuntime
import Dispatch
import Execution
import Foundation
import QueryPlan
import SQLTypes
import Synchronization

/// Computes for a given time, in pieces of about 50 µs, as a scan goes from batch to batch.
final class Spinning: SliceWork {
    let steps: [StepTrace] = []
    private var leftNs: UInt64

    init(ns: UInt64) { leftNs = ns }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        while leftNs > 0 {
            let start = monotonicNs()
            let piece = min(leftNs, 50_000)
            while monotonicNs() - start < piece {}
            leftNs -= piece
            if monotonicNs() >= deadline && leftNs > 0 { return .yielded }
        }
        return .finished
    }
}

struct Case {
    var slices: Int
    var queues: Slice.Queues
    var workNs: UInt64
}

/// Milliseconds from the first wake to the last ending.
func round(_ run: Case, slices: [Slice], permits: RunPermits) async -> Double {
    let start = monotonicNs()
    let share = run.workNs / UInt64(slices.count)
    await withCheckedContinuation { continuation in
        let running = Countdown(slices.count) { continuation.resume() }
        let tasks = slices.map { slice in
            SliceTask(
                query: 1, segment: 0, slice: slice, permits: permits, queryStartNs: start,
                makeWork: { _ in Spinning(ns: share) }, onEnd: { _ in running.arrived() })
        }
        for task in tasks { task.wake() }
    }
    return Double(monotonicNs() - start) / 1e6
}

final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let atZero: @Sendable () -> Void

    init(_ count: Int, atZero: @escaping @Sendable () -> Void) {
        left = Atomic(count)
        self.atZero = atZero
    }

    func arrived() {
        if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { atZero() }
    }
}

let cores = ProcessInfo.processInfo.activeProcessorCount
let permits = RunPermits(count: cores)
let rounds = 60
print("\(cores) cores and permits, median of \(rounds) rounds in ms\n")
print("| slices | work in all | separate queues | shared target |\n|---|---|---|---|")
for workMs in [0, 20] {
    for count in [1, 32, 1_024] {
        var medians: [String] = []
        for queues in Slice.Queues.allCases {
            let run = Case(slices: count, queues: queues, workNs: UInt64(workMs) * 1_000_000)
            let slices = (0..<count).map { Slice(number: $0, node: 0, store: nil, queues: queues) }
            var times: [Double] = []
            for counted in 0..<(rounds + 5) {
                let time = await round(run, slices: slices, permits: permits)
                if counted >= 5 { times.append(time) }
            }
            medians.append(String(format: "%.3f", times.sorted()[rounds / 2]))
        }
        print("| \(count) | \(workMs) ms | \(medians.joined(separator: " | ")) |")
    }
}
