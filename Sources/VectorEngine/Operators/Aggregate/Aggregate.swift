package import SQLTypes

/// One aggregate call, as Execution takes it from the plan.
package struct AggregateSpecification: Sendable {
    /// Canonical name; `count` without arguments is count(*).
    package var function: String
    /// Input columns.
    package var arguments: [Int]
    package var argumentTypes: [SQLType]
    package var isDistinct: Bool
    /// LISTAGG, MEDIAN, percentiles: the order of the values, by position in the arguments.
    package var order: [SortOrder]
    /// LISTAGG's delimiter, the fraction of a percentile.
    package var parameter: SQLValue?
    package var result: SQLType
    /// The columns of a partial result, as the plan defines them.
    package var stateTypes: [SQLType]

    package init(
        function: String, arguments: [Int], argumentTypes: [SQLType], isDistinct: Bool, order: [SortOrder] = [],
        parameter: SQLValue? = nil, result: SQLType, stateTypes: [SQLType]
    ) {
        self.function = function
        self.arguments = arguments
        self.argumentTypes = argumentTypes
        self.isDistinct = isDistinct
        self.order = order
        self.parameter = parameter
        self.result = result
        self.stateTypes = stateTypes
    }
}

/// The rows of a batch and the group of each.
struct GroupedRows {
    let count: Int
    /// nil: all rows are of group 0 (no GROUP BY).
    let groups: UnsafePointer<UInt32>?
}

/// The running state of one call over all groups. One dispatch per batch; the loops inside are plain.
protocol Aggregate: AnyObject {
    /// New groups start out with no value seen.
    func grow(to groupCount: Int)
    func update(_ arguments: [Vector], _ rows: GroupedRows) throws(SQLError)
    /// Adds partial results, in the layout of the call's state columns.
    func combine(_ states: [Vector], _ rows: GroupedRows) throws(SQLError)
    /// State columns, one row per group.
    func partial() throws(SQLError) -> [Vector]
    func result() throws(SQLError) -> Vector
    /// The results of some groups, of all in turn: so that those of many need not be there at once. nil: only all together.
    func result(of groups: Range<Int>) throws(SQLError) -> Vector?
    var byteCount: Int { get }
}

extension Aggregate {
    func result(of groups: Range<Int>) throws(SQLError) -> Vector? { nil }
}

/// An aggregate that keeps values of its groups, one by one.
protocol ValueCollector: Aggregate {
    var valueCount: Int { get }
    /// The values with the keys of their groups: groups, arguments. Nothing may follow.
    func takeValues(groupKeys: [Vector]) -> Batch
}

/// How many rows each group has got so far: kept once for all calls of an operator, so that a call without null
/// arguments need not count.
typealias RowCounts = Column<Int64>

extension Column<Int64> {
    /// For each row that is handed to the aggregates, before they get it.
    func add(_ rows: GroupedRows) {
        guard let groups = rows.groups else {
            pointer[0] += Int64(rows.count)
            return
        }
        let counts = pointer
        guard count <= 64 else {
            for row in 0..<rows.count { counts[Int(groups[row])] &+= 1 }
            return
        }
        // Of few groups, rows of one group follow one another: four counts each, in turn, do not wait for each other.
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * count) { lanes in
            lanes.initialize(repeating: 0)
            guard let lanes = lanes.baseAddress else { return }
            var row = 0
            while row &+ 4 <= rows.count {
                lanes[Int(groups[row]) << 2] &+= 1
                lanes[Int(groups[row &+ 1]) << 2 | 1] &+= 1
                lanes[Int(groups[row &+ 2]) << 2 | 2] &+= 1
                lanes[Int(groups[row &+ 3]) << 2 | 3] &+= 1
                row &+= 4
            }
            while row < rows.count {
                lanes[Int(groups[row]) << 2] &+= 1
                row &+= 1
            }
            for place in 0..<4 * count { counts[place >> 2] &+= Int64(lanes[place]) }
        }
    }
}

enum Aggregates {
    /// - Parameters:
    ///   - rowCounts: as long as the groups, and up to date when the aggregate is asked for results.
    ///   - sums: of the argument, for SUM and AVG; nil: its own. `isGuest`: an earlier call keeps them.
    static func make(
        _ call: AggregateSpecification, _ rowCounts: RowCounts, sums: IntegerSums? = nil, isGuest: Bool = false
    ) throws(SQLError) -> any Aggregate {
        let argument = call.argumentTypes.first
        switch call.function {
        case "count": return CountAggregate(rowCounts)
        case "sum", "avg":
            guard let argument else { break }
            let isAverage = call.function == "avg"
            if argument.isFloat { return FloatSumAggregate(result: call.result, isAverage: isAverage) }
            guard argument.isNumeric || argument.storage.isInteger else { break }
            return IntegerSumAggregate(
                argument: argument, result: call.result, isAverage: isAverage, rowCounts, sums: sums ?? IntegerSums(),
                isGuest: isGuest)
        case "min", "max", "any_value":
            guard let argument else { break }
            let choice: ExtremeChoice = call.function == "min" ? .minimum : call.function == "max" ? .maximum : .first
            switch KeyKind(argument) {
            case .word: return ExtremeAggregate<Int64>(call.result, choice)
            case .wide: return ExtremeAggregate<Int128>(call.result, choice)
            case .float: return ExtremeAggregate<Double>(call.result, choice)
            case .text, .bytes: return StringExtremeAggregate(call.result, choice)
            }
        case "bit_and", "bit_or": return BitAggregate(call.result, isAnd: call.function == "bit_and")
        case "bool_and": return ExtremeAggregate<Int64>(.boolean, .minimum)
        case "bool_or": return ExtremeAggregate<Int64>(.boolean, .maximum)
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop":
            guard let argument, argument.isNumeric else { break }
            return VarianceAggregate(call.function, argument: argument, result: call.result)
        default: break
        }
        throw SQLError.unsupported("aggregate function \(call.function)")
    }
}

extension SQLError {
    /// - Source: Redshift's message.
    static var sumOutOfRange: SQLError {
        SQLError(.numericValueOutOfRange, "Numeric data overflow (result precision)")
    }
}
