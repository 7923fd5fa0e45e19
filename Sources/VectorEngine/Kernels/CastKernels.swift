import SQLTypes

/// Casts of whole vectors between the numeric storage kinds and between dates and timestamps. Every other cast goes row
/// by row through `SQLValue.cast`, which also says what is to happen here.
enum CastKernels {
    /// The value is stored as it is, or multiplied by a constant, and always fits.
    static func cannotFail(from source: SQLType, to target: SQLType) -> Bool {
        if source == target { return true }
        switch (source, target) {
        case (.char, .varchar), (.varchar, .varchar), (.unknown, .varchar), (.char, .char), (.varchar, .char):
            return true
        case (.date, .timestamp), (.timestamp, .date), (.boolean, .integer), (.boolean, .smallint), (.boolean, .bigint):
            return true
        case (let from, .double) where from.isNumeric: return true
        case (let from, .boolean) where from.isInteger: return true
        default: break
        }
        if source.isInteger, target.isInteger { return (source.storage.width ?? 0) <= (target.storage.width ?? 0) }
        guard case .decimal = target, let from = source.asDecimal, let to = target.asDecimal else { return false }
        return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
    }

    /// How stored integers change; nil if the cast is of another sort.
    enum IntegerChange: Equatable {
        case none
        case multiply(Int64)
        /// Rounds half away from zero.
        case divideRounding(Int64)
        case divideFloor(Int64)
        case isNotZero
    }

    static func integerChange(from source: SQLType, to target: SQLType) -> IntegerChange? {
        switch (source, target) {
        case (.date, .timestamp): return .multiply(TimeOfDay.microsecondsPerDay)
        case (.timestamp, .date): return .divideFloor(TimeOfDay.microsecondsPerDay)
        case (.boolean, let target) where target.isInteger: return IntegerChange.none
        case (let source, .boolean) where source.isInteger: return .isNotZero
        default: break
        }
        guard source.isInteger || source.isDecimal, target.isInteger || target.isDecimal else { return nil }
        let digits = target.scale - source.scale
        guard digits.magnitude < PowersOfTen.int64.count else { return nil }
        if digits == 0 { return IntegerChange.none }
        return digits > 0 ? .multiply(PowersOfTen.int64[digits]) : .divideRounding(PowersOfTen.int64[-digits])
    }

    /// `value` / `divisor`, rounded half away from zero.
    @inline(__always)
    static func divideRounding(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        let roundsUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        return quotient + (roundsUp ? (value < 0 ? -1 : 1) : 0)
    }
}
