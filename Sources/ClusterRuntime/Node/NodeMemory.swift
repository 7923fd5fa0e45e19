import Storage
import Synchronization

/// What one node may hold: memory of operators, and, in what they leave of it, the block cache, which gives way first.
///
///     budget  ├── operators ──┤── block cache ──┤ free │
///                             └▶ evicts as operators grow, and may grow again when they shrink
final class NodeMemory: Sendable {
    /// The cache's budget follows in steps of this size: each is a lock and perhaps a round of evictions.
    private static let stepBytes = 1 << 20

    let budgetBytes: Int
    /// What the cache may have when nobody else needs memory.
    private let cacheMaximum: Int
    private let cache: BlockCache?
    private let usedBytes = Atomic<Int>(0)

    /// - Parameter cache: nil: of the leader, which has none.
    init(budgetBytes: Int, cache: BlockCache?, cacheMaximum: Int) {
        self.budgetBytes = budgetBytes
        self.cache = cache
        self.cacheMaximum = cacheMaximum
        leaveToCache(0)
    }

    /// What operators of all queries together hold now.
    var bytesInUse: Int { usedBytes.load(ordering: .relaxed) }

    func reserve(bytes: Int) -> Bool {
        let used = usedBytes.add(bytes, ordering: .relaxed).newValue
        guard used <= budgetBytes else {
            usedBytes.subtract(bytes, ordering: .relaxed)
            return false
        }
        follow(from: used - bytes, to: used)
        return true
    }

    func overdraw(bytes: Int) {
        let used = usedBytes.add(bytes, ordering: .relaxed).newValue
        follow(from: used - bytes, to: used)
    }

    func release(bytes: Int) {
        let used = usedBytes.subtract(bytes, ordering: .relaxed).newValue
        follow(from: used + bytes, to: used)
    }

    var availableBytes: Int { max(0, budgetBytes - bytesInUse) }

    private func follow(from old: Int, to new: Int) {
        if old / NodeMemory.stepBytes != new / NodeMemory.stepBytes { leaveToCache(new) }
    }

    private func leaveToCache(_ used: Int) {
        guard let cache else { return }
        let wanted = max(0, min(cacheMaximum, budgetBytes - used))
        if cache.budgetBytes != wanted { cache.budgetBytes = wanted }
    }
}
