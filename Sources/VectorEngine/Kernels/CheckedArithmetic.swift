import SQLTypes

/// Arithmetic whose operands' bounds do not prove it safe. The loops compute all rows and OR one flag; which row it
/// was, and whether that row counts, is looked up afterwards.
enum CheckedArithmetic {
    struct Result {
        let values: Buffer
        /// Some row (perhaps a null one) left the limits.
        let hasOverflow: Bool
    }

    /// Sum, difference or product, flagged if it leaves `limits`.
    static func apply(
        _ operation: ExpressionNode.Arithmetic, _ left: Lanes<Int64>, _ right: Lanes<Int64>, count: Int,
        limits: IntegerBounds
    ) -> Result {
        switch operation {
        case .add: loop(left, right, count, limits) { $0.addingReportingOverflow($1) }
        case .subtract: loop(left, right, count, limits) { $0.subtractingReportingOverflow($1) }
        default: loop(left, right, count, limits) { $0.multipliedReportingOverflow(by: $1) }
        }
    }

    @inline(__always)
    private static func loop(
        _ left: Lanes<Int64>, _ right: Lanes<Int64>, _ count: Int, _ limits: IntegerBounds,
        _ combine: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> Result {
        var flag = false
        let lower = limits.lower
        let upper = limits.upper
        let values = Buffer(count: count, of: Int64.self) { buffer in
            guard let target = buffer.baseAddress else { return }
            switch (left.values, right.values) {
            case (let a?, let b?):
                for row in 0..<count {
                    let (value, overflow) = combine(a[row], b[row])
                    flag = flag || overflow || value < lower || value > upper
                    target[row] = value
                }
            case (let a?, nil):
                let b = right.constant
                for row in 0..<count {
                    let (value, overflow) = combine(a[row], b)
                    flag = flag || overflow || value < lower || value > upper
                    target[row] = value
                }
            default:
                let a = left.constant
                for row in 0..<count {
                    let (value, overflow) = combine(a, right[row])
                    flag = flag || overflow || value < lower || value > upper
                    target[row] = value
                }
            }
        }
        withExtendedLifetime((left, right)) {}
        return Result(values: values, hasOverflow: flag)
    }

    /// The same in 128 bits; `limit` bounds the magnitude.
    static func applyWide(
        _ operation: ExpressionNode.Arithmetic, _ left: Lanes<Int128>, _ right: Lanes<Int128>, count: Int, limit: Int128
    ) -> Result {
        var flag = false
        let values = Buffer(count: count, of: Int128.self) { target in
            for row in 0..<count {
                let pair =
                    switch operation {
                    case .add: left[row].addingReportingOverflow(right[row])
                    case .subtract: left[row].subtractingReportingOverflow(right[row])
                    default: left[row].multipliedReportingOverflow(by: right[row])
                    }
                flag = flag || pair.overflow || pair.partialValue > limit || pair.partialValue < -limit
                target[row] = pair.partialValue
            }
        }
        withExtendedLifetime((left, right)) {}
        return Result(values: values, hasOverflow: flag)
    }

    /// Quotient (truncated) or remainder (the dividend's sign). A row whose divisor is 0 gets 0 and sets the flag, as
    /// does −2⁶³ / −1.
    static func divide(
        _ operation: ExpressionNode.Arithmetic, _ left: Lanes<Int64>, _ right: Lanes<Int64>, count: Int
    ) -> Result {
        var flag = false
        let values = Buffer(count: count, of: Int64.self) { target in
            if operation == .divide {
                for row in 0..<count {
                    let (value, overflow) = left[row].dividedReportingOverflow(by: right[row])
                    flag = flag || overflow
                    target[row] = overflow ? 0 : value
                }
            } else {
                for row in 0..<count {
                    let divisor = right[row]
                    flag = flag || divisor == 0
                    // −2⁶³ % −1 is 0; the instruction traps on it.
                    target[row] = divisor == 0 || divisor == -1 ? 0 : left[row] % divisor
                }
            }
        }
        withExtendedLifetime((left, right)) {}
        return Result(values: values, hasOverflow: flag)
    }
}

/// FLOAT8 arithmetic. Overflow and division by zero are left to the caller's look at the flags.
enum FloatArithmetic {
    struct Result {
        let values: Buffer
        /// Some value is infinite or NaN, or some divisor 0.
        let isSuspect: Bool
    }

    static func apply(
        _ operation: ExpressionNode.Arithmetic, _ left: Lanes<Double>, _ right: Lanes<Double>, count: Int
    ) -> Result {
        switch operation {
        case .add: loop(left, right, count) { $0 + $1 }
        case .subtract: loop(left, right, count) { $0 - $1 }
        case .multiply: loop(left, right, count) { $0 * $1 }
        // x / 0 is infinite or NaN, and so is suspect.
        case .divide: loop(left, right, count) { $0 / $1 }
        case .modulo: loop(left, right, count) { $0.truncatingRemainder(dividingBy: $1) }
        }
    }

    @inline(__always)
    private static func loop(
        _ left: Lanes<Double>, _ right: Lanes<Double>, _ count: Int, _ combine: (Double, Double) -> Double
    ) -> Result {
        // x − x is 0 for finite x and NaN for all others.
        var sum = 0.0
        let values = Buffer(count: count, of: Double.self) { buffer in
            guard let target = buffer.baseAddress else { return }
            for row in 0..<count {
                let value = combine(left[row], right[row])
                sum += value - value
                target[row] = value
            }
        }
        withExtendedLifetime((left, right)) {}
        return Result(values: values, isSuspect: sum != 0)
    }
}
