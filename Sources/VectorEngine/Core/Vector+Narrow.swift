package import SQLTypes

extension Vector {
    /// Values of an integer kind as codes of as few bytes as hold them, which is what a parser hands on: all that comes
    /// after it then moves fewer bytes. nil: they need their full width, or the kind has no codes.
    ///
    /// Values that are not negative have base 0, so that the codes of several batches need no rebasing when they are
    /// joined; others have the smallest as their base. Fillers of null rows count as values.
    /// - Parameter values: `count` values of the kind's natural width, aligned.
    /// - Complexity: O(count): one pass that finds the width, one that writes.
    package static func narrowForm(of values: UnsafeRawPointer, count: Int, kind: StorageKind) -> Form? {
        guard count > 0 else { return nil }
        return switch kind {
        case .int16: narrowed(values.assumingMemoryBound(to: Int16.self), count)
        case .int32: narrowed(values.assumingMemoryBound(to: Int32.self), count)
        case .int64: narrowed(values.assumingMemoryBound(to: Int64.self), count)
        case .int8, .int128, .float32, .float64, .bytes: nil
        }
    }

    private static func narrowed<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Value>, _ count: Int
    ) -> Form? {
        // One negative value sets the highest bit.
        var bits: Value = 0
        for row in 0..<count { bits |= values[row] }
        if bits >= 0, let form = codes(values, count, base: 0, range: UInt64(truncatingIfNeeded: bits)) { return form }
        var low = values[0]
        var high = values[0]
        for row in 0..<count {
            low = Swift.min(low, values[row])
            high = Swift.max(high, values[row])
        }
        let (range, overflow) = Int64(high).subtractingReportingOverflow(Int64(low))
        return overflow ? nil : codes(values, count, base: low, range: UInt64(truncatingIfNeeded: range))
    }

    private static func codes<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Value>, _ count: Int, base: Value, range: UInt64
    ) -> Form? {
        let width = MemoryLayout<Value>.size
        let wideBase = Int64(base)
        if range <= UInt64(UInt8.max), width > 1 {
            return .coded(.u8(cut(values, count, base, to: UInt8.self)), base: wideBase)
        }
        if range <= UInt64(UInt16.max), width > 2 {
            return .coded(.u16(cut(values, count, base, to: UInt16.self)), base: wideBase)
        }
        if range <= UInt64(UInt32.max), width > 4 {
            return .coded(.u32(cut(values, count, base, to: UInt32.self)), base: wideBase)
        }
        return nil
    }

    private static func cut<Value: FixedWidthInteger, Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ values: UnsafePointer<Value>, _ count: Int, _ base: Value, to type: Code.Type
    ) -> Buffer {
        Buffer.filled(count: count, of: Code.self) { target in
            for row in 0..<count { target[row] = Code(truncatingIfNeeded: values[row] &- base) }
        }
    }
}
