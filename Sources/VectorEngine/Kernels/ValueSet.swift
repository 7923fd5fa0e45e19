import SQLTypes

/// The constants of an IN list, made once for looking up many values.
struct ValueSet: Sendable {
    private enum Lookup: Sendable {
        /// Integers within a span of at most `tableSpanMaximum`: one byte for each value from `lower` on.
        case table([UInt8], lower: Int64)
        /// Ascending.
        case sorted([Int64])
        case sortedWide([Int128])
        case doubles([Double])
        case strings(StringSet)
    }

    private static let tableSpanMaximum: Int64 = 65_536
    private let lookup: Lookup

    /// Nulls among the values are ignored.
    init(_ values: [SQLValue], type: SQLType) {
        let kind = type.storage
        switch kind {
        case .bytes: lookup = .strings(StringSet(values.compactMap(\.storedBytes), trims: type.isString))
        case .float32, .float64: lookup = .doubles(values.compactMap(\.storedDouble))
        case .int128: lookup = .sortedWide(values.compactMap { $0.storedInteger(as: kind) }.sorted())
        case .int8, .int16, .int32, .int64:
            let sorted = values.compactMap { $0.storedInteger(as: kind).flatMap { Int64(exactly: $0) } }.sorted()
            if let first = sorted.first, let last = sorted.last,
                case (let span, let overflow) = last.subtractingReportingOverflow(first), !overflow,
                span < ValueSet.tableSpanMaximum
            {
                var table = [UInt8](repeating: 0, count: Int(span) + 1)
                for value in sorted { table[Int(value - first)] = 1 }
                lookup = .table(table, lower: first)
            } else {
                lookup = .sorted(sorted)
            }
        }
    }

    /// Drops the rows whose value is not in the set (`isNegated`: is in it). Validity is not looked at.
    func keep(_ vector: Vector, isNegated: Bool, mask: inout RowMask) {
        let wanted: UInt8 = isNegated ? 0 : 1
        switch lookup {
        case .table(let table, let lower):
            let lanes = vector.int64Lanes()
            table.withUnsafeBufferPointer { table in
                keep(lanes, &mask) { value in
                    let place = UInt64(bitPattern: value &- lower)
                    return (place < UInt64(table.count) ? table[Int(place)] : 0) == wanted
                }
            }
        case .sorted(let sorted):
            keep(vector.int64Lanes(), &mask) { Self.contains(sorted, $0) != isNegated }
        case .sortedWide(let sorted):
            keep(vector.int128Lanes(), &mask) { Self.contains(sorted, $0) != isNegated }
        case .doubles(let doubles):
            keep(vector.doubleLanes(), &mask) { value in
                doubles.contains { $0 == value || ($0.isNaN && value.isNaN) } != isNegated
            }
        case .strings(let set):
            let lanes = vector.stringLanes()
            set.withRun { run in keep(lanes.lanes, &mask) { run.contains($0) != isNegated } }
            withExtendedLifetime(lanes) {}
        }
    }

    @inline(__always)
    private func keep<Value: BitwiseCopyable>(
        _ lanes: Lanes<Value>, _ mask: inout RowMask, test: (Value) -> Bool
    ) {
        mask.withMutableBytes { bytes in
            if let values = lanes.values {
                for row in 0..<bytes.count { bytes[row] &= test(values[row]) ? 1 : 0 }
            } else if !test(lanes.constant) {
                bytes.update(repeating: 0)
            }
        }
        withExtendedLifetime(lanes) {}
    }

    private static func contains<Value: Comparable>(_ sorted: [Value], _ value: Value) -> Bool {
        var lower = 0
        var upper = sorted.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if sorted[middle] < value { lower = middle + 1 } else { upper = middle }
        }
        return lower < sorted.count && sorted[lower] == value
    }
}

/// Strings, compared without trailing blanks if it `trims`, in an open-addressing table.
struct StringSet: Sendable {
    private let trims: Bool
    /// Bytes of all entries, one after the other; entry i is `starts[i] ..< starts[i + 1]`.
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    /// Of each entry, its length in the upper half and its first four bytes in the lower: all that there is of short ones.
    private var heads: [UInt64] = []
    /// Entry number + 1, 0 = free; a power of two, at most half full.
    private var slots: [Int32]

    init(_ strings: [[UInt8]], trims: Bool) {
        self.trims = trims
        var capacity = 4
        while capacity < strings.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: 0, count: capacity)
        for string in strings {
            let trimmed = trims ? string[..<UTF8Bytes.lengthWithoutTrailingBlanks(string.span)] : string[...]
            bytes.append(contentsOf: trimmed)
            starts.append(bytes.count)
            let (head, hash) = trimmed.withUnsafeBufferPointer { bytes in
                let view = StringView(bytes.baseAddress, count: bytes.count)
                let head = Run.head(of: view, count: bytes.count)
                return (head, Run.hash(view, count: bytes.count, head: head))
            }
            heads.append(head)
            var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int32(heads.count)
        }
    }

    /// Lends the set in the form in which many strings are looked up; valid within `body` only.
    @inline(__always)
    func withRun<R>(_ body: (Run) -> R) -> R {
        bytes.withUnsafeBufferPointer { bytes in
            starts.withUnsafeBufferPointer { starts in
                heads.withUnsafeBufferPointer { heads in
                    slots.withUnsafeBufferPointer { slots in
                        body(Run(trims: trims, bytes: bytes, starts: starts, heads: heads, slots: slots))
                    }
                }
            }
        }
    }

    /// The set's memory, without reference counts.
    struct Run {
        let trims: Bool
        let bytes: UnsafeBufferPointer<UInt8>
        let starts: UnsafeBufferPointer<Int>
        let heads: UnsafeBufferPointer<UInt64>
        let slots: UnsafeBufferPointer<Int32>

        /// Of the view's first `count` bytes.
        @inline(__always)
        static func head(of view: StringView, count: Int) -> UInt64 {
            let kept = count >= 4 ? UInt32.max : ~(UInt32.max >> UInt32(8 * count))
            return UInt64(truncatingIfNeeded: count) << 32 | UInt64(view.prefix & kept)
        }

        @inline(__always)
        static func hash(_ view: StringView, count: Int, head: UInt64) -> UInt64 {
            count <= 4
                ? KeyHash.hash(Int64(bitPattern: head))
                : KeyHash.hash(UnsafeBufferPointer(start: view.bytes.baseAddress, count: count))
        }

        @inline(__always)
        func contains(_ view: StringView) -> Bool {
            let count = trims ? view.trimmedCount : view.count
            let head = Run.head(of: view, count: count)
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: Run.hash(view, count: count, head: head)) & mask
            while true {
                let entry = Int(slots[slot])
                if entry == 0 { return false }
                if heads[entry - 1] == head, count <= 4 || hasBytes(of: view, entry) { return true }
                slot = (slot + 1) & mask
            }
        }

        private func hasBytes(of view: StringView, _ entry: Int) -> Bool {
            let own = UnsafeBufferPointer(rebasing: bytes[starts[entry - 1]..<starts[entry]])
            let text = view.bytes
            for index in own.indices where own[index] != text[index] { return false }
            return true
        }
    }
}
