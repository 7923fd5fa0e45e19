#if Server
import NIOCore
import NIOPosix
import Testing

@testable import Server

/// A connection's jobs run one at a time, on its loop or aside, wherever they were when the place changed.
@Suite struct ConnectionExecutorTests {
    private actor Guest {
        let executor: ConnectionExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        var count = 0
        var isInside = false
        var overlaps = 0

        init(_ executor: ConnectionExecutor) { self.executor = executor }

        func work() {
            if isInside { overlaps += 1 }
            isInside = true
            for _ in 0..<100 { count += 1 }
            isInside = false
        }

        func workElsewhere(_ loop: any EventLoop) async -> [Bool] {
            var places = [loop.inEventLoop]
            await executor.stepAside()
            work()
            places.append(loop.inEventLoop)
            await executor.stepAside()
            await executor.comeBack()
            work()
            places.append(loop.inEventLoop)
            await executor.comeBack()
            return places
        }
    }

    @Test func jobsNeverOverlap() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let guest = Guest(ConnectionExecutor(loop))
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for _ in 0..<200 { #expect(await guest.workElsewhere(loop) == [true, false, true]) }
            }
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<500 { await guest.work() }
                }
            }
        }
        #expect(await guest.count == (400 + 4_000) * 100)
        #expect(await guest.overlaps == 0)
        try await group.shutdownGracefully()
    }

    @Test func twoActorsShareIt() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = ConnectionExecutor(group.next())
        let (first, second) = (Guest(executor), Guest(executor))
        for _ in 0..<100 {
            await first.work()
            await second.work()
        }
        #expect(await first.count + second.count == 20_000)
        try await group.shutdownGracefully()
    }
}
#endif
