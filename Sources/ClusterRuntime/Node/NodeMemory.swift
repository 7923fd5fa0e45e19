import Synchronization
import VectorEngine

/// What the operators of a node's slices may hold together. Refused bytes are the operator's matter: it spills, or
/// fails with 53200.
final class NodeMemory: MemoryGrant, Sendable {
    let budgetBytes: Int
    private let usedBytes = Atomic<Int>(0)

    init(budgetBytes: Int) { self.budgetBytes = budgetBytes }

    /// What all queries together hold now.
    var bytesInUse: Int { usedBytes.load(ordering: .relaxed) }

    func reserve(bytes: Int) -> Bool {
        let used = usedBytes.add(bytes, ordering: .relaxed).newValue
        guard used <= budgetBytes else {
            release(bytes: bytes)
            return false
        }
        return true
    }

    func release(bytes: Int) { usedBytes.subtract(bytes, ordering: .relaxed) }
}

/// A query's part of its node's memory. What it still holds when the last of its tasks and its hash tables are gone
/// goes back to the node then.
final class QueryMemory: MemoryGrant, Sendable {
    private let node: NodeMemory
    private let usedBytes = Atomic<Int>(0)

    init(_ node: NodeMemory) { self.node = node }

    deinit { node.release(bytes: usedBytes.load(ordering: .relaxed)) }

    func reserve(bytes: Int) -> Bool {
        guard node.reserve(bytes: bytes) else { return false }
        usedBytes.add(bytes, ordering: .relaxed)
        return true
    }

    func release(bytes: Int) {
        usedBytes.subtract(bytes, ordering: .relaxed)
        node.release(bytes: bytes)
    }
}
