/// The arithmetic operators of SQL whose result type depends on both operands.
public enum ArithmeticOperator: UInt8, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, modulo
}

/// Precision and scale of what is computed from two decimals.
/// - Source: Redshift developer guide, "Computations with numeric values" and "UNION, INTERSECT, and EXCEPT".
package enum DecimalRules {
    package typealias Shape = (precision: Int, scale: Int)

    /// - A precision past 38 becomes 38. A quotient then gives up fraction digits, but keeps four; sums and products
    ///   keep their scale and overflow instead.
    /// - A product whose scale passes 37, the largest that a column can have, is brought to 37.
    /// - The remainder's rule is not documented: it is below the divisor and not above the dividend.
    package static func result(of operation: ArithmeticOperator, _ left: Shape, _ right: Shape) -> Shape {
        switch operation {
        case .add, .subtract:
            let scale = max(left.scale, right.scale)
            let whole = max(left.precision - left.scale, right.precision - right.scale)
            return capped((whole + 1 + scale, scale))
        case .multiply:
            return capped((left.precision + right.precision + 1, left.scale + right.scale))
        case .divide:
            let scale = max(4, left.scale + right.precision - right.scale + 1)
            let precision = left.precision - left.scale + right.scale + scale
            guard precision > 38 else { return (precision, min(scale, 37)) }
            return (38, min(37, max(38 + scale - precision, 4)))
        case .modulo:
            let scale = max(left.scale, right.scale)
            let whole = min(left.precision - left.scale, right.precision - right.scale)
            return capped((max(1, whole + scale), scale))
        }
    }

    /// The column of a set operation, and the value of CASE, COALESCE, NVL, DECODE, GREATEST, LEAST: as many digits on
    /// each side of the point as the wider operand. Two 64-bit operands (precision ≤ 19) stay within (19, 18),
    /// otherwise the bound is (38, 37); a value that the capped type cannot hold is an overflow when it is met.
    package static func union(_ left: Shape, _ right: Shape) -> Shape {
        let is64Bit = left.precision <= 19 && right.precision <= 19
        let cap: Shape = is64Bit ? (19, 18) : (38, 37)
        let scale = max(left.scale, right.scale)
        let whole = max(left.precision - left.scale, right.precision - right.scale)
        if left == right { return left }
        return (min(whole + scale, cap.precision), min(scale, cap.scale))
    }

    /// Both sides of a comparison: as `union`, but up to 38 digits, because a comparison that can be answered is no
    /// overflow.
    package static func comparison(_ left: Shape, _ right: Shape) -> Shape {
        let scale = max(left.scale, right.scale)
        let whole = max(left.precision - left.scale, right.precision - right.scale)
        // 19 digits are kept in 64 bits, which hold no more than 9.2 · 10^18: a value brought to more digits may not fit.
        let isTight = whole + scale == 19 && left.scale != right.scale
        return capped((whole + scale + (isTight ? 1 : 0), scale))
    }

    private static func capped(_ shape: Shape) -> Shape {
        (min(shape.precision, 38), min(shape.scale, 37))
    }
}

extension SQLType {
    init(_ shape: DecimalRules.Shape) { self = .decimal(precision: shape.precision, scale: shape.scale) }

    /// The type of `left operation right` for two numbers: the wider integer for integers, FLOAT8 as soon as a float
    /// takes part (FLOAT4 for two of them), DECIMAL otherwise. nil if one is not a number.
    /// - Source: Redshift developer guide, "Return types for computations".
    package static func arithmetic(_ operation: ArithmeticOperator, _ left: SQLType, _ right: SQLType) -> SQLType? {
        guard left.isNumeric, right.isNumeric else { return nil }
        if left.isFloat || right.isFloat { return left == .real && right == .real ? .real : .double }
        if left.isInteger, right.isInteger { return wider(left, right) }
        guard let a = left.asDecimal, let b = right.asDecimal else { return nil }
        return SQLType(DecimalRules.result(of: operation, a, b))
    }

    /// Of two integer types.
    static func wider(_ left: SQLType, _ right: SQLType) -> SQLType {
        if left == .bigint || right == .bigint { return .bigint }
        return left == .integer || right == .integer ? .integer : .smallint
    }
}
