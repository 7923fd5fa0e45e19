import SQLTypes

/// Turns an expression tree into a program's nodes.
///
/// What is decided here holds for every batch: comparisons with literals become ranges of integers (through casts that
/// only widen), the ranges that an AND puts on one column become one, patterns become matchers, lists become sets, and
/// AND's cheap terms come first.
struct ExpressionCompiler {
    private(set) var nodes: [ExpressionProgram.Node] = []
    /// Calculations compiled so far: one that comes again is the same node.
    private var known: [ExpressionNode: Int] = [:]
    private var columnTypes: [Int: SQLType] = [:]

    /// The index of the compiled node.
    mutating func compile(_ node: ExpressionNode, depth: Int) throws(SQLError) -> Int {
        guard depth < ExpressionProgram.depthMaximum else {
            throw SQLError(.statementTooComplex, "expression is nested too deeply")
        }
        switch node {
        case .column(let position, let type):
            columnTypes[position] = type
            return append(.column(position), [], type)
        case .literal(let value, let type): return append(.literal(value), [], type)
        case .comparison(let op, let left, let right): return try compileComparison(op, left, right, depth)
        case .inList(let operand, let values, let isNegated):
            let set = ValueSet(values, type: operand.type)
            return append(.inSet(set, isNegated: isNegated), [try compile(operand, depth: depth + 1)], .boolean)
        case .match(let operand, let pattern, let kind, let isNegated):
            return try compileMatch(operand, pattern, kind, isNegated, depth)
        case .and(let terms): return try compileAnd(terms, depth)
        default: break
        }
        // Looking a tree up costs its size: not worth it, and quadratic, for deep ones.
        let isCandidate = depth < ExpressionCompiler.sharedDepthMaximum && node.isArithmetic
        if isCandidate, let index = known[node] { return index }
        var operands: [Int] = []
        for operand in node.operands { operands.append(try compile(operand, depth: depth + 1)) }
        let index = append(try operation(of: node), operands, node.type)
        if isCandidate, !nodes[index].isVolatile { known[node] = index }
        return index
    }

    private static let sharedDepthMaximum = 16

    private func operation(of node: ExpressionNode) throws(SQLError) -> ExpressionProgram.Operation {
        switch node {
        case .cast(_, _, let isTry): return .cast(isTry: isTry)
        case .arithmetic(let op, _, _, _): return .arithmetic([op])
        case .arithmeticChain(_, let terms, _): return .arithmetic(terms.map(\.operation))
        case .negate: return .negate
        case .or: return .or
        case .not: return .not
        case .isNull(_, let isNegated): return .isNull(isNegated: isNegated)
        case .isBoolean(_, let value, let isNegated): return .isBoolean(value, isNegated: isNegated)
        case .caseWhen(_, let otherwise, _): return .caseWhen(hasOtherwise: otherwise != nil)
        case .call(let name, _, _):
            return .call(BuiltinFunctions.byName[name] ?? .leader(name))
        case .column, .literal, .comparison, .inList, .match, .and:
            throw .internalError("\(node) is compiled elsewhere")
        }
    }

    private mutating func append(
        _ operation: ExpressionProgram.Operation, _ operands: [Int], _ type: SQLType
    ) -> Int {
        let below = operands.map { nodes[$0] }
        var columns = Set(below.flatMap(\.columns))
        if case .column(let position) = operation { columns.insert(position) }
        let isVolatile = below.contains(where: \.isVolatile) || operation.isVolatile
        let canRaise = below.contains(where: \.canRaise) || operation.canRaise(from: below.first?.type, to: type)
        nodes.append(
            ExpressionProgram.Node(
                operation: operation, operands: operands, type: type, isConstant: columns.isEmpty && !isVolatile,
                isVolatile: isVolatile, columns: columns.sorted(), canRaise: canRaise,
                cost: below.reduce(operation.cost(on: below.first?.type)) { min($0 + $1.cost, 1 << 40) },
                dictionaryColumn: isVolatile ? nil : dictionaryColumn(operation, columns)))
        return nodes.count - 1
    }

    private func dictionaryColumn(_ operation: ExpressionProgram.Operation, _ columns: Set<Int>) -> Int? {
        guard columns.count == 1, let column = columns.first, columnTypes[column]?.storage == .bytes else { return nil }
        switch operation {
        case .column, .literal, .isNull: return nil
        default: return column
        }
    }
}

// Comparisons with literals.
extension ExpressionCompiler {
    private mutating func compileComparison(
        _ op: ExpressionNode.Comparison, _ left: ExpressionNode, _ right: ExpressionNode, _ depth: Int
    ) throws(SQLError) -> Int {
        if case .literal(let value, let type) = right,
            let index = try compileRange(op, left, value, type, depth)
        {
            return index
        }
        if case .literal(let value, let type) = left,
            let index = try compileRange(op.mirrored, right, value, type, depth)
        {
            return index
        }
        let operands = [try compile(left, depth: depth + 1), try compile(right, depth: depth + 1)]
        return append(.comparison(op), operands, .boolean)
    }

    /// nil if the comparison is none of integers in at most 64 bits.
    private mutating func compileRange(
        _ op: ExpressionNode.Comparison, _ operand: ExpressionNode, _ value: SQLValue, _ type: SQLType, _ depth: Int
    ) throws(SQLError) -> Int? {
        guard operand.type.storage.isInteger, type.storage.isInteger, operand.type.scale == type.scale,
            operand.type != .intervalYearToMonth, operand.type != .intervalDayToSecond,
            let integer = value.storedInteger(as: type.storage)
        else { return nil }
        var range = WideRange(op == .notEqual ? .equal : op, integer)
        var inner = operand
        // A cast that only multiplies by a constant keeps the order: the bounds are divided instead.
        while case .cast(let below, let target, _) = inner,
            let factor = Self.wideningFactor(from: below.type, to: target)
        {
            range = range.divided(by: factor)
            inner = below
        }
        guard inner.type.storage != .int128 else { return nil }
        let compiled = try compile(inner, depth: depth + 1)
        return append(.inRange(range.narrowed, isNegated: op == .notEqual), [compiled], .boolean)
    }

    /// What every value of `source` is multiplied by when it becomes a `target`, if all of them fit; nil otherwise.
    private static func wideningFactor(from source: SQLType, to target: SQLType) -> Int128? {
        if source == .date, target == .timestamp { return Int128(TimeOfDay.microsecondsPerDay) }
        if source.isInteger, target.isInteger {
            return (source.storage.width ?? 0) <= (target.storage.width ?? 0) ? 1 : nil
        }
        guard case .decimal = target, let from = source.asDecimal, let to = target.asDecimal, to.scale >= from.scale,
            to.precision - to.scale >= from.precision - from.scale, to.scale - from.scale <= 38
        else { return nil }
        return PowersOfTen.int128[to.scale - from.scale]
    }

    /// Bounds in 128 bits; `.min` and `.max` are open ends.
    private struct WideRange {
        var lower = Int128.min
        var upper = Int128.max

        init(_ op: ExpressionNode.Comparison, _ value: Int128) {
            switch op {
            case .equal, .notEqual: (lower, upper) = (value, value)
            case .less: upper = value == .min ? .min : value - 1
            case .lessOrEqual: upper = value
            case .greater: lower = value == .max ? .max : value + 1
            case .greaterOrEqual: lower = value
            }
        }

        func divided(by factor: Int128) -> WideRange {
            var copy = self
            if lower != .min { copy.lower = -CivilDate.floorDivide(-lower, factor) }
            if upper != .max { copy.upper = CivilDate.floorDivide(upper, factor) }
            return copy
        }

        var narrowed: IntegerRange {
            guard lower <= upper, lower <= Int128(Int64.max), upper >= Int128(Int64.min) else { return .none }
            return IntegerRange(
                lower: Int64(max(lower, Int128(Int64.min))), upper: Int64(min(upper, Int128(Int64.max))))
        }
    }
}

// AND, and patterns.
extension ExpressionCompiler {
    private mutating func compileAnd(_ terms: [ExpressionNode], _ depth: Int) throws(SQLError) -> Int {
        var compiled: [Int] = []
        for term in terms { compiled.append(try compile(term, depth: depth + 1)) }
        let merged = mergeRanges(compiled)
        // Terms that cannot raise may go before any other; those that can stay in the order in which they were written.
        let safe = merged.filter { !nodes[$0].canRaise }
        let ordered = safe.enumerated().sorted {
            (nodes[$0.element].cost, $0.offset) < (nodes[$1.element].cost, $1.offset)
        }
        let raising = merged.filter { nodes[$0].canRaise }
        return append(.and, ordered.map(\.element) + raising, .boolean)
    }

    /// `x >= a AND x < b` as one range, where x is a column.
    private mutating func mergeRanges(_ terms: [Int]) -> [Int] {
        var kept: [Int] = []
        var placeOfColumn: [Int: Int] = [:]
        for term in terms {
            guard case .inRange(let range, false) = nodes[term].operation,
                case .column(let column) = nodes[nodes[term].operands[0]].operation
            else {
                kept.append(term)
                continue
            }
            if let place = placeOfColumn[column], case .inRange(let other, false) = nodes[kept[place]].operation {
                kept[place] = append(
                    .inRange(range.intersection(other), isNegated: false), nodes[term].operands, .boolean)
            } else {
                placeOfColumn[column] = kept.count
                kept.append(term)
            }
        }
        return kept
    }

    private mutating func compileMatch(
        _ operand: ExpressionNode, _ pattern: ExpressionNode, _ kind: ExpressionNode.Match, _ isNegated: Bool,
        _ depth: Int
    ) throws(SQLError) -> Int {
        let compiled = try compile(operand, depth: depth + 1)
        if case .literal(.string(let bytes), _) = pattern {
            let matcher = try PatternMatcher(kind, pattern: bytes)
            return append(.match(matcher, isNegated: isNegated), [compiled], .boolean)
        }
        let compiledPattern = try compile(pattern, depth: depth + 1)
        return append(.matchDynamic(kind, isNegated: isNegated), [compiled, compiledPattern], .boolean)
    }
}

extension ExpressionNode {
    /// Whether a second occurrence is worth looking for.
    var isArithmetic: Bool {
        switch self {
        case .arithmetic, .negate, .cast, .call, .caseWhen: true
        default: false
        }
    }
}

extension ExpressionProgram.Operation {
    /// Whether its values are worth keeping for another use.
    var isCalculation: Bool {
        switch self {
        case .arithmetic, .negate, .cast, .call, .caseWhen: true
        default: false
        }
    }

    var isVolatile: Bool {
        if case .call(let function) = self { function.signature.volatility == .volatile } else { false }
    }

    /// Whether this operation itself can fail on some value.
    func canRaise(from source: SQLType?, to target: SQLType) -> Bool {
        switch self {
        case .arithmetic, .negate, .call, .matchDynamic: true
        case .cast(let isTry): !isTry && !(source.map { CastKernels.cannotFail(from: $0, to: target) } ?? false)
        default: false
        }
    }

    /// Rough work per row, in units of one pass over 2-byte codes.
    func cost(on operand: SQLType?) -> Int {
        let isString = operand?.storage == .bytes
        switch self {
        case .column, .literal: return 0
        case .inRange, .isNull, .and, .or, .not, .isBoolean: return 1
        case .comparison: return isString ? 20 : 4
        case .inSet: return isString ? 40 : 4
        case .arithmetic, .negate: return 10
        case .cast: return 20
        case .match: return 60
        case .matchDynamic: return 300
        case .caseWhen: return 20
        case .call: return 100
        }
    }
}
