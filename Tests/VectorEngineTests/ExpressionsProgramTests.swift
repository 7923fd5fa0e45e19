import SQLTypes
import Testing

@testable import VectorEngine

/// What the compiler and the evaluator promise beyond right values.
struct ExpressionsProgramTests {
    private static let date = SQLType.date
    private static let money = SQLType.decimal(precision: 12, scale: 2)

    private func column(_ type: SQLType, _ values: [Int64]) -> Vector {
        .of(values.map { SQLValue(storedInteger: Int128($0), as: type) }, type: type)
    }

    /// TPC-H Q6: DATE beside TIMESTAMP, DECIMAL beside INTEGER; one range for each column.
    @Test func comparisonsBecomeRanges() throws {
        let year = TimeOfDay.microsecondsPerDay * 366
        let program = try ExpressionProgram(
            .and([
                .comparison(.greaterOrEqual, .column(0, Self.date), .literal(.date(0), Self.date)),
                .comparison(
                    .less, .cast(.column(0, Self.date), to: .timestamp, isTry: false),
                    .literal(.timestamp(year), .timestamp)),
                .comparison(
                    .less, .literal(.decimal(Decimal(unscaled: 55, scale: 3)), .decimal(precision: 13, scale: 3)),
                    .cast(.column(1, Self.money), to: .decimal(precision: 13, scale: 3), isTry: false)),
            ]))
        #expect(
            program.columnRanges == [
                ColumnRange(column: 0, lower: 0, upper: 365), ColumnRange(column: 1, lower: 6, upper: .max),
            ])
    }

    @Test func impossibleRangesKeepNothing() throws {
        let program = try ExpressionProgram(
            .comparison(
                .equal, .cast(.column(0, Self.date), to: .timestamp, isTry: false), .literal(.timestamp(1), .timestamp))
        )
        var mask = RowMask(count: 2)
        try ExpressionEvaluator(program).filter(Batch(columns: [column(.date, [0, 1])], count: 2), into: &mask)
        #expect(!mask.keepsAny)
    }

    /// A later conjunct sees only the rows that reach it, and a term that cannot raise goes first.
    @Test func conjunctsGuardEachOther() throws {
        let quotient = ExpressionNode.arithmetic(
            .divide, .literal(.integer(10), .integer), .column(0, .integer), .integer)
        let isLarge = ExpressionNode.comparison(.greater, quotient, .literal(.integer(3), .integer))
        let isSet = ExpressionNode.comparison(.notEqual, .column(0, .integer), .literal(.integer(0), .integer))
        let batch = Batch(columns: [column(.integer, [0, 2, 5])], count: 3)
        for node in [ExpressionNode.and([isSet, isLarge]), .and([isLarge, isSet])] {
            var mask = RowMask(count: 3)
            try ExpressionEvaluator(try ExpressionProgram(node)).filter(batch, into: &mask)
            #expect(mask.selectionVector() == [1])
        }
        let guarded = ExpressionNode.caseWhen([.init(condition: isSet, result: quotient)], otherwise: nil, .integer)
        let vector = try ExpressionEvaluator(try ExpressionProgram(guarded)).evaluate(batch)
        #expect((0..<3).map { vector.value(at: $0, as: .integer) } == [.null, .integer(5), .integer(2)])
        #expect(throws: SQLError.divisionByZero) {
            try ExpressionEvaluator(try ExpressionProgram(quotient)).evaluate(batch)
        }
    }

    /// DECIMAL(12,2) × DECIMAL(12,2) is a DECIMAL(25,4), but stays in 64 bits while it can.
    @Test func productsStayNarrow() throws {
        let type = SQLType.decimal(precision: 25, scale: 4)
        let node = ExpressionNode.arithmetic(.multiply, .column(0, Self.money), .column(1, Self.money), type)
        let evaluator = ExpressionEvaluator(try ExpressionProgram(node))
        let small = Batch(columns: [column(Self.money, [1_000_00]), column(Self.money, [7])], count: 1)
        #expect(try evaluator.evaluateAll(small, narrow: [true])[0].kind == .int64)
        #expect(try evaluator.evaluate(small).kind == .int128)
        let most: Int64 = 999_999_999_999
        let large = Batch(columns: [column(Self.money, [most]), column(Self.money, [most])], count: 1)
        let product = try evaluator.evaluateAll(large, narrow: [true])[0]
        #expect(product.value(at: 0, as: type) == .decimal(Decimal(unscaled: Int128(most) * Int128(most), scale: 4)))
    }

    /// Twice in one expression, once more in another: one node. But where a row may not raise its error, its value is not
    /// what others see.
    @Test func whatOccursTwiceIsComputedOnce() throws {
        let sum = ExpressionNode.arithmetic(.add, .column(0, .integer), .column(1, .integer), .integer)
        let square = ExpressionNode.arithmetic(.multiply, sum, sum, .integer)
        let program = try ExpressionProgram([
            square, sum, ExpressionNode.arithmetic(.add, square, .literal(.integer(1), .integer), .integer),
        ])
        let evaluator = ExpressionEvaluator(program)
        func isSum(_ node: ExpressionProgram.Node) -> Bool {
            if case .arithmetic(let operations) = node.operation, operations == [.add] {
                node.columns == [0, 1] && node.operands == [0, 1]
            } else {
                false
            }
        }
        #expect(program.nodes.filter(isSum).count == 1)
        for values: [Int64] in [[1, 2], [3, 4]] {
            let batch = Batch(columns: [column(.integer, values), column(.integer, [10, 20])], count: 2)
            let results = try evaluator.evaluateAll(batch, narrow: [false, false, false])
            let expected = zip(values, [10, 20]).map { $0 + $1 }
            #expect((0..<2).map { results[0].value(at: $0, as: .integer) } == expected.map { .integer($0 * $0) })
            #expect((0..<2).map { results[1].value(at: $0, as: .integer) } == expected.map { .integer($0) })
            #expect((0..<2).map { results[2].value(at: $0, as: .integer) } == expected.map { .integer($0 * $0 + 1) })
        }
        let quotient = ExpressionNode.arithmetic(.divide, .column(0, .integer), .column(1, .integer), .integer)
        let isSet = ExpressionNode.comparison(.notEqual, .column(1, .integer), .literal(.integer(0), .integer))
        let guarded = ExpressionNode.caseWhen([.init(condition: isSet, result: quotient)], otherwise: nil, .integer)
        let both = ExpressionEvaluator(try ExpressionProgram([guarded, quotient]))
        let batch = Batch(columns: [column(.integer, [6, 7]), column(.integer, [2, 0])], count: 2)
        #expect(throws: SQLError.divisionByZero) { try both.evaluateAll(batch, narrow: [false, false]) }
    }

    /// Entries of a dictionary are other rows than the batch's: what is shared among them must not leak into it.
    @Test func sharedValuesOfDictionaryEntriesStayAmongThem() throws {
        let text = SQLType.varchar(length: 10)
        let upper = ExpressionNode.call("upper", [.column(0, text)], text)
        let both = ExpressionNode.call("length", [.call("concat", [upper, upper], text)], .integer)
        let evaluator = ExpressionEvaluator(try ExpressionProgram([both, upper]))
        var arena = StringArena()
        let views = ["ab", "c"].map { Array($0.utf8).withUnsafeBufferPointer { arena.copy($0) } }
        let dictionary = StringDictionary(views: Buffer(views), owners: arena.seal())
        let codes = Vector(
            kind: .bytes, count: 5, form: .dictionary(.u8(Buffer([0, 1, 1, 0, 1] as [UInt8])), dictionary))
        let results = try evaluator.evaluateAll(Batch(columns: [codes], count: 5), narrow: [false, false])
        #expect((0..<5).map { results[0].value(at: $0, as: .integer) } == [4, 2, 2, 4, 2].map { .integer($0) })
        #expect((0..<5).map { results[1].value(at: $0, as: text) } == ["AB", "C", "C", "AB", "C"].map { SQLValue($0) })
    }

    /// The same dictionary is looked at once; another one anew.
    @Test func dictionariesAreLookedAtOnce() throws {
        let text = SQLType.varchar(length: 10)
        let node = ExpressionNode.call("upper", [.column(0, text)], text)
        let evaluator = ExpressionEvaluator(try ExpressionProgram(node))
        func batch(_ strings: [String]) -> Batch {
            var arena = StringArena()
            let views = strings.map { Array($0.utf8).withUnsafeBufferPointer { arena.copy($0) } }
            let dictionary = StringDictionary(views: Buffer(views), owners: arena.seal())
            let codes = Codes.u8(Buffer((0..<6).map { UInt8($0 % strings.count) }))
            return Batch(columns: [Vector(kind: .bytes, count: 6, form: .dictionary(codes, dictionary))], count: 6)
        }
        func dictionary(_ vector: Vector) -> StringDictionary? {
            if case .dictionary(_, let dictionary) = vector.form { dictionary } else { nil }
        }
        let first = batch(["a", "b", "A"])
        let one = try #require(dictionary(try evaluator.evaluate(first.slice(0..<3))))
        let two = try #require(dictionary(try evaluator.evaluate(first.slice(3..<6))))
        #expect(one === two)
        let result = try evaluator.evaluate(batch(["x"]))
        #expect(result.value(at: 5, as: text) == SQLValue("X"))
        // 'a' and 'A' become the same string, and so the same code (and there is the row for NULL).
        #expect(one.count <= 3)
    }

    @Test func deepNestingIsRefused() {
        var node = ExpressionNode.column(0, .boolean)
        for _ in 0...ExpressionProgram.depthMaximum { node = .not(node) }
        #expect(throws: SQLError.self) { try ExpressionProgram(node) }
    }

    @Test func dateArithmetic() throws {
        let cases: [(ExpressionNode, String)] = [
            (
                .arithmetic(
                    .subtract, .literal(.date(31), .date),
                    .literal(.interval(months: 1, days: 0, microseconds: 0), .intervalYearToMonth), .timestamp),
                "2000-01-01 00:00:00"
            ),
            (
                .arithmetic(
                    .add, .literal(.date(30), .date),
                    .literal(.interval(months: 1, days: 1, microseconds: 1_000_000), .intervalDayToSecond), .timestamp),
                "2000-03-01 00:00:01"
            ),
            (.arithmetic(.add, .literal(.date(0), .date), .literal(.integer(45), .integer), .date), "2000-02-15"),
            (.arithmetic(.subtract, .literal(.date(45), .date), .literal(.date(0), .date), .integer), "45"),
            (
                .arithmetic(
                    .multiply, .literal(.interval(months: 0, days: 2, microseconds: 0), .intervalDayToSecond),
                    .literal(.integer(3), .integer), .intervalDayToSecond), "6 days"
            ),
        ]
        for (node, text) in cases {
            let value = try ExpressionEvaluator.value(of: node)
            #expect(String(decoding: value.text(as: node.type), as: UTF8.self) == text)
        }
    }

    @Test func volatileCallsAreMadeForEachRow() throws {
        let node = ExpressionNode.call("random", [], .double)
        let evaluator = ExpressionEvaluator(try ExpressionProgram(node), context: EvaluationContext(randomSeed: 3))
        let vector = try evaluator.evaluate(Batch(columns: [], count: 4))
        #expect(Set((0..<4).map { vector.value(at: $0, as: .double) }).count == 4)
    }

    @Test func names() {
        let canonical = BuiltinFunctions.scalar.map(\.signature.name)
        let all = BuiltinFunctions.scalar.flatMap(\.signature.names)
        #expect(Set(canonical).count == canonical.count && Set(all).count == all.count)
        // What is not in lower case, SQL text cannot name: what the binder writes for subqueries, arrays and rows.
        let comparisons = ["=", "<>", "<", "<=", ">", ">="].flatMap { ["\($0) ANY", "\($0) ALL"] }
        let ofBinder = ["SINGLE_ROW", "ARRAY", "ARRAY_PART", "ARRAY_OF_PARTS", "ROW", "ELEMENT"] + comparisons
        #expect(Set(all.filter { $0 != $0.lowercased() }) == Set(ofBinder))
    }

    @Test(arguments: [0, 1, 239, 240, 241, 2_048, 5_000])
    func masks(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        var mask = RowMask()
        mask.reset(count: count)
        #expect(mask.keepsAll && mask.keptCount == count)
        var kept: [UInt32] = []
        for row in 0..<count {
            mask[row] = random.below(3) == 0
            if mask[row] { kept.append(UInt32(row)) }
        }
        #expect(mask.selectionVector() == kept && mask.keptCount == kept.count && mask.keepsAny == !kept.isEmpty)
        mask.dropAll()
        #expect(!mask.keepsAny && mask.selectionVector().isEmpty)
    }
}

/// A range that a conjunct asks of a column of integers, both ends included.
private struct ColumnRange: Hashable {
    let column: Int
    let lower: Int64
    let upper: Int64
}

extension ExpressionProgram {
    fileprivate var columnRanges: [ColumnRange] { ranges(root) }

    private func ranges(_ index: Int) -> [ColumnRange] {
        switch nodes[index].operation {
        case .and: return nodes[index].operands.flatMap(ranges)
        case .inRange(let range, false):
            guard case .column(let column) = nodes[nodes[index].operands[0]].operation else { return [] }
            return [ColumnRange(column: column, lower: range.lower, upper: range.upper)]
        default: return []
        }
    }
}
