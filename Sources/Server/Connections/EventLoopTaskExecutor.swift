import NIOCore

/// Runs tasks on a connection's event loop: what reads the socket, drives the protocol, plans a short statement and writes
/// the answer is then one thread, and a round trip wakes nobody else.
///
/// Only what is quick may run here: the loop's other connections wait. See `ClientConnection` for what leaves it.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        loop.execute { [self] in
            withExtendedLifetime(self) { job.runSynchronously(on: executor) }
        }
    }
}
