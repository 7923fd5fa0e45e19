import Synchronization
import VectorEngine

/// What the operators of a node's slices may hold together. Refused bytes are the operator's matter: it spills, or
/// fails with 53200.
final class NodeMemory: MemoryGrant, Sendable {
    let budgetBytes: Int
    private let usedBytes = Atomic<Int>(0)

    init(budgetBytes: Int) { self.budgetBytes = budgetBytes }

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
