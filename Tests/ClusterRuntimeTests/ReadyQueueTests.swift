import Testing

@testable import ClusterRuntime

/// The rule of who runs next, without threads.
@Suite struct ReadyQueueTests {
    private typealias Queue = ReadyQueue<String>

    private func granted(_ queue: inout Queue) -> [String] {
        var names: [String] = []
        while let entry = queue.grant() { names.append(entry.task) }
        return names
    }

    @Test func neverMoreThanThePermits() {
        var queue = Queue(permits: 2)
        for slice in 0..<5 { queue.add(.init(query: 1, slice: slice, task: "s\(slice)")) }
        #expect(granted(&queue) == ["s0", "s1"])
        queue.release(slice: 0)
        #expect(granted(&queue) == ["s2"])
        #expect(queue.runningCount == 2)
    }

    @Test func queriesTakeTurns() {
        var queue = Queue(permits: 1)
        for slice in 0..<3 { queue.add(.init(query: 1, slice: slice, task: "long \(slice)")) }
        queue.add(.init(query: 2, slice: 3, task: "short"))
        var order: [String] = []
        for _ in 0..<4 {
            guard let entry = queue.grant() else { break }
            order.append(entry.task)
            queue.release(slice: entry.slice)
        }
        #expect(order == ["long 0", "short", "long 1", "long 2"])
    }

    @Test func oneTaskPerSliceAtATime() {
        var queue = Queue(permits: 2)
        queue.add(.init(query: 1, slice: 0, task: "sender"))
        queue.add(.init(query: 1, slice: 0, task: "receiver"))
        #expect(granted(&queue) == ["sender"])
        queue.add(.init(query: 1, slice: 1, task: "other"))
        #expect(granted(&queue) == ["other"])
        queue.release(slice: 0)
        queue.add(.init(query: 1, slice: 0, task: "sender again"))
        #expect(granted(&queue) == ["receiver"], "who was passed over is before who comes back")
    }

    @Test func nothingIsLostOrDoubled() {
        var random = SplitMix(seed: 7)
        for _ in 0..<50 {
            var queue = Queue(permits: 1 + Int(random.next() % 4))
            var added = 0
            var ended: [String: Int] = [:]
            var running: [Int: String] = [:]
            for _ in 0..<400 {
                if random.next() % 2 == 0 {
                    queue.add(.init(query: Int64(random.next() % 3), slice: Int(random.next() % 6), task: "t\(added)"))
                    added += 1
                } else if let slice = running.keys.sorted().first {
                    ended[running.removeValue(forKey: slice) ?? "", default: 0] += 1
                    queue.release(slice: slice)
                }
                while let entry = queue.grant() {
                    #expect(running[entry.slice] == nil, "two tasks of one slice")
                    running[entry.slice] = entry.task
                }
                #expect(running.count <= queue.permits && running.count == queue.runningCount)
            }
            while let slice = running.keys.sorted().first {
                ended[running.removeValue(forKey: slice) ?? "", default: 0] += 1
                queue.release(slice: slice)
                while let entry = queue.grant() { running[entry.slice] = entry.task }
            }
            #expect(ended.count == added && ended.values.allSatisfy { $0 == 1 })
        }
    }
}

/// A small generator for tests of this module.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
