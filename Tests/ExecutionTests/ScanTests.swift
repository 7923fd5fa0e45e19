import Catalog
import QueryPlan
import SQLTypes
import Storage
import Testing
import VectorEngine

@testable import Execution

@Suite struct ScanTests {
    private static let types: [SQLType] = [.date, .integer, .varchar(length: 20), .bigint]

    /// Row groups of 3,000 rows whose dates rise from one to the next; the string is null in each seventh row.
    private func parts(_ count: Int) -> [[Row]] {
        (0..<count).map { part in
            (0..<3_000).map { row -> Row in
                let date = SQLValue.date(Int32(part * 100 + row / 30))
                let name = row % 7 == 0 ? SQLValue.null : SQLValue("name \(row % 11)")
                return [date, .integer(Int64(row % 50)), name, .integer(Int64(part * 1_000_000 + row))]
            }
        }
    }

    private func cluster(_ parts: [[Row]]) throws -> (TestCluster, TableDefinition) {
        let cluster = try TestCluster()
        let table = try cluster.makeTable([("d", .date), ("n", .integer), ("s", .varchar(length: 20)), ("id", .bigint)])
        try cluster.load(table, slice: 0, parts)
        return (cluster, table)
    }

    private func scan(_ table: TableDefinition, _ filter: BoundExpression?, output: [Int]) -> Step {
        .scan(
            TableScan(
                table: table.id, columns: [0, 1, 2, 3], types: Self.types, filter: filter, output: output,
                share: .ownPartition))
    }

    private func compare(_ column: Int, _ op: ComparisonOperator, _ value: SQLValue) -> BoundExpression {
        .comparison(op, .column(column, Self.types[column]), .literal(value, Self.types[column]))
    }

    @Test func filtersAgreeWithRowByRowEvaluation() throws {
        let parts = parts(3)
        let (cluster, table) = try cluster(parts)
        let all = parts.flatMap(\.self)
        let filters: [(BoundExpression?, (Row) -> Bool)] = [
            (nil, { _ in true }),
            (compare(0, .less, .date(105)), { SQLValue.compare($0[0], .date(105)) == .less }),
            (compare(1, .equal, .integer(7)), { $0[1] == .integer(7) }),
            (compare(1, .greaterOrEqual, .integer(0)), { _ in true }),
            (compare(1, .greater, .integer(49)), { _ in false }),
            (
                .and([compare(0, .greaterOrEqual, .date(150)), compare(2, .equal, SQLValue("name 3"))]),
                { SQLValue.compare($0[0], .date(150)) != .less && $0[2] == SQLValue("name 3") }
            ),
            (.isNull(.column(2, Self.types[2]), isNegated: false), { $0[2].isNull }),
            (
                .inList(.column(0, .date), [.date(3), .date(299)], isNegated: false),
                { [.date(3), .date(299)].contains($0[0]) }
            ),
            (
                .or([compare(0, .equal, .date(1)), compare(1, .equal, .integer(2))]),
                { $0[0] == .date(1) || $0[1] == .integer(2) }
            ),
        ]
        for (filter, isKept) in filters {
            let result = try cluster.rows(
                [scan(table, filter, output: [3, 0, 2])], [.bigint, .date, .varchar(length: 20)])
            let expected = all.filter(isKept).map { [$0[3], $0[0], $0[2]] }
            #expect(result.rows == expected, "\(String(describing: filter))")
            let trace = result.steps[0]
            #expect(trace.rowsStored == 9_000 && trace.rowsOut == Int64(expected.count))
            #expect(trace.blocksRead >= 0 && trace.blocksSkipped >= 0)
        }
    }

    @Test func zoneMapsSpareRowGroups() throws {
        let (cluster, table) = try cluster(parts(4))
        let trace = try cluster.rows([scan(table, compare(0, .equal, .date(250)), output: [3])], [.bigint]).steps[0]
        #expect(trace.rowsOut == 30)
        #expect(trace.rowGroupsRead.count == 1)
        #expect(trace.blocksRead == 2)
        #expect(trace.blocksSkipped == 14)
    }

    /// No row passes: the columns of the output are never read.
    @Test func outputColumnsAreReadForSurvivorsOnly() throws {
        let (cluster, table) = try cluster(parts(1))
        let filter = BoundExpression.comparison(
            .equal, .arithmetic(.add, .column(1, .integer), .literal(.integer(1), .integer), .integer),
            .literal(.integer(1_000), .integer))
        let trace = try cluster.rows([scan(table, filter, output: [2, 3])], [.varchar(length: 20), .bigint]).steps[0]
        #expect(trace.rowsOut == 0)
        #expect(trace.blocksRead == 1)
        #expect(trace.blocksSkipped == 3)
    }

    @Test func slicesShareACopyOfAnAllTable() throws {
        let cluster = try TestCluster(nodes: 2, slicesPerNode: 2)
        let table = try cluster.makeTable([("n", .integer)], .all)
        for slice in [0, 2] { try cluster.load(table, slice: slice, (0..<5).map { integers($0 * 10..<$0 * 10 + 10) }) }
        func rows(_ share: TableScan.Share) throws -> [[Row]] {
            let scan = TableScan(
                table: table.id, columns: [0], types: [.integer], filter: nil, output: [0], share: share)
            return try (0..<4).map { try cluster.rows([.scan(scan)], [.integer], slice: $0).rows }
        }
        #expect(try rows(.nodeCopy).map(\.count) == [30, 20, 30, 20])
        #expect(try rows(.oneCopy).map(\.count) == [30, 20, 0, 0])
        let first = try rows(.oneCopy)
        #expect((first[0] + first[1]).sorted { "\($0)" < "\($1)" } == integers(0..<50).sorted { "\($0)" < "\($1)" })
    }

    @Test func zoneFilterSaysAllOnlyWhenItIsSure() {
        let zone = ZoneMap(minimum: .integer(10), maximum: .integer(12), nullCount: 0, rowCount: 5)
        let single = ZoneMap(minimum: .integer(10), maximum: .integer(10), nullCount: 0, rowCount: 5)
        let withNull = ZoneMap(minimum: .integer(10), maximum: .integer(12), nullCount: 1, rowCount: 5)
        let column = BoundExpression.column(0, .integer)
        for op in [ComparisonOperator.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual] {
            for value: Int64 in 8...14 {
                let literal = BoundExpression.literal(.integer(value), .integer)
                func holds(_ row: Int64) -> Bool {
                    switch op {
                    case .equal: row == value
                    case .notEqual: row != value
                    case .less: row < value
                    case .lessOrEqual: row <= value
                    case .greater: row > value
                    case .greaterOrEqual: row >= value
                    }
                }
                for (zone, rows) in [(zone, 10...12), (single, 10...10)] {
                    let expected = rows.allSatisfy { holds(Int64($0)) }
                    #expect(ZoneFilter.mustMatch(.comparison(op, column, literal)) { _ in zone } == expected)
                    #expect(ZoneFilter.mustMatch(.comparison(op.mirrored, literal, column)) { _ in zone } == expected)
                }
                #expect(!ZoneFilter.mustMatch(.comparison(op, column, literal)) { _ in withNull })
                #expect(!ZoneFilter.mustMatch(.comparison(op, column, literal)) { _ in nil })
            }
        }
        let double = BoundExpression.comparison(.less, .column(0, .double), .literal(.double(99), .double))
        #expect(
            !ZoneFilter.mustMatch(double) { _ in
                ZoneMap(minimum: .double(1), maximum: .double(2), nullCount: 0, rowCount: 5)
            })
    }

    @Test func zoneFilterSaysNoOnlyWhenItIsSure() {
        let zone = ZoneMap(minimum: .integer(10), maximum: .integer(20), nullCount: 0, rowCount: 5)
        let nulls = ZoneMap(nullCount: 5, rowCount: 5)
        func asks(_ op: ComparisonOperator, _ value: Int64, _ zone: ZoneMap?) -> Bool {
            let column = BoundExpression.column(0, .integer)
            let literal = BoundExpression.literal(.integer(value), .integer)
            let straight = ZoneFilter.mayMatch(.comparison(op, column, literal)) { _ in zone }
            let mirrored = ZoneFilter.mayMatch(.comparison(op.mirrored, literal, column)) { _ in zone }
            #expect(straight == mirrored)
            return straight
        }
        for (op, value, expected) in [
            (.equal, 9, false), (.equal, 10, true), (.equal, 20, true), (.equal, 21, false), (.less, 10, false),
            (.less, 11, true), (.lessOrEqual, 9, false), (.lessOrEqual, 10, true), (.greater, 20, false),
            (.greater, 19, true),
            (.greaterOrEqual, 21, false), (.greaterOrEqual, 20, true), (.notEqual, 15, true),
        ] as [(ComparisonOperator, Int64, Bool)] {
            #expect(asks(op, value, zone) == expected, "\(op.rawValue) \(value)")
            #expect(!asks(op, value, nulls))
            #expect(asks(op, value, nil))
        }
        let wide = BoundExpression.comparison(
            .equal, .cast(.column(0, .integer), to: .decimal(precision: 12, scale: 2), isTry: false),
            .literal(.decimal(Decimal(unscaled: 3_000, scale: 2)), .decimal(precision: 12, scale: 2)))
        #expect(!ZoneFilter.mayMatch(wide) { _ in zone })
    }
}
