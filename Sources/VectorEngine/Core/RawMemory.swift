import Synchronization

/// Memory for buffers, columns and scratch space: 64-byte aligned. Small pieces are the allocator's. Those of a batch's
/// columns (from 1 KB on) come in few sizes, and some of each are kept when they are freed, by the thread that frees them
/// (`ThreadPieces`) and beyond that for all: the next batch asks for the same. From 128 KB on pieces are mapped, large
/// ones in huge pages where the system has them, and some are kept, because the next query will ask for as much: a fresh
/// page costs a fault and its clearing.
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

        mutating func take(_ size: Int) -> Address? {
            guard let piece = pieces[size]?.popLast() else { return size < hugePage ? nil : cut(size) }
            byteCount -= size
            return piece
        }

        /// The front of the smallest piece that is larger; the rest of it goes on waiting. A mapping can be given back in
        /// parts, so that nobody has to know what was one piece once.
        private mutating func cut(_ size: Int) -> Address? {
            guard size % hugePage == 0,
                let larger = pieces.keys.filter({ $0 > size && $0 % hugePage == 0 && pieces[$0]?.isEmpty == false })
                    .min(),
                let piece = pieces[larger]?.popLast()
            else { return nil }
            pieces[larger - size, default: []].append(Address(pointer: piece.pointer + size))
            byteCount -= size
            return piece
        }
    }
    private struct Address: @unchecked Sendable { let pointer: UnsafeMutableRawPointer }
    private static let kept = Mutex(Kept())

    // MARK: Batches' columns

    private static let pooledFrom = 1 << 10
    /// Bytes of one size that wait for another use, at most.
    private static let pooledMaximum = 1 << 20

    /// Free pieces of one size that no thread keeps for itself.
    private final class Pool: Sendable {
        let size: Int
        private let free = Mutex<[Address]>([])

        init(size: Int) { self.size = size }

        func take() -> UnsafeMutableRawPointer {
            free.withLock { $0.popLast() }?.pointer
                ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: alignment)
        }

        func giveBack(_ memory: UnsafeMutableRawPointer) {
            let address = Address(pointer: memory)
            let isKept = free.withLock { free in
                guard (free.count + 1) * size <= pooledMaximum else { return false }
                free.append(address)
                return true
            }
            if !isKept { memory.deallocate() }
        }
    }

    /// How many sizes there are from `pooledFrom` to `mappedFrom`, four to each power of two.
    static let pooledSizes = 29

    static func pooledSize(_ index: Int) -> Int { (4 + index % 4) << (8 + index / 4) }

    private static let pools: [Pool] = (0..<pooledSizes).map { Pool(size: pooledSize($0)) }

    /// The first of the pooled sizes whose pieces have that many bytes.
    private static func pooledIndex(for byteCount: Int) -> Int {
        let power = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
        // Below, at or above 5/4, 6/4, 7/4 of that power of two.
        let quarter = (byteCount - 1) >> (power - 2) & 3
        return (power - 10) * 4 + quarter + 1
    }

    private static func takePooled(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let index = pooledIndex(for: byteCount)
        return ThreadPieces.ofThisThread?.take(index) ?? pools[index].take()
    }

    private static func giveBackPooled(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
        let index = pooledIndex(for: byteCount)
        if ThreadPieces.ofThisThread?.giveBack(memory, index) != true { pools[index].giveBack(memory) }
    }

    /// Uninitialised.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount >= mappedFrom { return map(byteCount).pointer }
        if byteCount > pooledFrom { return takePooled(byteCount) }
        return UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: alignment)
    }

    static func allocateZeroed(byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= mappedFrom else {
            let memory = allocate(byteCount: byteCount)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
            return memory
        }
        let (memory, isFresh) = map(byteCount)
        if !isFresh { memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount) }
        return memory
    }

    /// - Parameter byteCount: as given when the memory was allocated.
    static func deallocate(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        guard byteCount >= mappedFrom else {
            return byteCount > pooledFrom ? giveBackPooled(memory, byteCount) : memory.deallocate()
        }
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

    /// The same piece, or another with its first `used` bytes; what follows is uninitialised. A large mapped piece keeps
    /// its pages: nothing is copied or cleared again.
    /// - Parameter byteCount: as given when the memory was allocated.
    static func grow(
        _ memory: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int, used: Int
    ) -> UnsafeMutableRawPointer {
        if let moved = remap(memory, from: byteCount, to: newByteCount) { return moved }
        let larger = allocate(byteCount: newByteCount)
        larger.copyMemory(from: memory, byteCount: used)
        deallocate(memory, byteCount: byteCount)
        return larger
    }

    /// The same, and what follows the bytes that were there is zeros.
    static func growZeroed(
        _ memory: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int
    ) -> UnsafeMutableRawPointer {
        if let moved = remap(memory, from: byteCount, to: newByteCount) {
            // The pages that came are fresh.
            let end = Swift.min(mappedSize(byteCount), newByteCount)
            (moved + byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: Swift.max(0, end - byteCount))
            return moved
        }
        let larger = allocateZeroed(byteCount: newByteCount)
        larger.copyMemory(from: memory, byteCount: byteCount)
        deallocate(memory, byteCount: byteCount)
        return larger
    }

    /// nil, and nothing done, if a piece that waits for its next use fits, or if pages cannot be moved as they are.
    private static func remap(
        _ memory: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int
    ) -> UnsafeMutableRawPointer? {
        guard byteCount >= hugePage else { return nil }
        let (size, newSize) = (mappedSize(byteCount), mappedSize(newByteCount))
        if size == newSize { return memory }
        // Huge pages move whole only between multiples of their size.
        guard UInt(bitPattern: memory) % UInt(hugePage) == 0, size % hugePage == 0, newSize % hugePage == 0,
            !MemoryRefusals.isLent(memory), !kept.withLock({ $0.pieces[newSize]?.isEmpty == false })
        else { return nil }
        return Platform.remap(memory, byteCount: size, to: newSize)
    }

    private static func map(_ byteCount: Int) -> (pointer: UnsafeMutableRawPointer, isFresh: Bool) {
        let size = mappedSize(byteCount)
        if let known = kept.withLock({ $0.take(size) }) { return (known.pointer, false) }
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

    static func grow<T: BitwiseCopyable>(
        _ memory: UnsafeMutablePointer<T>, from capacity: Int, to newCapacity: Int, used: Int
    ) -> UnsafeMutablePointer<T> {
        let stride = MemoryLayout<T>.stride
        return grow(
            UnsafeMutableRawPointer(memory), from: capacity * stride, to: newCapacity * stride, used: used * stride
        ).bindMemory(to: T.self, capacity: newCapacity)
    }

    static func allocate<T: BitwiseCopyable>(of type: T.Type, capacity: Int) -> UnsafeMutablePointer<T> {
        allocate(byteCount: capacity * MemoryLayout<T>.stride).bindMemory(to: T.self, capacity: capacity)
    }

    static func deallocate<T: BitwiseCopyable>(_ memory: UnsafeMutablePointer<T>, capacity: Int) {
        deallocate(UnsafeMutableRawPointer(memory), byteCount: capacity * MemoryLayout<T>.stride)
    }
}
