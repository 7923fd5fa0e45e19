import Catalog
import QueryPlan
import SQLTypes

/// How many rows pass a predicate, from what ANALYZE knew; PostgreSQL's rules and defaults where it knew nothing.
/// - Source: PostgreSQL 8.0, "selfuncs.c".
struct Estimator {
    let registry: ColumnRegistry
    /// Conditions on single columns that scans check already, by column.
    var restrictions: [Int: [BoundExpression]] = [:]

    init(registry: ColumnRegistry) { self.registry = registry }

    // MARK: Columns

    func statistics(_ column: Int) -> ColumnStatistics? {
        guard case .table(let relation, let position) = registry.columns[column].origin,
            let table = registry.relations[relation].statistics, table.columns.indices.contains(position)
        else { return nil }
        return table.columns[position]
    }

    func tableRows(_ relation: Int) -> Double {
        registry.relations[relation].statistics?.rowCount ?? CostModel.defaultRowCount
    }

    /// Rows of the table that a column belongs to; nil for a computed one.
    private func tableRows(ofColumn column: Int) -> Double? {
        guard case .table(let relation, _) = registry.columns[column].origin else { return nil }
        return tableRows(relation)
    }

    /// Distinct values in the whole table; an expression has at most as many as its columns together.
    func distinctCount(_ expression: BoundExpression) -> Double {
        if case .column(let column, let type) = expression {
            if case .expression(let inner) = registry.columns[column].origin { return distinctCount(inner) }
            if let known = statistics(column) { return max(1, known.distinctCount) }
            if type == .boolean { return 2 }
            let rows = tableRows(ofColumn: column) ?? CostModel.defaultRowCount
            return isDeclaredUnique(column) ? max(1, rows) : min(CostModel.defaultDistinct, max(1, rows))
        }
        var product = 1.0
        var isKnown = false
        expression.visitColumns { column, type in
            product *= distinctCount(.column(column, type))
            isKnown = true
        }
        return isKnown ? product : 1
    }

    private func isDeclaredUnique(_ column: Int) -> Bool {
        guard case .table(let relation, let position) = registry.columns[column].origin,
            let table = registry.relations[relation].table
        else { return false }
        return table.constraints.contains { constraint in
            switch constraint {
            case .primaryKey(_, let columns), .unique(_, let columns): columns == [position]
            case .foreignKey: false
            }
        }
    }

    /// Whether the column has (nearly) as many values as its table has rows.
    func isUnique(_ expression: BoundExpression) -> Bool {
        guard case .column(let column, _) = expression, let rows = tableRows(ofColumn: column) else { return false }
        if isDeclaredUnique(column) { return true }
        guard let known = statistics(column) else { return false }
        return known.distinctCount >= 0.95 * rows
    }

    /// Bytes of a value, as Redshift prints widths.
    func width(_ column: Int) -> Double {
        if let known = statistics(column) { return known.averageWidth }
        return Self.defaultWidth(registry.type(column))
    }

    /// - Source: PostgreSQL, "get_typavgwidth": strings past 32 bytes are taken to be half full.
    static func defaultWidth(_ type: SQLType) -> Double {
        if let length = type.length {
            if length <= 32 { return Double(length) }
            return length < 1_000 ? Double(32 + (length - 32) / 2) : 516
        }
        switch type {
        case .boolean: return 1
        default: return Double(type.storage.width ?? 32)
        }
    }

    func width(_ columns: ColumnSet) -> Int {
        Self.bytes(columns.elements.reduce(0.0) { $0 + width($1) })
    }

    /// Of rows whose statistics may say anything.
    static func bytes(_ width: Double) -> Int { Int(max(0, min(width, 1e9)).rounded()) }

    // MARK: Predicates

    /// Share of rows, 0...1, for which all conjuncts are true; two bounds of one column make a range.
    func selectivity(_ conjuncts: [BoundExpression]) -> Double {
        var result = 1.0
        var ranges: [Int: (low: Double?, high: Double?)] = [:]
        for conjunct in conjuncts {
            if let (column, isLow) = conjunct.bound {
                let share = selectivity(conjunct)
                var range = ranges[column] ?? (nil, nil)
                if isLow { range.low = min(range.low ?? 1, share) } else { range.high = min(range.high ?? 1, share) }
                ranges[column] = range
            } else {
                result *= selectivity(conjunct)
            }
        }
        for column in ranges.keys.sorted() {
            guard let range = ranges[column] else { continue }
            switch (range.low, range.high) {
            case (let low?, let high?):
                if low == CostModel.rangeSelectivity, high == CostModel.rangeSelectivity {
                    result *= CostModel.betweenSelectivity
                } else {
                    let nulls = statistics(column)?.nullFraction ?? 0
                    result *= max(low + high + nulls - 1, 1e-10)
                }
            case (let one?, nil), (nil, let one?): result *= one
            case (nil, nil): break
            }
        }
        return result
    }

    func selectivity(_ predicate: BoundExpression) -> Double {
        switch predicate {
        case .literal(.boolean(let flag), _): flag ? 1 : 0
        case .literal: 0
        case .and(let terms): selectivity(terms)
        case .or(let terms):
            terms.reduce(0) { sum, term in
                let own = selectivity(term)
                return sum + own - sum * own
            }
        case .not(let operand): 1 - selectivity(operand)
        case .comparison(let operation, let left, let right): comparison(operation, left, right)
        case .isNull(let operand, let isNegated): isNegated ? 1 - nulls(operand) : nulls(operand)
        case .inList(let operand, let values, let isNegated):
            isNegated ? max(0, 1 - inList(operand, values)) : inList(operand, values)
        case .match(_, .literal(.string(let pattern), _), let kind, let isNegated):
            isNegated ? 1 - Self.pattern(pattern, kind) : Self.pattern(pattern, kind)
        case .match(_, _, _, let isNegated): isNegated ? 1 - CostModel.equalSelectivity : CostModel.equalSelectivity
        default: CostModel.booleanSelectivity
        }
    }

    private func nulls(_ operand: BoundExpression) -> Double {
        guard case .column(let column, _) = operand else { return CostModel.nullSelectivity }
        return statistics(column)?.nullFraction ?? CostModel.nullSelectivity
    }

    private func inList(_ operand: BoundExpression, _ values: [SQLValue]) -> Double {
        if values.count > CostModel.inListMaximum { return CostModel.arraySelectivity }
        return min(
            1,
            values.reduce(0) { sum, value in
                let own = equality(operand, value)
                return sum + own - sum * own
            })
    }

    private func comparison(
        _ operation: ComparisonOperator, _ left: BoundExpression, _ right: BoundExpression
    ) -> Double {
        if case .literal(let value, _) = right {
            switch operation {
            case .equal: return equality(left, value)
            case .notEqual: return max(0, 1 - equality(left, value) - (nullsKnown(left) ?? 0))
            default: return range(operation, left, value)
            }
        }
        switch operation {
        case .equal: return 1 / max(1, distinctCount(left), distinctCount(right))
        case .notEqual: return 1 - CostModel.equalSelectivity
        default: return CostModel.rangeSelectivity
        }
    }

    private func nullsKnown(_ operand: BoundExpression) -> Double? {
        guard case .column(let column, _) = operand else { return nil }
        return statistics(column)?.nullFraction
    }

    private func equality(_ operand: BoundExpression, _ value: SQLValue) -> Double {
        guard case .column(let column, _) = operand, let known = statistics(column) else {
            if case .column(let column, _) = operand, isDeclaredUnique(column), let rows = tableRows(ofColumn: column) {
                return 1 / max(1, rows)
            }
            return CostModel.equalSelectivity
        }
        var common = 0.0
        for item in known.mostCommon {
            if SQLValue.compare(item.value, value) == .equal { return item.fraction }
            common += item.fraction
        }
        if let minimum = known.minimum, SQLValue.compare(value, minimum) == .less { return 1e-10 }
        if let maximum = known.maximum, SQLValue.compare(value, maximum) == .greater { return 1e-10 }
        let others = max(1, known.distinctCount - Double(known.mostCommon.count))
        return max(1e-10, (1 - known.nullFraction - common) / others)
    }

    private func range(_ operation: ComparisonOperator, _ operand: BoundExpression, _ value: SQLValue) -> Double {
        guard case .column(let column, _) = operand, let known = statistics(column),
            let below = known.shareBelow(value)
        else { return CostModel.rangeSelectivity }
        let common = known.mostCommon.reduce(0.0) { $0 + $1.fraction }
        let matching = known.mostCommon.reduce(0.0) { sum, item in
            guard let order = SQLValue.compare(item.value, value), operation.holds(order) else { return sum }
            return sum + item.fraction
        }
        let isUpper = operation == .less || operation == .lessOrEqual
        let share = isUpper ? below : 1 - below
        let result = matching + max(0, 1 - known.nullFraction - common) * share
        return min(1, max(result, 1e-10))
    }

    private static func pattern(_ pattern: [UInt8], _ kind: BoundExpression.MatchKind) -> Double {
        var share = 1.0
        for byte in pattern {
            switch byte {
            case UInt8(ascii: "%"): share *= CostModel.patternWildcard
            case UInt8(ascii: "_"): share *= CostModel.patternAny
            default: share *= CostModel.patternCharacter
            }
            if share < CostModel.minimumPatternSelectivity { return CostModel.minimumPatternSelectivity }
        }
        return min(1, share)
    }

    // MARK: Groups

    /// Groups of `rows` input rows: the product of the columns' distinct values, per table at most its rows (with
    /// several columns a tenth of them), never more than the input.
    func groupCount(_ columns: [Int], rows: Double) -> Double {
        var byRelation: [Int: (product: Double, count: Int)] = [:]
        var product = 1.0
        for column in columns {
            let expanded = registry.expanded(registry.expression(column))
            var members = ColumnSet()
            expanded.visitColumns { number, _ in members.insert(number) }
            for member in members.elements {
                let own = distinctCount(registry.expression(member))
                if case .table(let relation, _) = registry.columns[member].origin {
                    let known = byRelation[relation] ?? (1, 0)
                    byRelation[relation] = (known.product * own, known.count + 1)
                } else {
                    product *= own
                }
            }
        }
        for relation in byRelation.keys.sorted() {
            guard let own = byRelation[relation] else { continue }
            let rows = tableRows(relation)
            product *= min(own.product, max(1, own.count > 1 ? rows * CostModel.groupShare : rows))
        }
        return Self.clamped(min(product, rows))
    }

    /// A whole number of rows, at least one.
    static func clamped(_ rows: Double) -> Double { rows <= 1 || !rows.isFinite ? 1 : rows.rounded() }
}

extension BoundExpression {
    /// A lower or upper bound of a plain column.
    fileprivate var bound: (column: Int, isLow: Bool)? {
        guard case .comparison(let operation, .column(let column, _), .literal) = self else { return nil }
        switch operation {
        case .greater, .greaterOrEqual: return (column, true)
        case .less, .lessOrEqual: return (column, false)
        case .equal, .notEqual: return nil
        }
    }
}

extension ColumnStatistics {
    /// Share of the values outside `mostCommon` that are below `value`: from the histogram, else by position between
    /// minimum and maximum; nil if neither is known.
    func shareBelow(_ value: SQLValue) -> Double? {
        if histogram.count >= 2 {
            if SQLValue.compare(value, histogram[0]) != .greater { return 0 }
            for bucket in 1..<histogram.count where SQLValue.compare(value, histogram[bucket]) != .greater {
                let inside = Self.position(of: value, between: histogram[bucket - 1], and: histogram[bucket]) ?? 0.5
                return (Double(bucket - 1) + inside) / Double(histogram.count - 1)
            }
            return 1
        }
        guard let minimum, let maximum else { return nil }
        if SQLValue.compare(value, minimum) == .less { return 0 }
        if SQLValue.compare(value, maximum) == .greater { return 1 }
        return Self.position(of: value, between: minimum, and: maximum)
    }

    private static func position(of value: SQLValue, between low: SQLValue, and high: SQLValue) -> Double? {
        guard let x = value.axis, let a = low.axis, let b = high.axis else { return nil }
        return b > a ? min(1, max(0, (x - a) / (b - a))) : 0.5
    }
}

extension SQLValue {
    /// The value as a place on a line, for interpolation.
    var axis: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value.doubleValue
        case .real(let value): Double(value)
        case .double(let value): value
        case .date(let days): Double(days) * 86_400_000_000
        case .time(let value), .timestamp(let value), .timestamptz(let value): Double(value)
        case .string(let bytes):
            bytes.prefix(6).enumerated().reduce(0.0) { $0 + Double($1.element) * Self.weights[$1.offset] }
        case .null, .boolean, .timetz, .interval, .varbyte: nil
        }
    }

    private static let weights: [Double] = [1, 0x1p-8, 0x1p-16, 0x1p-24, 0x1p-32, 0x1p-40]
}
