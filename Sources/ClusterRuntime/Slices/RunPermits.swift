import Synchronization

/// As many slices of the cluster compute at one time as there are permits: by default one per core.
///
///     wake ─▶ enqueue ─▶ [ready, in turn] ─▶ permit ─▶ on the slice's own queue: a share of at most 2 ms
///                              ▲                            │
///                              └── has more ── yield ◀──────┤
///                                   blocked, ended ◀────────┘  the permit goes to the next ready task
///
/// Nobody ever waits in here: the lock is held for some dictionary operations, and a task that gets no permit is not on
/// any thread. A task that is next itself goes on without leaving its thread. Bare queues instead of permits: 512 busy
/// slices ran 65 threads on two cores.
package final class RunPermits: Sendable {
    /// Longest share of a task while others are ready.
    package static let shareNs: UInt64 = 2_000_000

    package let count: Int
    /// Threads that compute take a core each (`ThreadSeats`).
    let keepsThreadsOnCores: Bool
    private let queue: Mutex<ReadyQueue<SliceTask>>

    package init(count: Int, keepsThreadsOnCores: Bool = true) {
        self.count = count
        self.keepsThreadsOnCores = keepsThreadsOnCores
        queue = Mutex(ReadyQueue(permits: count))
    }

    /// The task has work. It must not be in here already, nor running.
    func enqueue(_ task: SliceTask) {
        let granted = queue.withLock { queue in
            queue.add(task.readyEntry)
            return queue.grant()
        }
        granted?.task.start()
    }

    /// The share of `task` is over and its permit given back. Returns the task of the same slice that goes on at once,
    /// on this very thread (often the same task, if `hasMore`); tasks of other slices are started on their queues.
    func shareEnded(of task: SliceTask, hasMore: Bool) -> SliceTask? {
        var goesOn: SliceTask?
        var others: [SliceTask] = []
        queue.withLock { queue in
            queue.release(slice: task.slice.number)
            if hasMore { queue.add(task.readyEntry) }
            while let granted = queue.grant() {
                if granted.slice == task.slice.number {
                    goesOn = granted.task
                } else {
                    others.append(granted.task)
                }
            }
        }
        for other in others { other.start() }
        return goesOn
    }
}
