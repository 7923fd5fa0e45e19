import SQLTypes

/// A vector's values as kernels read them: contiguous, at one natural width, or one value for all rows. Null rows have
/// a filler.
struct Lanes<Value: BitwiseCopyable> {
    /// nil: `constant` holds for all rows.
    let values: UnsafePointer<Value>?
    let constant: Value
    /// What `values` points into.
    let owner: Buffer?

    init(constant: Value) {
        values = nil
        self.constant = constant
        owner = nil
    }

    init(_ buffer: Buffer, offset: Int, filler: Value) {
        values = buffer.pointer(as: Value.self) + offset
        constant = filler
        owner = buffer
    }

    @inline(__always)
    subscript(row: Int) -> Value { values.map { $0[row] } ?? constant }
}

extension Vector {
    func int64Lanes() -> Lanes<Int64> {
        if case .constant(let value) = form {
            return Lanes(constant: Int64(truncatingIfNeeded: value.storedInteger(as: kind) ?? 0))
        }
        if kind == .int64, case .flat(let buffer) = form { return Lanes(buffer, offset: offset, filler: 0) }
        return Lanes(copied(as: Int64.self), offset: 0, filler: 0)
    }

    /// Only for values that are known to fit.
    func int32Lanes() -> Lanes<Int32> {
        if case .constant(let value) = form {
            return Lanes(constant: Int32(truncatingIfNeeded: value.storedInteger(as: kind) ?? 0))
        }
        if kind == .int32, case .flat(let buffer) = form { return Lanes(buffer, offset: offset, filler: 0) }
        return Lanes(copied(as: Int32.self), offset: 0, filler: 0)
    }

    func int128Lanes() -> Lanes<Int128> {
        if case .constant(let value) = form { return Lanes(constant: value.storedInteger(as: kind) ?? 0) }
        if kind == .int128, case .flat(let buffer) = form { return Lanes(buffer, offset: offset, filler: 0) }
        return Lanes(copied(as: Int128.self), offset: 0, filler: 0)
    }

    /// - Parameter scale: of integers that are decimals.
    func doubleLanes(scale: Int = 0) -> Lanes<Double> {
        if case .constant(let value) = form {
            if let double = value.storedDouble { return Lanes(constant: double) }
            let unscaled = value.storedInteger(as: kind) ?? 0
            return Lanes(constant: Decimal(unscaled: unscaled, scale: scale).doubleValue)
        }
        if kind == .float64, case .flat(let buffer) = form { return Lanes(buffer, offset: offset, filler: 0) }
        let doubles = Buffer(count: count, of: Double.self) { target in
            guard let start = target.baseAddress else { return }
            guard kind.isInteger else { return copyDoubles(to: start) }
            let integers = int128Lanes()
            withExtendedLifetime(integers) {
                for row in 0..<count { start[row] = Decimal(unscaled: integers[row], scale: scale).doubleValue }
            }
        }
        return Lanes(doubles, offset: 0, filler: 0)
    }

    /// Strings: views, and what keeps their bytes.
    func stringLanes() -> StringLanes {
        if case .views(let buffer, let owners) = form {
            return StringLanes(lanes: Lanes(buffer, offset: offset, filler: StringView(nil, count: 0)), owners: owners)
        }
        if case .constant(let value) = form {
            let bytes = Buffer(value.storedBytes ?? [])
            let view = StringView(bytes.pointer(as: UInt8.self), count: bytes.byteCount)
            return StringLanes(lanes: Lanes(constant: view), owners: [bytes])
        }
        var owners: [Buffer] = []
        let views = Buffer(count: count, of: StringView.self) { target in
            if let target = target.baseAddress { owners = copyViews(to: target) }
        }
        return StringLanes(lanes: Lanes(views, offset: 0, filler: StringView(nil, count: 0)), owners: owners)
    }

    private func copied<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(as type: T.Type) -> Buffer {
        Buffer(count: count, of: T.self) { target in
            if let target = target.baseAddress { copyIntegers(to: target) }
        }
    }
}

struct StringLanes {
    let lanes: Lanes<StringView>
    let owners: [Buffer]

    @inline(__always)
    subscript(row: Int) -> StringView { lanes[row] }
}
