/// Memory that an operator reuses from batch to batch; contents are lost when it grows. Belongs to one task.
final class Scratch<T: BitwiseCopyable> {
    private(set) var pointer: UnsafeMutablePointer<T>
    private(set) var capacity: Int

    /// - Parameter capacity: 0: no memory before the first `reserve`. Operators have dozens of these, of which a short query
    ///   uses a few.
    init(capacity: Int = Batch.targetRows) {
        self.capacity = capacity
        pointer = capacity == 0 ? RawMemory.none(of: T.self) : RawMemory.allocate(of: T.self, capacity: capacity)
    }

    deinit {
        if capacity > 0 { RawMemory.deallocate(pointer, capacity: capacity) }
    }

    /// Room for `count` values, uninitialised.
    @discardableResult
    func reserve(_ count: Int) -> UnsafeMutablePointer<T> {
        if count > capacity {
            if capacity > 0 { RawMemory.deallocate(pointer, capacity: capacity) }
            capacity = Swift.max(count, capacity * 2)
            pointer = RawMemory.allocate(of: T.self, capacity: capacity)
        }
        return pointer
    }

    var byteCount: Int { capacity * MemoryLayout<T>.stride }
}

/// An array of plain values that grows, kept by reference: state per group. Belongs to one task.
final class Column<T: BitwiseCopyable> {
    private(set) var pointer: UnsafeMutablePointer<T>
    private(set) var count = 0
    private var capacity: Int

    /// - Parameter capacity: 0: no memory before it grows, as with `Scratch`.
    init(capacity: Int = 16) {
        self.capacity = capacity
        pointer = capacity == 0 ? RawMemory.none(of: T.self) : RawMemory.allocate(of: T.self, capacity: capacity)
    }

    deinit {
        if capacity > 0 { RawMemory.deallocate(pointer, capacity: capacity) }
    }

    /// Makes it `newCount` long; new places hold `value`.
    func grow(to newCount: Int, filling value: T) {
        guard newCount > count else { return }
        reserve(newCount)
        (pointer + count).update(repeating: value, count: newCount - count)
        count = newCount
    }

    func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let grown = Swift.max(needed, capacity * 2)
        pointer =
            capacity == 0
            ? RawMemory.allocate(of: T.self, capacity: grown)
            : RawMemory.grow(pointer, from: capacity, to: grown, used: count)
        capacity = grown
    }

    /// Room for `more` values at the end, to be filled in at once by the caller.
    func extend(by more: Int) -> UnsafeMutablePointer<T> {
        reserve(count + more)
        defer { count += more }
        return pointer + count
    }

    func append(_ value: T) {
        if count == capacity { reserve(count + 1) }
        pointer[count] = value
        count += 1
    }

    /// Keeps its memory.
    func removeAll() { count = 0 }

    /// The values as they are now, in memory of their own.
    func buffer() -> Buffer {
        Buffer(count: count, of: T.self) { target in
            if let start = target.baseAddress { start.update(from: pointer, count: count) }
        }
    }

    var byteCount: Int { capacity * MemoryLayout<T>.stride }
}
