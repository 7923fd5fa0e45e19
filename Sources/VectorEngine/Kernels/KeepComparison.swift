import SQLTypes

/// Drops from `mask` the rows for which `left op right` is false. Validity is the caller's affair.
///
/// Three operators are enough: the others are these with the sides exchanged.
@inline(__always)
func keepRows<Value: BitwiseCopyable>(
    _ op: ExpressionNode.Comparison, _ left: Lanes<Value>, _ right: Lanes<Value>, mask: inout RowMask,
    isEqual: (Value, Value) -> Bool, isLess: (Value, Value) -> Bool
) {
    switch op {
    case .equal: keepRows(left, right, mask: &mask) { isEqual($0, $1) }
    case .notEqual: keepRows(left, right, mask: &mask) { !isEqual($0, $1) }
    case .less: keepRows(left, right, mask: &mask) { isLess($0, $1) }
    case .greaterOrEqual: keepRows(left, right, mask: &mask) { !isLess($0, $1) }
    case .greater: keepRows(right, left, mask: &mask) { isLess($0, $1) }
    case .lessOrEqual: keepRows(right, left, mask: &mask) { !isLess($0, $1) }
    }
}

@inline(__always)
private func keepRows<Value: BitwiseCopyable>(
    _ left: Lanes<Value>, _ right: Lanes<Value>, mask: inout RowMask, test: (Value, Value) -> Bool
) {
    mask.withMutableBytes { bytes in
        guard let mask = bytes.baseAddress else { return }
        switch (left.values, right.values) {
        case (let a?, let b?):
            for row in 0..<bytes.count { mask[row] &= test(a[row], b[row]) ? 1 : 0 }
        case (let a?, nil):
            let b = right.constant
            for row in 0..<bytes.count { mask[row] &= test(a[row], b) ? 1 : 0 }
        case (nil, let b?):
            let a = left.constant
            for row in 0..<bytes.count { mask[row] &= test(a, b[row]) ? 1 : 0 }
        case (nil, nil):
            if !test(left.constant, right.constant) { bytes.update(repeating: 0) }
        }
    }
    withExtendedLifetime((left, right)) {}
}

enum CompareKernels {
    static func keep(
        _ op: ExpressionNode.Comparison, _ left: Lanes<Int32>, _ right: Lanes<Int32>, mask: inout RowMask
    ) {
        keepRows(op, left, right, mask: &mask, isEqual: { $0 == $1 }, isLess: { $0 < $1 })
    }

    static func keep(
        _ op: ExpressionNode.Comparison, _ left: Lanes<Int64>, _ right: Lanes<Int64>, mask: inout RowMask
    ) {
        keepRows(op, left, right, mask: &mask, isEqual: { $0 == $1 }, isLess: { $0 < $1 })
    }

    static func keep(
        _ op: ExpressionNode.Comparison, _ left: Lanes<Int128>, _ right: Lanes<Int128>, mask: inout RowMask
    ) {
        keepRows(op, left, right, mask: &mask, isEqual: { $0 == $1 }, isLess: { $0 < $1 })
    }

    /// NaN equals itself and is above all numbers.
    static func keep(
        _ op: ExpressionNode.Comparison, _ left: Lanes<Double>, _ right: Lanes<Double>, mask: inout RowMask
    ) {
        keepRows(
            op, left, right, mask: &mask, isEqual: { $0 == $1 || ($0.isNaN && $1.isNaN) },
            isLess: { $0 < $1 || ($1.isNaN && !$0.isNaN) })
    }

    /// Bytes without trailing blanks (`trims`), or all of them for VARBYTE.
    static func keep(
        _ op: ExpressionNode.Comparison, _ left: StringLanes, _ right: StringLanes, trims: Bool, mask: inout RowMask
    ) {
        keepRows(
            op, left.lanes, right.lanes, mask: &mask,
            isEqual: { StringCompare.isEqual($0, $1, trims: trims) },
            isLess: { StringCompare.order($0, $1, trims: trims) < 0 })
        withExtendedLifetime((left, right)) {}
    }
}

enum StringCompare {
    @inline(__always)
    static func isEqual(_ left: StringView, _ right: StringView, trims: Bool) -> Bool {
        let leftCount = trims ? left.trimmedCount : left.count
        let rightCount = trims ? right.trimmedCount : right.count
        return leftCount == rightCount && compareBytes(left.bytes, right.bytes, leftCount) == 0
    }

    /// Negative, 0 or positive.
    @inline(__always)
    static func order(_ left: StringView, _ right: StringView, trims: Bool) -> Int {
        let leftCount = trims ? left.trimmedCount : left.count
        let rightCount = trims ? right.trimmedCount : right.count
        let order = compareBytes(left.bytes, right.bytes, min(leftCount, rightCount))
        return order != 0 ? order : leftCount - rightCount
    }

    @inline(__always)
    private static func compareBytes(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, _ count: Int
    ) -> Int {
        guard count > 0, let a = left.baseAddress, let b = right.baseAddress else { return 0 }
        return Platform.compareBytes(a, b, count)
    }
}

extension CompareKernels {
    /// Drops the rows for which `left op right` is false, both of `type`. Validity is not looked at; neither is the
    /// constant NULL.
    static func keep(
        _ op: ExpressionNode.Comparison, _ left: Operand, _ right: Operand, type: SQLType, mask: inout RowMask
    ) {
        if left.vector.kind == .bytes {
            return keep(
                op, left.vector.stringLanes(), right.vector.stringLanes(), trims: type.isString, mask: &mask)
        }
        if left.vector.kind == .float64 || left.vector.kind == .float32 {
            return keep(op, left.vector.doubleLanes(), right.vector.doubleLanes(), mask: &mask)
        }
        if left.vector.kind == .int128 || right.vector.kind == .int128 {
            return keep(op, left.vector.int128Lanes(), right.vector.int128Lanes(), mask: &mask)
        }
        if let bounds = right.bounds, bounds.lower == bounds.upper {
            return keepRange(op, left.vector, bounds.lower, &mask)
        }
        if let bounds = left.bounds, bounds.lower == bounds.upper {
            return keepRange(op.mirrored, right.vector, bounds.lower, &mask)
        }
        if left.bounds?.fitsInt32 == true, right.bounds?.fitsInt32 == true {
            return keep(op, left.vector.int32Lanes(), right.vector.int32Lanes(), mask: &mask)
        }
        keep(op, left.vector.int64Lanes(), right.vector.int64Lanes(), mask: &mask)
    }

    /// A comparison with a constant that was not known when the program was compiled.
    private static func keepRange(
        _ op: ExpressionNode.Comparison, _ vector: Vector, _ value: Int64, _ mask: inout RowMask
    ) {
        var range = IntegerRange.all
        switch op {
        case .equal, .notEqual: range = IntegerRange(lower: value, upper: value)
        case .less: range = value == .min ? .none : IntegerRange(lower: .min, upper: value - 1)
        case .lessOrEqual: range.upper = value
        case .greater: range = value == .max ? .none : IntegerRange(lower: value + 1, upper: .max)
        case .greaterOrEqual: range.lower = value
        }
        vector.keepRows(in: range, isNegated: op == .notEqual, mask: &mask)
    }
}
