#if Server
import ClusterRuntime
import Dispatch
import NIOCore
import Synchronization

/// Where a connection and its session run: on the connection's event loop, which reads its socket, or aside of it on a
/// queue of their own, so that what takes long holds up no other connection of the loop.
///
///     loop ──stepAside──▶ aside        a job asks, and suspends; when it has ended the place changes, and it goes on there
///     loop ◀──comeBack─── aside        the same; jobs that come meanwhile, or were on their way to the old place, follow
///
/// On the loop, a message is read, parsed, answered and written without a change of thread.
final class ConnectionExecutor: SessionExecutor {
    private enum Place: UInt8, AtomicRepresentable { case loop, aside }

    private let loop: any EventLoop
    private let queue: DispatchQueue
    /// Changed by the thread that runs the jobs only, between two of them.
    private let place = Atomic<Place>(.loop)
    /// Who waits for the change of place that the running job has asked for. Touched by the running job's thread only.
    private let mover = Mutex<UnsafeContinuation<Void, Never>?>(nil)
    private let isMoving = Atomic<Bool>(false)

    init(_ loop: any EventLoop) {
        self.loop = loop
        queue = DispatchQueue(label: "blueshift.connection", target: .global(qos: .userInitiated))
    }

    func enqueue(_ job: consuming ExecutorJob) { forward(UnownedJob(job)) }

    private func forward(_ job: UnownedJob) {
        switch place.load(ordering: .acquiring) {
        case .loop: loop.execute { self.run(job, at: .loop) }
        case .aside: SliceThreads.shared.enqueue(on: queue) { self.run(job, at: .aside) }
        }
    }

    /// On the thread of that place, which is the only one that runs jobs as long as the place is the present one.
    private func run(_ job: UnownedJob, at place: Place) {
        guard place == self.place.load(ordering: .acquiring) else { return forward(job) }
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        guard isMoving.load(ordering: .relaxed) else { return }
        isMoving.store(false, ordering: .relaxed)
        self.place.store(place == .loop ? .aside : .loop, ordering: .releasing)
        let waiting = mover.withLock { mover in
            defer { mover = nil }
            return mover
        }
        waiting?.resume()
    }

    /// As the job that runs sees it.
    var isAside: Bool { place.load(ordering: .relaxed) == .aside }

    func stepAside() async { await move(to: .aside) }
    func comeBack() async { await move(to: .loop) }

    private func move(to wanted: Place) async {
        guard place.load(ordering: .relaxed) != wanted else { return }
        await withUnsafeContinuation { continuation in
            mover.withLock { mover in
                precondition(mover == nil, "two tasks of one connection change its place at one time")
                mover = continuation
            }
            isMoving.store(true, ordering: .relaxed)
        }
    }
}
#endif
