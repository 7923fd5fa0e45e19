import SQLTypes

/// Keeps in `mask` the rows whose code lies in `lower ... lower + width`, and drops the others (or the other way
/// round).
///
///     codes   7  3  9  1      mask.count codes
///     mask    1  1  0  1      in: 1 = row still wanted, 0 = not; out: the same, and within the range
///
/// One unsigned comparison tests both ends, because `code &- lower` wraps round below the range. There is no branch, so
/// the time does not depend on how many rows qualify, and the loop vectorises.
/// - Source: Boncz, Zukowski, Nes, "MonetDB/X100: Hyper-Pipelining Query Execution", CIDR 2005.
@inline(__always)
private func keepRows<Code: FixedWidthInteger & UnsignedInteger>(
    of codes: UnsafePointer<Code>, from lower: Code, width: Code, isNegated: Bool,
    in mask: UnsafeMutableBufferPointer<UInt8>
) {
    guard let bytes = mask.baseAddress else { return }
    let count = mask.count
    if isNegated {
        for row in 0..<count { bytes[row] &= (codes[row] &- lower) > width ? 1 : 0 }
    } else {
        for row in 0..<count { bytes[row] &= (codes[row] &- lower) <= width ? 1 : 0 }
    }
}

/// Integers from `lower` to `upper`, both included; empty if `lower > upper`.
struct IntegerRange: Hashable, Sendable {
    var lower: Int64
    var upper: Int64

    static let all = IntegerRange(lower: .min, upper: .max)
    static let none = IntegerRange(lower: 1, upper: 0)

    func intersection(_ other: IntegerRange) -> IntegerRange {
        IntegerRange(lower: max(lower, other.lower), upper: min(upper, other.upper))
    }

    func contains(_ value: Int64) -> Bool { value >= lower && value <= upper }
}

extension Vector {
    /// Drops the rows whose integer is not in the range (`isNegated`: is in it). Validity is not looked at. The bounds
    /// are translated into the code domain once; not for `int128`.
    func keepRows(in range: IntegerRange, isNegated: Bool, mask: inout RowMask) {
        assert(kind.isInteger && kind != .int128 && mask.count == count, "a range of \(kind)")
        if range.lower > range.upper {
            if !isNegated { mask.dropAll() }
            return
        }
        switch form {
        case .constant(let value):
            let integer = Int64(truncatingIfNeeded: value.storedInteger(as: kind) ?? 0)
            if range.contains(integer) == isNegated { mask.dropAll() }
        case .coded(.u8(let buffer), let base): keep(UInt8.self, buffer, base, range, isNegated, &mask)
        case .coded(.u16(let buffer), let base): keep(UInt16.self, buffer, base, range, isNegated, &mask)
        case .coded(.u32(let buffer), let base): keep(UInt32.self, buffer, base, range, isNegated, &mask)
        case .flat(let buffer):
            switch kind {
            case .int8: keepFlat(Int8.self, UInt8.self, buffer, range, isNegated, &mask)
            case .int16: keepFlat(Int16.self, UInt16.self, buffer, range, isNegated, &mask)
            case .int32: keepFlat(Int32.self, UInt32.self, buffer, range, isNegated, &mask)
            default: keepFlat(Int64.self, UInt64.self, buffer, range, isNegated, &mask)
            }
        case .dictionary, .views: preconditionFailure("a range of strings")
        }
    }

    private func keep<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ code: Code.Type, _ buffer: Buffer, _ base: Int64, _ range: IntegerRange, _ isNegated: Bool,
        _ mask: inout RowMask
    ) {
        // In 128 bits no difference of two Int64 overflows.
        let lower = max(Int128(range.lower) - Int128(base), 0)
        let upper = min(Int128(range.upper) - Int128(base), Int128(Code.max))
        guard lower <= upper else {
            if !isNegated { mask.dropAll() }
            return
        }
        let codes = buffer.pointer(as: Code.self) + offset
        mask.withMutableBytes {
            VectorEngine.keepRows(
                of: codes, from: Code(truncatingIfNeeded: lower), width: Code(truncatingIfNeeded: upper - lower),
                isNegated: isNegated, in: $0)
        }
    }

    private func keepFlat<
        Value: FixedWidthInteger & SignedInteger, Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
    >(
        _ value: Value.Type, _ code: Code.Type, _ buffer: Buffer, _ range: IntegerRange, _ isNegated: Bool,
        _ mask: inout RowMask
    ) {
        let lower = max(range.lower, Int64(Value.min))
        let upper = min(range.upper, Int64(Value.max))
        guard lower <= upper else {
            if !isNegated { mask.dropAll() }
            return
        }
        let codes = buffer.pointer(as: Code.self) + offset
        mask.withMutableBytes {
            VectorEngine.keepRows(
                of: codes, from: Code(truncatingIfNeeded: lower), width: Code(truncatingIfNeeded: upper &- lower),
                isNegated: isNegated, in: $0)
        }
    }

    /// Drops the rows that are null.
    func keepValid(mask: inout RowMask) {
        guard mayHaveNulls else { return }
        mask.withMutableBytes { bytes in
            if let start = bytes.baseAddress { maskValidity(in: start) }
        }
    }

    /// Drops the rows that are not null.
    func keepNulls(mask: inout RowMask) {
        guard mayHaveNulls else { return mask.dropAll() }
        guard let valid = validityPointer else { return }
        mask.withMutableBytes { bytes in
            for row in 0..<bytes.count { bytes[row] &= valid[row] ^ 1 }
        }
    }
}
