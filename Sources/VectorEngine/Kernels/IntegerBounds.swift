import SQLTypes

/// Bounds of all integers of one vector, both included, nulls' fillers counted: what proves that a wrapping kernel is
/// safe.
struct IntegerBounds: Hashable {
    var lower: Int64
    var upper: Int64

    init(_ lower: Int64, _ upper: Int64) {
        assert(lower <= upper, "\(lower) above \(upper)")
        self.lower = lower
        self.upper = upper
    }

    func isWithin(_ other: IntegerBounds) -> Bool { lower >= other.lower && upper <= other.upper }

    var fitsInt32: Bool { isWithin(IntegerBounds(Int64(Int32.min), Int64(Int32.max))) }

    /// What a type can hold; nil if that is more than 64 bits.
    init?(of type: SQLType) {
        switch type {
        case .boolean: self.init(0, 1)
        case .smallint: self.init(Int64(Int16.min), Int64(Int16.max))
        case .integer, .intervalYearToMonth: self.init(Int64(Int32.min), Int64(Int32.max))
        case .date: self.init(Int64(DateRange.days.lowerBound), Int64(DateRange.days.upperBound))
        case .decimal(let precision, _):
            guard let bound = Int64(exactly: Decimal.maximumUnscaled(precision: precision)) else { return nil }
            self.init(-bound, bound)
        case .timestamp, .timestamptz:
            self.init(DateRange.microseconds.lowerBound, DateRange.microseconds.upperBound)
        case .bigint, .time, .intervalDayToSecond: self.init(.min, .max)
        case .catalog(let type) where type.storage == .int64: self.init(0, Int64(UInt32.max))
        case .timetz, .real, .double, .char, .varchar, .varbyte, .unknown, .catalog: return nil
        }
    }

    /// From how the vector stores its values: codes bound them tightly, flat values only by their width. A filler of a
    /// null row lies within these, too.
    init?(of vector: Vector) {
        switch vector.form {
        case .coded(let codes, let base):
            let span: Int64 = codes.width == 1 ? 0xFF : codes.width == 2 ? 0xFFFF : 0xFFFF_FFFF
            let (upper, overflow) = base.addingReportingOverflow(span)
            self.init(base, overflow ? .max : upper)
        case .constant(let value):
            guard let integer = Int64(exactly: value.storedInteger(as: vector.kind) ?? 0) else { return nil }
            self.init(integer, integer)
        case .flat:
            switch vector.kind {
            case .int8: self.init(Int64(Int8.min), Int64(Int8.max))
            case .int16: self.init(Int64(Int16.min), Int64(Int16.max))
            case .int32: self.init(Int64(Int32.min), Int64(Int32.max))
            case .int64: self.init(.min, .max)
            case .int128, .float32, .float64, .bytes: return nil
            }
        case .dictionary, .views: return nil
        }
    }

    /// Bounds of a sum, difference or product; nil if 64 bits may not be enough.
    static func combine(
        _ operation: ExpressionNode.Arithmetic, _ left: IntegerBounds?, _ right: IntegerBounds?
    ) -> IntegerBounds? {
        guard let left, let right else { return nil }
        func checked(_ pair: (partialValue: Int64, overflow: Bool)) -> Int64? {
            pair.overflow ? nil : pair.partialValue
        }
        switch operation {
        case .add:
            guard let lower = checked(left.lower.addingReportingOverflow(right.lower)),
                let upper = checked(left.upper.addingReportingOverflow(right.upper))
            else { return nil }
            return IntegerBounds(lower, upper)
        case .subtract:
            guard let lower = checked(left.lower.subtractingReportingOverflow(right.upper)),
                let upper = checked(left.upper.subtractingReportingOverflow(right.lower))
            else { return nil }
            return IntegerBounds(lower, upper)
        case .multiply:
            guard let a = checked(left.lower.multipliedReportingOverflow(by: right.lower)),
                let b = checked(left.lower.multipliedReportingOverflow(by: right.upper)),
                let c = checked(left.upper.multipliedReportingOverflow(by: right.lower)),
                let d = checked(left.upper.multipliedReportingOverflow(by: right.upper))
            else { return nil }
            return IntegerBounds(min(min(a, b), min(c, d)), max(max(a, b), max(c, d)))
        case .divide, .modulo: return nil
        }
    }
}
