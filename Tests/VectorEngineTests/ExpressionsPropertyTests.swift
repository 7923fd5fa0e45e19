import SQLTypes
import Testing

@testable import VectorEngine

/// Every kernel on every vector form gives what the rules say for single values.
struct ExpressionsPropertyTests {
    static let types: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 12, scale: 2), .decimal(precision: 19, scale: 4),
        .decimal(precision: 30, scale: 6), .double, .date, .timestamp, .varchar(length: 20),
    ]

    @Test(arguments: UInt64(0)..<60)
    func comparisons(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for type in Self.types {
            let op = ExpressionNode.Comparison.allCases[random.below(6)]
            let columns = [random.column(type, rows: 37), random.column(type, rows: 37)]
            let right: ExpressionNode = random.below(2) == 0 ? .column(1, type) : .literal(random.value(type), type)
            try check(.comparison(op, .column(0, type), right), columns, [type, type], seed: seed, &random)
            if case .literal(let value, _) = right, !value.isNull {
                let list = [value] + columns[1].prefix(3).filter { !$0.isNull }
                try check(
                    .inList(.column(0, type), list, isNegated: random.below(2) == 0), columns, [type, type], seed: seed,
                    &random)
            }
        }
    }

    @Test(arguments: UInt64(0)..<60)
    func arithmetic(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let numeric = Self.types.filter { $0.isNumeric }
        for left in numeric {
            for op in ExpressionNode.Arithmetic.allCases {
                // The binder gives both operands one sort: integers, decimals (of any scales) or doubles.
                let others = numeric.filter {
                    $0.isInteger == left.isInteger && $0.isDecimal == left.isDecimal && $0.isFloat == left.isFloat
                }
                let right = others[random.below(others.count)]
                guard let type = SQLType.arithmetic(Reference.decimal(op), left, right) else { continue }
                let columns = [random.column(left, rows: 23), random.column(right, rows: 23)]
                let operand: ExpressionNode =
                    random.below(3) == 0 ? .literal(random.value(right), right) : .column(1, right)
                let node = ExpressionNode.arithmetic(op, .column(0, left), operand, type)
                try check(node, columns, [left, right], seed: seed, &random)
            }
            let columns = [random.column(left, rows: 23)]
            try check(.negate(.column(0, left)), columns, [left], seed: seed, &random)
        }
    }

    @Test(arguments: UInt64(0)..<30)
    func casts(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for source in Self.types {
            for target in Self.types + [.char(length: 3), .varchar(length: 4), .real]
            where SQLType.canCast(from: source, to: target, context: .explicit) {
                let columns = [random.column(source, rows: 19)]
                let node = ExpressionNode.cast(.column(0, source), to: target, isTry: random.below(2) == 0)
                try check(node, columns, [source], seed: seed, &random)
            }
        }
    }

    /// Conditions nested at random, as values and as filters.
    @Test(arguments: UInt64(0)..<150)
    func conditions(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let types: [SQLType] = [.integer, .varchar(length: 20), .date, .boolean, .decimal(precision: 12, scale: 2)]
        let columns = types.map { random.column($0, rows: 41) }
        let node = random.condition(types, depth: 3)
        try check(node, columns, types, seed: seed, &random)
        let value: ExpressionNode = .caseWhen(
            [
                .init(condition: node, result: .column(0, .integer)),
                .init(condition: random.condition(types, depth: 1), result: .literal(.integer(7), .integer)),
            ],
            otherwise: random.below(2) == 0 ? nil : .column(0, .integer), .integer)
        try check(value, columns, types, seed: seed, &random)
    }

    @Test(arguments: UInt64(0)..<100)
    func like(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let type = SQLType.varchar(length: 20)
        let alphabet = ["a", "b", "é", "%", "_", "\\"]
        let texts = (0..<40).map { _ in
            random.below(9) == 0
                ? SQLValue.null
                : SQLValue((0..<random.below(9)).map { _ in alphabet[random.below(6)] }.joined())
        }
        for _ in 0..<10 {
            var pattern = (0..<random.below(7)).map { _ in ["a", "b", "é", "%", "%", "_", "\\%"][random.below(7)] }
                .joined()
            if pattern.hasSuffix("\\") { pattern += "_" }
            let node = ExpressionNode.match(
                .column(0, type), pattern: .literal(SQLValue(pattern), type), .like(escape: UInt8(ascii: "\\")),
                isNegated: random.below(2) == 0)
            try check(node, [texts], [type], seed: seed, &random)
        }
    }

    /// Evaluates on all forms of all columns (each column in its own form at a time) and compares row by row.
    private func check(
        _ node: ExpressionNode, _ columns: [[SQLValue]], _ types: [SQLType], seed: UInt64, _ random: inout SplitMix64
    ) throws {
        let count = columns[0].count
        var expected: [Result<SQLValue, SQLError>] = []
        for row in 0..<count {
            do throws(SQLError) {
                expected.append(.success(try Reference.value(node, columns.map { $0[row] })))
            } catch {
                expected.append(.failure(error))
            }
        }
        let forms = zip(columns, types).map { VectorForms.all($0, type: $1, random: &random) }
        for _ in 0..<4 {
            let chosen = forms.map { $0[random.below($0.count)] }
            let batch = Batch(columns: chosen.map(\.vector), count: count)
            let label = "seed \(seed), \(chosen.map(\.name)): \(node)"
            try compare(node, batch, expected, label)
        }
    }

    private func compare(
        _ node: ExpressionNode, _ batch: Batch, _ expected: [Result<SQLValue, SQLError>], _ label: String
    ) throws {
        let evaluator = ExpressionEvaluator(try ExpressionProgram(node))
        // Rows whose value is an error are left out first: then nothing may be raised.
        var selection = RowMask(count: batch.count)
        var errors: [SQLError] = []
        for (row, outcome) in expected.enumerated() {
            if case .failure(let error) = outcome {
                selection[row] = false
                errors.append(error)
            }
        }
        let vector = try evaluator.evaluate(batch, selection: selection)
        #expect(vector.kind == node.type.storage && vector.count == batch.count, "\(label)")
        for (row, outcome) in expected.enumerated() {
            guard case .success(let value) = outcome else { continue }
            let actual = vector.value(at: row, as: node.type)
            #expect(same(actual, value), "\(label): row \(row): \(actual), expected \(value)")
        }
        if node.type == .boolean {
            var mask = selection
            try evaluator.filter(batch, into: &mask)
            for (row, outcome) in expected.enumerated() {
                guard case .success(let value) = outcome else { continue }
                #expect(mask[row] == (value == .boolean(true)), "\(label): filter, row \(row), \(value)")
            }
        }
        if !errors.isEmpty {
            do throws(SQLError) {
                _ = try evaluator.evaluate(batch)
                Issue.record("\(label): no error, expected \(errors[0])")
            } catch {
                #expect(errors.contains { $0.state == error.state }, "\(label): \(error), expected \(errors[0])")
            }
        }
    }

    private func same(_ actual: SQLValue, _ expected: SQLValue) -> Bool {
        switch (actual, expected) {
        case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
        case (.real(let a), .real(let b)): a == b || (a.isNaN && b.isNaN)
        default: actual == expected
        }
    }
}

extension SplitMix64 {
    mutating func column(_ type: SQLType, rows: Int) -> [SQLValue] {
        switch below(8) {
        case 0: return [SQLValue](repeating: value(type), count: rows)
        case 1, 2: return (0..<rows).map { _ in below(4) == 0 ? .null : value(type) }
        default: return (0..<rows).map { _ in value(type) }
        }
    }

    /// Mostly small, sometimes at the type's limits.
    mutating func value(_ type: SQLType) -> SQLValue {
        let small = int64(in: -300...300)
        let isExtreme = below(12) == 0
        switch type {
        case .boolean: return .boolean(small > 0)
        case .smallint, .integer, .bigint:
            guard isExtreme else { return .integer(small) }
            return .integer([type.integerRange.lowerBound, type.integerRange.upperBound][below(2)])
        case .decimal(let precision, let scale):
            let bound = Decimal.maximumUnscaled(precision: precision)
            return .decimal(
                Decimal(unscaled: isExtreme ? (small < 0 ? -bound : bound) : Int128(small) * 10, scale: scale))
        case .double: return isExtreme ? .double([.nan, 0, -0.0, 1e300][below(4)]) : .double(Double(small) / 4)
        case .date: return .date(Int32(small))
        case .timestamp: return .timestamp(small * 3_600_000_000 * (isExtreme ? 24 : 1))
        default: return SQLValue(["", "a", "ab", "ab ", "b", "é", "12", "-7", "2001-02-03", "true"][below(10)])
        }
    }

    mutating func condition(_ types: [SQLType], depth: Int) -> ExpressionNode {
        if depth > 0 {
            let terms = (0..<2 + below(2)).map { _ in condition(types, depth: depth - 1) }
            switch below(6) {
            case 0, 1: return .and(terms)
            case 2: return .or(terms)
            case 3: return .not(terms[0])
            case 4: return .isBoolean(terms[0], below(2) == 0, isNegated: below(2) == 0)
            default: break
            }
        }
        let place = below(types.count)
        let column = ExpressionNode.column(place, types[place])
        if types[place] == .boolean, below(2) == 0 { return column }
        switch below(5) {
        case 0: return .isNull(column, isNegated: below(2) == 0)
        case 1: return .inList(column, [value(types[place]), value(types[place])], isNegated: below(2) == 0)
        default:
            let op = ExpressionNode.Comparison.allCases[below(6)]
            if types[place] == .date, below(3) == 0 {
                return .comparison(
                    op, .cast(column, to: .timestamp, isTry: false), .literal(value(.timestamp), .timestamp))
            }
            return .comparison(op, column, .literal(below(10) == 0 ? .null : value(types[place]), types[place]))
        }
    }
}
