import SQLTypes
import Testing

@testable import VectorEngine

/// Joins whose inner side is promised to be in the order of its key: whatever the rows then are like, the answer is that of
/// a naive join.
@Suite struct MergeJoinTests {
    /// How the rows of a side come.
    enum Order: CaseIterable { case sorted, unsortedRest, random, falling }

    private static let types: [SQLType] = [.bigint, .integer]

    /// Keys too far apart for an array of places, which yet fit the 32-bit codes that the generator makes; some twice or more, some null (at the end, if the rows are sorted).
    private func side(_ order: Order, count: Int, nullPercent: Int, _ random: inout SplitMix64) -> [Row] {
        var keys: [SQLValue] = (0..<count).map { _ in
            random.below(100) < nullPercent ? .null : .integer(Int64(random.below(count / 2 + 1)) * 10_000_019)
        }
        func sorted(_ keys: [SQLValue]) -> [SQLValue] {
            keys.filter { !$0.isNull }.sorted { SQLValue.compare($0, $1) == .less } + keys.filter(\.isNull)
        }
        switch order {
        case .sorted: keys = sorted(keys)
        case .unsortedRest:
            keys = sorted(Array(keys.prefix(count * 5 / 6))) + sorted(Array(keys.dropFirst(count * 5 / 6)))
        case .random: break
        case .falling: keys = sorted(keys).reversed()
        }
        return keys.enumerated().map { [$1, .integer(Int64($0))] }
    }

    @Test(arguments: Order.allCases, [JoinType.inner, .left])
    func agreesWithANaiveJoin(inner: Order, join: JoinType) throws {
        var random = SplitMix64(seed: 17)
        for outer in Order.allCases {
            for (outerCount, innerCount, nullPercent) in [
                (0, 9, 0), (9, 0, 0), (200, 60, 0), (60, 200, 10), (300, 300, 30), (40, 40, 100),
            ] {
                let left = side(outer, count: outerCount, nullPercent: nullPercent, &random)
                let right = side(inner, count: innerCount, nullPercent: nullPercent, &random)
                let table = try JoinTable(
                    SavedRows(slice: 0, batches: random.batches(right, Self.types)), keys: [0], keyTypes: [.bigint],
                    payload: [0, 1], payloadTypes: Self.types, isOrdered: true
                ) { () throws(SQLError) in }
                if inner == .sorted, innerCount > 0, nullPercent < 100 { #expect(table.algorithm == "merge") }
                let operation = try HashJoinOperator(
                    table: table, type: join, keys: [0], residual: nil, probeOutput: [0, 1], buildOutput: [0, 1],
                    probeKinds: Self.types.map(\.storage))
                let output = try run(operation, random.batches(left, Self.types, largest: 70))
                var expected: [Row] = []
                for row in left {
                    let partners = right.filter { SQLValue.compare($0[0], row[0]) == .equal }
                    expected += partners.map { row + $0 }
                    if join == .left, partners.isEmpty { expected.append(row + [.null, .null]) }
                }
                #expect(
                    sameRows(output.rows(Self.types + Self.types), expected),
                    "\(join), outer \(outer) × \(outerCount), inner \(inner) × \(innerCount): \(table.algorithm)")
            }
        }
    }

    /// Rows come out in the order of the outer side, and within it of the inner one: a merge above may go on with it.
    @Test func theOrderOfTheOuterSideIsKept() throws {
        var random = SplitMix64(seed: 19)
        let left = side(.sorted, count: 500, nullPercent: 0, &random)
        let right = side(.sorted, count: 300, nullPercent: 0, &random)
        let table = try JoinTable(
            SavedRows(slice: 0, batches: random.batches(right, Self.types)), keys: [0], keyTypes: [.bigint],
            payload: [1],
            payloadTypes: [.integer], isOrdered: true
        ) { () throws(SQLError) in }
        let operation = try HashJoinOperator(
            table: table, type: .inner, keys: [0], residual: nil, probeOutput: [1], buildOutput: [0],
            probeKinds: Self.types.map(\.storage))
        let rows = try run(operation, random.batches(left, Self.types)).rows([.integer, .integer])
        let expected = left.flatMap { row in
            right.filter { SQLValue.compare($0[0], row[0]) == .equal }.map { [row[1], $0[1]] }
        }
        #expect(rows == expected)
    }

    @Test func keysCloseTogetherAreReachedDirectly() throws {
        let rows = (0..<100).map { [SQLValue.integer(Int64($0)), .integer(0)] }
        var random = SplitMix64(seed: 1)
        let table = try JoinTable(
            SavedRows(slice: 0, batches: random.batches(rows, Self.types)), keys: [0], keyTypes: [.bigint],
            payload: [1],
            payloadTypes: [.integer], isOrdered: true
        ) { () throws(SQLError) in }
        #expect(table.algorithm == "dense array")
    }
}
