import Synchronization

/// Memory for buffers, columns and scratch space: 64-byte aligned. Small pieces are the allocator's; those from 128 KB on
/// are mapped, large ones in huge pages where the system has them, and some are kept when they are freed, because the next query will
/// ask for as much: a fresh page costs a fault and its clearing.
///
/// The size decides which is which: who frees a piece says how large it was asked for.
enum RawMemory {
    static let alignment = 64
    /// From here on pieces are mapped.
    private static let mappedFrom = 128 << 10
    private static let hugePage = 2 << 20

    private struct Kept {
        /// Bytes that wait for another use, at most.
        var maximum = 96 << 20
        /// Pieces by their mapped size.
        var pieces: [Int: [Address]] = [:]
        var byteCount = 0
    }
    private struct Address: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }
    private static let kept = Mutex(Kept())

    /// Uninitialised.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= mappedFrom else {
            return UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
        }
        return map(byteCount).pointer
    }

    static func allocateZeroed(byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= mappedFrom else {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return memory
        }
        let (memory, isFresh) = map(byteCount)
        if !isFresh { memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount) }
        return memory
    }

    /// - Parameter byteCount: as given when the memory was allocated.
    static func deallocate(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        guard byteCount >= mappedFrom else { return memory.deallocate() }
        let size = mappedSize(byteCount)
        if MemoryRefusals.takeBack(memory, byteCount: size) { return }
        let address = Address(pointer: memory)
        let isKept = kept.withLock { kept in
            guard kept.byteCount + size <= kept.maximum else { return false }
            kept.pieces[size, default: []].append(address)
            kept.byteCount += size
            return true
        }
        if !isKept { Platform.unmap(memory, byteCount: size) }
    }

    private static func map(_ byteCount: Int) -> (pointer: UnsafeMutableRawPointer, isFresh: Bool) {
        let size = mappedSize(byteCount)
        let known: Address? = kept.withLock { kept in
            guard let piece = kept.pieces[size]?.popLast() else { return nil }
            kept.byteCount -= size
            return piece
        }
        if let known { return (known.pointer, false) }
        if let fresh = Platform.map(byteCount: size, usesHugePages: size >= hugePage) { return (fresh, true) }
        unmapKept()
        if let fresh = Platform.map(byteCount: size, usesHugePages: false) { return (fresh, true) }
        return (MemoryRefusals.lend(byteCount: size), true)
    }

    /// For all of the process: a cluster that may use little does not keep much for later either.
    static func keep(atMost byteCount: Int) {
        kept.withLock { $0.maximum = byteCount }
        if kept.withLock({ $0.byteCount }) > byteCount { unmapKept() }
    }

    private static func unmapKept() {
        let pieces = kept.withLock { kept in
            defer {
                kept.pieces.removeAll()
                kept.byteCount = 0
            }
            return kept.pieces
        }
        for (size, addresses) in pieces {
            for address in addresses { Platform.unmap(address.pointer, byteCount: size) }
        }
    }

    /// Few sizes, so that kept pieces fit again: steps of a quarter of the next lower power of two, in whole pages.
    private static func mappedSize(_ byteCount: Int) -> Int {
        let power = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
        let step = power / 4
        return (byteCount + step - 1) / step * step
    }

    static func allocate<T: BitwiseCopyable>(of type: T.Type, capacity: Int) -> UnsafeMutablePointer<T> {
        allocate(byteCount: capacity * MemoryLayout<T>.stride).bindMemory(to: T.self, capacity: capacity)
    }

    static func deallocate<T: BitwiseCopyable>(_ memory: UnsafeMutablePointer<T>, capacity: Int) {
        deallocate(UnsafeMutableRawPointer(memory), byteCount: capacity * MemoryLayout<T>.stride)
    }
}
