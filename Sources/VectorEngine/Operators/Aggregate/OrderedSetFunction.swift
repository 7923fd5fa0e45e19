import SQLTypes

/// LISTAGG, MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC: one result for each group that is appended, of the group's
/// values in order.
///
/// With fraction p of n values, PERCENTILE_CONT interpolates at row 1 + p(n − 1), exactly for numbers that are exact;
/// PERCENTILE_DISC takes the first value whose cumulative share reaches p.
/// - Source: Redshift developer guide, "PERCENTILE_CONT function", "LISTAGG function".
struct OrderedSetFunction: ~Copyable {
    static let names: Set<String> = ["listagg", "median", "percentile_cont", "percentile_disc"]

    private enum Kind { case list, interpolated, picked }

    private let kind: Kind
    private let argument: Vector
    private let type: SQLType
    private let result: SQLType
    /// The fraction is `part` / `whole`.
    private let part: Int128
    private let whole: Int128
    private var builder: VectorBuilder
    /// Of `picked`: the row of each group.
    private var rows: [UInt32] = []
    private var text = ListText()
    private let views: Scratch<StringView>
    private let owners: [Buffer]
    private let integers: Scratch<Int128>
    private let doubles: Scratch<Double>

    /// - Parameter argument: the values of all groups, of type `type`.
    init(
        _ function: String, _ argument: Vector, type: SQLType, parameter: SQLValue?, result: SQLType
    ) throws(SQLError) {
        self.argument = argument
        self.type = type
        self.result = result
        kind = function == "listagg" ? .list : function == "percentile_disc" ? .picked : .interpolated
        builder = VectorBuilder(kind: result.storage)
        if case .string(let bytes)? = parameter { text.delimiter = bytes }
        (part, whole) = try OrderedSetFunction.fraction(function, parameter)
        let isList = kind == .list
        let isFloat = kind == .interpolated && type.isFloat
        let isExact = kind == .interpolated && !type.isFloat
        views = Scratch(capacity: isList ? argument.count : 1)
        integers = Scratch(capacity: isExact ? argument.count : 1)
        doubles = Scratch(capacity: isFloat ? argument.count : 1)
        owners = isList ? argument.copyViews(to: views.pointer) : []
        if isExact { argument.copyIntegers(to: integers.pointer) }
        if isFloat { argument.copyDoubles(to: doubles.pointer) }
    }

    /// As `part` of `whole`.
    private static func fraction(
        _ function: String, _ parameter: SQLValue?
    ) throws(SQLError) -> (part: Int128, whole: Int128) {
        if case .decimal(let fraction)? = parameter { return (fraction.unscaled, PowersOfTen.int128[fraction.scale]) }
        guard function == "listagg" else { throw SQLError.internalError("\(function) without its fraction") }
        return (0, 1)
    }

    /// Of a percentile of `count` values: the place of the first one that is looked at. The one after it is the only
    /// other.
    static func place(_ function: String, _ parameter: SQLValue?, of count: Int) throws(SQLError) -> Int {
        let (part, whole) = try fraction(function, parameter)
        return function == "percentile_disc"
            ? max(pick(part, whole, count), 1) - 1 : Int(part * Int128(max(count, 1) - 1) / whole)
    }

    /// From 1 on, if `part` is not 0.
    private static func pick(_ part: Int128, _ whole: Int128, _ count: Int) -> Int {
        Int((part * Int128(count) + whole - 1) / whole)
    }

    /// - Parameter group: rows of the argument that are not null, in order.
    mutating func append(_ group: some RandomAccessCollection<Int>) throws(SQLError) {
        switch kind {
        case .list: try appendList(group)
        case .picked:
            let index = OrderedSetFunction.pick(part, whole, group.count)
            rows.append(group.isEmpty ? Vector.noRow : row(max(index, 1) - 1, of: group))
        case .interpolated: try appendInterpolated(group)
        }
    }

    private func row(_ index: Int, of group: some RandomAccessCollection<Int>) -> UInt32 {
        UInt32(truncatingIfNeeded: group[group.index(group.startIndex, offsetBy: index)])
    }

    private mutating func appendList(_ group: some RandomAccessCollection<Int>) throws(SQLError) {
        guard !group.isEmpty else { return builder.appendNull() }
        text.clear()
        for row in group { try text.append(views.pointer[row]) }
        text.bytes.withUnsafeBufferPointer { builder.append(bytes: $0) }
    }

    private mutating func appendInterpolated(_ group: some RandomAccessCollection<Int>) throws(SQLError) {
        guard !group.isEmpty else { return builder.appendNull() }
        let (index, rest) = (part * Int128(group.count - 1)).quotientAndRemainder(dividingBy: whole)
        let lower = Int(row(Int(index), of: group))
        let upper = rest == 0 ? lower : Int(row(Int(index) + 1, of: group))
        if type.isFloat {
            let (a, b) = (doubles.pointer[lower], doubles.pointer[upper])
            let share = Double(rest) / Double(whole)
            return builder.append(double: rest == 0 ? a : a * (1 - share) + b * share)
        }
        let (a, b) = (integers.pointer[lower], integers.pointer[upper])
        guard result.isDecimal else {
            // Dates and moments have no smaller parts. Both fit 64 bits.
            let (quotient, remainder) = ((b - a) * rest).quotientAndRemainder(dividingBy: whole)
            return builder.append(integer: a + quotient - (remainder < 0 ? 1 : 0))
        }
        let (scaled, overflow) = a.multipliedReportingOverflow(by: whole)
        let (distance, isFar) = b.subtractingReportingOverflow(a)
        let (added, overflows) = distance.multipliedReportingOverflow(by: rest)
        let (sum, isTooBig) = scaled.addingReportingOverflow(added)
        let digits = type.scale - result.scale
        let value = sum / (whole / scaleFactor(digits))
        guard !overflow, !isFar, !overflows, !isTooBig,
            value.magnitude < PowersOfTen.int128[SQLType.maximumDecimalPrecision].magnitude
        else { throw SQLError.sumOutOfRange }
        builder.append(integer: value)
    }

    /// 10 to the number of digits that the result has more than the argument.
    private func scaleFactor(_ digits: Int) -> Int128 { PowersOfTen.int128[max(0, -digits)] }

    consuming func finish() -> Vector {
        if kind == .picked { return argument.gatheredOrNull(rows.span) }
        return builder.finish()
    }
}
