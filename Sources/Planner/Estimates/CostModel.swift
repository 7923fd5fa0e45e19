import QueryPlan
import SQLTypes

/// Every constant of the cost model. The unit is Redshift's relative one: a page read would be 1.
/// - Source: PostgreSQL 8.0, "costsize.c"; the movement terms, the bucket factors and the surcharge are those that
///   reproduce the plans printed in the Redshift developer guide.
enum CostModel {
    static let tuple = 0.01
    static let operation = 0.0025
    /// Added to a sort that serves ORDER BY or a window.
    static let orderBySurcharge = 1e12
    /// Per row and byte that a broadcast copies.
    static let broadcastByte = 10_000.0
    /// Per row and byte that a redistribution moves.
    static let redistributeByte = 10_000.0 / 48
    /// Per row and byte when both sides of a join move. The guide's plans broadcast 49,990 users rather than move
    /// them and 170,771 rows of 84 bytes, which a sum of two redistributions would undercut by a factor of 3.4.
    static let redistributeBothByte = 10_000.0 / 12
    /// Comparisons per probe: a build side with unique keys, and with others.
    static let uniqueBucket = 4.0
    static let otherBucket = 8.0
    /// A list with more values is evaluated as an array.
    static let inListMaximum = 10

    static let defaultRowCount = 1_000.0
    static let defaultDistinct = 200.0
    static let equalSelectivity = 0.005
    static let rangeSelectivity = 1.0 / 3
    static let betweenSelectivity = 0.005
    static let nullSelectivity = 0.005
    static let arraySelectivity = 0.5
    static let booleanSelectivity = 0.5
    /// PostgreSQL's pattern estimate: per literal character, per `_`, per `%`.
    static let patternCharacter = 0.2
    static let patternAny = 0.9
    static let patternWildcard = 5.0
    static let minimumPatternSelectivity = 0.0001
    /// Groups of several columns of one table are at most this share of its rows.
    static let groupShare = 0.1
    /// A table with fewer rows out of order may be merge-joined.
    static let mergeableUnsorted = 0.2

    /// A row of `width` bytes as it is sent: rounded up to 4 bytes, with a header of 8.
    static func sentWidth(_ width: Int) -> Double { Double((width + 3) / 4 * 4 + 8) }

    static func sort(rows: Double) -> Double {
        rows < 2 ? 0 : 2 * operation * rows * binaryLogarithm(rows)
    }
}

extension BoundExpression {
    /// How many operators a row pays for: comparisons and arithmetic, not casts, columns, NULL tests and AND/OR.
    var operatorCount: Int {
        switch self {
        case .column, .literal: 0
        case .isNull(let operand, _), .cast(let operand, _, _): operand.operatorCount
        case .and(let terms), .or(let terms): terms.reduce(0) { $0 + $1.operatorCount }
        case .inList(let operand, let values, _):
            (values.count > CostModel.inListMaximum ? CostModel.inListMaximum : values.count) + operand.operatorCount
        case .not(let operand): operand.operatorCount
        case .call(_, let arguments, _): arguments.reduce(0) { $0 + $1.operatorCount }
        case .caseWhen: operands.reduce(0) { $0 + $1.operatorCount }
        default: 1 + operands.reduce(0) { $0 + $1.operatorCount }
        }
    }
}
