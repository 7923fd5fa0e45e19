/// A block of raw memory that vectors share: codes, values, validity bytes, string views, string bytes.
///
/// Memory is 64-byte aligned and followed by 64 zero bytes, so that a kernel may load whole words past the last value.
///
/// `@unchecked Sendable`: bytes are written only between creation and the return of the initialising closure (or of
/// `GrowableBuffer.seal()`), before the reference is shared; after that nobody has a mutable pointer, so that reading from
/// any thread is safe. Pointers handed out by `pointer(as:)` are valid while the buffer lives: who keeps one keeps the
/// buffer, too.
package final class Buffer: @unchecked Sendable {
    /// Bytes in use, padding not counted.
    package let byteCount: Int
    @usableFromInline let base: UnsafeRawPointer
    /// What else must live as long (a mapped file); nil if the memory is the buffer's own.
    private let owner: AnyObject?
    /// What `RawMemory` is told when it gets the memory back.
    private let allocatedBytes: Int

    static let alignment = RawMemory.alignment
    static let padding = 64

    /// Zeroed memory of `count` values, filled in by `initialize`.
    package init<T: BitwiseCopyable, E: Error>(
        count: Int, of type: T.Type, initialize: (UnsafeMutableBufferPointer<T>) throws(E) -> Void
    ) throws(E) {
        precondition(count >= 0, "a buffer of \(count) values")
        let memory = Buffer.allocate(byteCount: count * MemoryLayout<T>.stride)
        byteCount = count * MemoryLayout<T>.stride
        allocatedBytes = byteCount + Buffer.padding
        base = UnsafeRawPointer(memory)
        owner = nil
        try initialize(UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: T.self), count: count))
    }

    /// Memory of `count` values that `fill` sets, every one of them: not zeroed before, but for the padding.
    @inline(__always)
    static func filled<T: BitwiseCopyable>(
        count: Int, of type: T.Type, _ fill: (UnsafeMutablePointer<T>) -> Void
    ) -> Buffer {
        precondition(count >= 0, "a buffer of \(count) values")
        let byteCount = count * MemoryLayout<T>.stride
        let memory = RawMemory.allocate(byteCount: byteCount + padding)
        (memory + byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
        fill(memory.assumingMemoryBound(to: T.self))
        return Buffer(adopting: memory, byteCount: byteCount, capacity: byteCount)
    }

    /// Takes over memory that `allocate` made for `capacity` bytes.
    init(adopting memory: UnsafeMutableRawPointer, byteCount: Int, capacity: Int) {
        base = UnsafeRawPointer(memory)
        self.byteCount = byteCount
        allocatedBytes = capacity + Buffer.padding
        owner = nil
    }

    /// Looks at memory that `owner` keeps alive and unchanged (a mapped file). No padding is promised.
    package init(borrowing bytes: UnsafeRawBufferPointer, from owner: AnyObject) {
        base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: Buffer.alignment).unsafelyUnwrapped
        byteCount = bytes.count
        allocatedBytes = 0
        self.owner = owner
    }

    deinit {
        if owner == nil {
            RawMemory.deallocate(UnsafeMutableRawPointer(mutating: base), byteCount: allocatedBytes)
        }
    }

    /// Zeroed memory for that many bytes and the padding.
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        RawMemory.allocateZeroed(byteCount: byteCount + padding)
    }

    package convenience init<T: BitwiseCopyable>(_ values: [T]) {
        self.init(count: values.count, of: T.self) { target in
            _ = target.update(fromContentsOf: values)
        }
    }

    /// How many values of that type fit.
    @inlinable
    package func count<T: BitwiseCopyable>(of type: T.Type) -> Int { byteCount / MemoryLayout<T>.stride }

    /// Valid while the buffer lives.
    @inlinable
    package func pointer<T: BitwiseCopyable>(as type: T.Type) -> UnsafePointer<T> {
        assert(UInt(bitPattern: base) % UInt(MemoryLayout<T>.alignment) == 0, "misaligned for \(T.self)")
        return base.assumingMemoryBound(to: T.self)
    }

    @inlinable
    package func values<T: BitwiseCopyable>(as type: T.Type) -> UnsafeBufferPointer<T> {
        UnsafeBufferPointer(start: pointer(as: type), count: count(of: type))
    }

    @inlinable
    package func withSpan<T: BitwiseCopyable, R, E: Error>(
        of type: T.Type, _ body: (Span<T>) throws(E) -> R
    ) throws(E) -> R {
        try body(Span(_unsafeElements: values(as: type)))
    }
}

/// A buffer in the making, grown by appending; sealed, it becomes a `Buffer`. Belongs to one task at a time.
package struct GrowableBuffer<T: BitwiseCopyable>: ~Copyable {
    @usableFromInline var memory: UnsafeMutableRawPointer
    @usableFromInline package private(set) var capacity: Int
    @usableFromInline package var count: Int

    package init(capacity: Int = 0) {
        self.capacity = Swift.max(capacity, 8)
        memory = RawMemory.allocate(byteCount: self.capacity * MemoryLayout<T>.stride + Buffer.padding)
        count = 0
    }

    deinit { RawMemory.deallocate(memory, byteCount: capacity * MemoryLayout<T>.stride + Buffer.padding) }

    @inlinable
    package var pointer: UnsafeMutablePointer<T> { memory.assumingMemoryBound(to: T.self) }

    @inlinable
    package subscript(index: Int) -> T {
        get {
            assert(index >= 0 && index < count, "\(index) of \(count)")
            return pointer[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count, "\(index) of \(count)")
            pointer[index] = newValue
        }
    }

    @inlinable
    package mutating func append(_ value: T) {
        if count == capacity { reserve(count + 1) }
        pointer[count] = value
        count += 1
    }

    @inlinable
    package mutating func append(contentsOf values: UnsafeBufferPointer<T>) {
        guard let source = values.baseAddress, !values.isEmpty else { return }
        if count + values.count > capacity { reserve(count + values.count) }
        (pointer + count).update(from: source, count: values.count)
        count += values.count
    }

    /// Makes room for `needed` values in all; grows at least by half.
    package mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        let grown = Swift.max(needed, capacity + capacity / 2)
        let stride = MemoryLayout<T>.stride
        memory = RawMemory.grow(
            memory, from: capacity * stride + Buffer.padding, to: grown * stride + Buffer.padding, used: count * stride)
        capacity = grown
    }

    /// Hands the memory to an immutable buffer.
    package consuming func seal() -> Buffer {
        let used = count * MemoryLayout<T>.stride
        (memory + used).initializeMemory(as: UInt8.self, repeating: 0, count: Buffer.padding)
        let buffer = Buffer(adopting: memory, byteCount: used, capacity: capacity * MemoryLayout<T>.stride)
        discard self
        return buffer
    }
}
