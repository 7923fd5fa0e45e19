import Storage
import Testing
import VectorEngine

@testable import ClusterRuntime

@Suite struct MemoryTests {
    private func node(_ megabytes: Int) -> NodeMemory {
        NodeMemory(budgetBytes: megabytes << 20, cache: nil, cacheMaximum: 0)
    }

    @Test func everyOperatorIsSureOfItsPart() {
        let slice = SliceMemory(node(64), limitBytes: 64 << 20, operatorCount: 4)
        let greedy = slice.operatorShare()
        // Half is free for all, and its own eighth.
        #expect(greedy.reserve(bytes: 40 << 20))
        #expect(!greedy.reserve(bytes: 1))
        for _ in 0..<3 { #expect(slice.operatorShare().reserve(bytes: 8 << 20)) }
    }

    @Test func whatASettledOperatorLeavesIsForOthers() {
        let slice = SliceMemory(node(64), limitBytes: 64 << 20, operatorCount: 2)
        let small = slice.operatorShare()
        let large = slice.operatorShare()
        #expect(small.reserve(bytes: 1 << 20))
        #expect(!large.reserve(bytes: 60 << 20))
        small.settle()
        #expect(large.reserve(bytes: 60 << 20))
        large.release(bytes: 60 << 20)
        small.release(bytes: 1 << 20)
        #expect(slice.bytesInUse == 0)
    }

    @Test func aLittleIsGrantedWhateverOthersHold() {
        let node = node(16)
        #expect(node.reserve(bytes: 16 << 20))
        let slice = SliceMemory(node, limitBytes: 8 << 20, operatorCount: 1)
        let share = slice.operatorShare()
        #expect(share.reserve(bytes: SliceMemory.operatorMinimum))
        #expect(!share.reserve(bytes: 1 << 20))
    }

    @Test func theCacheGivesWay() {
        let cache = BlockCache(budgetBytes: 0)
        let node = NodeMemory(budgetBytes: 32 << 20, cache: cache, cacheMaximum: 20 << 20)
        #expect(cache.budgetBytes == 20 << 20)
        #expect(node.reserve(bytes: 30 << 20))
        #expect(cache.budgetBytes == 2 << 20)
        #expect(!node.reserve(bytes: 3 << 20))
        node.release(bytes: 30 << 20)
        #expect(cache.budgetBytes == 20 << 20)
    }

    @Test func whatAQueryHoldsGoesBackWithIt() {
        let node = node(16)
        do {
            let memory = QueryMemory(node, sliceCount: 2, operatorCount: 3)
            #expect(memory.slice(0).reserve(bytes: 1 << 20))
            memory.slice(1).overdraw(bytes: 20 << 20)
            #expect(node.bytesInUse == 21 << 20)
        }
        #expect(node.bytesInUse == 0)
    }
}
