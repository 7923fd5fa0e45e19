/// Free pieces of memory that one thread keeps for itself, by their pooled size (`RawMemory`): taken and given back
/// without a lock, and what a core takes was last written by that core, and lies in its caches.
///
/// A list for each size, chained through the first word of the pieces. Belongs to its thread; freed with it.
struct ThreadPieces {
    private struct List: BitwiseCopyable {
        var first: UnsafeMutableRawPointer?
        var count = 0
    }
    private let lists: UnsafeMutablePointer<List>

    /// Bytes of one size that a thread keeps, at most.
    private static let maximum = 256 << 10

    /// nil if the system cannot keep something for a thread.
    static var ofThisThread: ThreadPieces? {
        guard let slot else { return nil }
        if let known = slot.value {
            return ThreadPieces(lists: known.assumingMemoryBound(to: List.self))
        }
        let lists = UnsafeMutablePointer<List>.allocate(capacity: RawMemory.pooledSizes)
        lists.initialize(repeating: List(), count: RawMemory.pooledSizes)
        guard slot.set(lists) else {
            lists.deallocate()
            return nil
        }
        return ThreadPieces(lists: lists)
    }

    private static let slot = ThreadSlot { ThreadPieces.free($0) }

    /// nil: none is kept.
    @inline(__always)
    func take(_ index: Int) -> UnsafeMutableRawPointer? {
        guard let first = lists[index].first else { return nil }
        lists[index].first = first.load(as: UnsafeMutableRawPointer?.self)
        lists[index].count &-= 1
        return first
    }

    /// False: the thread keeps enough of them.
    @inline(__always)
    func giveBack(_ memory: UnsafeMutableRawPointer, _ index: Int) -> Bool {
        guard (lists[index].count + 1) * RawMemory.pooledSize(index) <= ThreadPieces.maximum else { return false }
        memory.storeBytes(of: lists[index].first, as: UnsafeMutableRawPointer?.self)
        lists[index].first = memory
        lists[index].count &+= 1
        return true
    }

    /// The thread ends.
    private static func free(_ memory: UnsafeMutableRawPointer) {
        let lists = memory.assumingMemoryBound(to: List.self)
        for index in 0..<RawMemory.pooledSizes {
            while let piece = ThreadPieces(lists: lists).take(index) { piece.deallocate() }
        }
        lists.deallocate()
    }
}
