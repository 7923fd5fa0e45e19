import VectorEngine

/// Memory for an object and its text as wholes, which one reader uses for one object after the other: it is large, and
/// fresh memory costs a fault a page. Counted by the node, which may refuse. Belongs to one task.
final class WholeObjectMemory {
    private let grant: any MemoryGrant
    private var granted = 0
    private var stored = GrowableBuffer<UInt8>(capacity: 0)
    private var text = GrowableBuffer<UInt8>(capacity: 0)
    /// Behind the text: a line end that its last line may lack, and what is read by whole words.
    private static let spareBytes = TextWindow.padding + 1

    init(_ grant: any MemoryGrant) { self.grant = grant }

    deinit { grant.release(bytes: granted) }

    /// Room for an object of so many bytes; nil if it is not granted. What was there before is gone.
    func reserveStored(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        if stored.capacity < count {
            guard extend(from: stored.capacity, to: count) else { return nil }
            stored = GrowableBuffer(capacity: count)
        }
        return UnsafeMutableRawBufferPointer(start: stored.pointer, count: count)
    }

    /// The same for its text; the spare bytes are not counted.
    func reserveText(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        let needed = count + WholeObjectMemory.spareBytes
        if text.capacity < needed {
            guard extend(from: text.capacity, to: needed) else { return nil }
            text = GrowableBuffer(capacity: needed)
        }
        return UnsafeMutableRawBufferPointer(start: text.pointer, count: count)
    }

    private func extend(from old: Int, to new: Int) -> Bool {
        guard grant.reserve(bytes: new - old) else { return false }
        granted += new - old
        return true
    }
}
