package import Dispatch
import Synchronization

/// Runs what drives queries on the threads that slices compute on.
///
/// Between two streams of a plan nobody computes: the last slice reports, the driver starts the next stream. If the driver
/// had threads of its own, each of these steps would wake one (13–44 µs on a core that sleeps), and a query of a few
/// milliseconds has half a dozen streams. So the thread that ended the last share goes on with the driver, and then with
/// the slice that is started first.
package final class SliceThreads: TaskExecutor {
    package static let shared = SliceThreads()

    /// What the slices' queues run on, too (`Slice.Queues.sharedTarget`): no more threads than cores.
    static var queue: DispatchQueue { .global(qos: .userInitiated) }

    private let waiting = Atomic<Int>(0)

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        waiting.add(1, ordering: .relaxed)
        SliceThreads.queue.async { [self] in
            waiting.subtract(1, ordering: .relaxed)
            ThreadSeats.shared.working(takesSeat: false) { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// Work of a queue that these threads run, too: slices, which go on for as long as they have work, let it pass.
    package func enqueue(on queue: DispatchQueue, _ work: @escaping @Sendable () -> Void) {
        waiting.add(1, ordering: .relaxed)
        queue.async { [self] in
            waiting.subtract(1, ordering: .relaxed)
            work()
        }
    }

    /// A driver is ready, or a statement that is planned, and slices may have all threads: who could go on with another share lets it pass.
    var isAwaited: Bool { waiting.load(ordering: .relaxed) > 0 }

    /// Does the work after what is waiting now.
    func afterWaiting(_ work: @escaping @Sendable () -> Void) { SliceThreads.queue.async(execute: work) }
}
