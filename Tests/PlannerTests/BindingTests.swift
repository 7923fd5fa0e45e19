import Catalog
import Foundation
import QueryPlan
import SQLSyntax
import SQLTypes
import Testing

@testable import Planner

/// Types, names and constants of select lists.
@Suite struct BindingTests {
    static func plan(_ sql: String, parameters: [PlanningContext.Parameter] = []) throws -> QueryPlan {
        var context = try GoldenTests.context("shapes")
        context.parameters = parameters
        guard case .query(let plan) = try Planner(context: context).plan(try parseStatement(sql).statement) else {
            throw SQLError.internalError("no query")
        }
        return plan
    }

    struct Typing: Sendable { let expression: String, type: String, name: String }

    static let typings: [Typing] = [
        Typing(expression: "5 / 2", type: "integer", name: "?column?"),
        Typing(expression: "order_id + 1", type: "integer", name: "?column?"),
        Typing(expression: "total * 2", type: "numeric(21,2)", name: "?column?"),
        Typing(expression: "total / total", type: "numeric(21,11)", name: "?column?"),
        Typing(expression: "sum(total)", type: "numeric(38,2)", name: "sum"),
        Typing(expression: "sum(order_id)", type: "bigint", name: "sum"),
        Typing(expression: "avg(order_id)", type: "bigint", name: "avg"),
        Typing(expression: "avg(total) as mean", type: "numeric(38,2)", name: "mean"),
        Typing(expression: "count(*)", type: "bigint", name: "count"),
        Typing(expression: "stddev(total)", type: "double precision", name: "stddev"),
        Typing(expression: "min(total)", type: "numeric(10,2)", name: "min"),
        Typing(expression: "case when order_id > 1 then 1 else 2.5 end", type: "numeric(11,1)", name: "case"),
        Typing(expression: "order_id::bigint", type: "bigint", name: "order_id"),
        Typing(expression: "'7'::smallint", type: "smallint", name: "int2"),
        Typing(expression: "coalesce(order_id, 0)", type: "integer", name: "coalesce"),
        Typing(expression: "'abc'", type: "character varying(3)", name: "?column?"),
        Typing(expression: "date '2020-01-31' + 1", type: "date", name: "?column?"),
        Typing(expression: "date '2020-03-01' - date '2020-02-01'", type: "integer", name: "?column?"),
        Typing(
            expression: "date '2020-01-31' + interval '1 month'", type: "timestamp without time zone", name: "?column?"),
        Typing(expression: "extract(year from date '2020-01-31')", type: "integer", name: "date_part"),
    ]

    @Test(arguments: typings)
    func expressionHasTypeAndName(_ typing: Typing) throws {
        let plan = try Self.plan("select \(typing.expression) from orders")
        #expect(plan.output == [OutputColumn(name: typing.name, type: plan.output[0].type)])
        #expect(plan.output[0].type.description == typing.type, "\(typing.expression)")
    }

    struct Folding: Sendable { let expression: String, folded: String }

    static let foldings: [Folding] = [
        Folding(expression: "1 + 2 * 3", folded: "7"),
        Folding(expression: "7 / 2", folded: "3"),
        Folding(expression: "1.5 + 0.25", folded: "1.75"),
        Folding(
            expression: "date '1998-12-01' - interval '90' day",
            folded: "'1998-09-02 00:00:00'::timestamp without time zone"),
        Folding(expression: "date '2020-02-28' + 2", folded: "'2020-03-01'::date"),
        Folding(expression: "date '2020-03-01' - date '2020-02-01'", folded: "29"),
        Folding(expression: "2 between 1 and 3", folded: "true"),
        Folding(expression: "not (1 in (1, 2))", folded: "false"),
        Folding(expression: "null is null", folded: "true"),
        Folding(expression: "abs(-5)", folded: "5"),
        Folding(expression: "nvl(null, 4)", folded: "4"),
        Folding(expression: "'12'::int + 1", folded: "13"),
        Folding(expression: "1 / 0", folded: "(1 / 0)"),
        Folding(expression: "2147483647 + 1", folded: "(2147483647 + 1)"),
        Folding(expression: "$1 + 1", folded: "42"),
    ]

    @Test(arguments: foldings)
    func constantsAreFolded(_ folding: Folding) throws {
        let plan = try Self.plan(
            "select \(folding.expression)", parameters: [PlanningContext.Parameter(.integer(41), .integer)])
        guard case .project(let expressions) = plan.segments[0].steps.last else {
            Issue.record("no projection: \(PlanText.lines(plan))")
            return
        }
        #expect(expressions.map { $0.explainText { "#\($0)" } } == [folding.folded])
    }

    @Test func lateralAliasIsInlinedAndAColumnOfFromWins() throws {
        let plan = try Self.plan(
            "select total * 2 as double, double + 1 as more, order_id as total, total as t from orders")
        #expect(plan.output.map(\.name) == ["double", "more", "total", "t"])
        #expect(plan.output[3].type == .decimal(precision: 10, scale: 2))
    }

    @Test func aliasesAndOrdinalsWorkInGroupByAndOrderBy() throws {
        let byAlias = try Self.plan("select day_id / 7 as week, count(*) from orders group by week order by week")
        let byOrdinal = try Self.plan("select day_id / 7 as week, count(*) from orders group by 1 order by 1")
        #expect(PlanText.lines(byAlias) == PlanText.lines(byOrdinal))
    }

    @Test func starPutsUsingColumnsFirstAndOnce() throws {
        let plan = try Self.plan("select * from orders o join customers c using (cust_id)")
        #expect(plan.output.map(\.name) == ["cust_id", "order_id", "day_id", "total", "region", "name"])
    }

    @Test func commonTablesAreBoundWhereTheyAreUsed() throws {
        let plan = try Self.plan(
            "with a as (select cust_id c, sum(total) s from orders group by 1), b (x) as (select max(s) from a) "
                + "select a.c from a, b where a.s = b.x")
        #expect(plan.output.map(\.name) == ["c"])
        #expect(plan.tables.count == 1)
    }

    @Test func tablesAreCollocatedOnlyWithEqualTypes() throws {
        let plan = try Self.plan("select 1 from orders2 a join lines b on a.order_id::bigint = b.order_id")
        #expect(plan.explainLines.joined().contains("DS_DIST_NONE") == false)
    }
}

/// CREATE TABLE and its relatives.
@Suite struct DefinitionTests {
    static func definition(_ sql: String) throws -> TableDefinition {
        let context = try GoldenTests.context("tickit")
        switch try Planner(context: context).plan(try parseStatement(sql).statement) {
        case .createTable(let table), .createTableAs(let table, _): return table
        default: throw SQLError.internalError("no definition")
        }
    }

    @Test func nothingStatedIsAutomatic() throws {
        let table = try Self.definition("create table t (a int, b varchar(10) not null default 'x')")
        #expect(table.distribution == Distribution(isAutomatic: true, .even))
        #expect(table.sortKey == .auto)
        #expect(table.columns[1].isNullable == false)
        #expect(table.columns[1].defaultText == "'x'")
        #expect(table.columns.map(\.encoding) == [.az64, .lzo])
    }

    @Test func keysOfColumnsAndOfTheTable() throws {
        let first = try Self.definition("create table t (a int distkey sortkey, b int encode zstd)")
        #expect(first.distribution == Distribution(.key(column: 0)))
        #expect(first.sortKey == .compound([0]))
        #expect(first.columns.map(\.encoding) == [.raw, .zstd])
        let second = try Self.definition(
            "create table t (a int, b int, primary key (a)) diststyle key distkey (b) interleaved sortkey (b, a)")
        #expect(second.distribution == Distribution(.key(column: 1)))
        #expect(second.sortKey == .interleaved([1, 0]))
        #expect(second.constraints == [.primaryKey(name: nil, columns: [0])])
        #expect(second.columns[0].isNullable == false)
    }

    struct Inheritance: Sendable { let query: String, distribution: Distribution, sort: SortKey }

    /// - Source: Redshift developer guide, "CTAS usage notes", here with sales distributed on listid and sorted by
    ///   dateid.
    static let inheritances = [
        Inheritance(
            query: "select listid, dateid, qtysold from sales", distribution: Distribution(.key(column: 0)),
            sort: .compound([1])),
        Inheritance(
            query: "select listid, dateid, qtysold from sales limit 100", distribution: Distribution(.even), sort: .none
        ),
        Inheritance(
            query: "select listid, dateid, qtysold from sales order by listid",
            distribution: Distribution(.key(column: 0)), sort: .compound([0])),
        Inheritance(
            query: "select listid, dateid, qtysold from sales order by qtysold",
            distribution: Distribution(.key(column: 0)), sort: .compound([2])),
        Inheritance(
            query: "select listid, dateid, sum(qtysold) from sales group by listid, dateid",
            distribution: Distribution(.even), sort: .none),
    ]

    @Test(arguments: inheritances)
    func createTableAsTakesKeysFromItsQuery(_ inheritance: Inheritance) throws {
        let table = try Self.definition("create table t as \(inheritance.query)")
        #expect(table.distribution == inheritance.distribution)
        #expect(table.sortKey == inheritance.sort)
    }

    @Test func statedKeysOfCreateTableAsWin() throws {
        let table = try Self.definition(
            "create table t (x, y) distkey (2) sortkey (x) as select eventid, venueid from event")
        #expect(table.columns.map(\.name) == ["x", "y"])
        #expect(table.distribution == Distribution(.key(column: 1)))
        #expect(table.sortKey == .compound([0]))
    }

    @Test func otherStatementsResolveTheirTables() throws {
        let planner = Planner(context: try GoldenTests.context("tickit"))
        func plan(_ sql: String) throws -> PlannedStatement { try planner.plan(try parseStatement(sql).statement) }
        if case .dropTables(let dropped, let missing) = try plan("drop table if exists sales, nowhere") {
            #expect(dropped.tables.count == 1)
            #expect(missing == ["nowhere"])
        } else {
            Issue.record("no drop")
        }
        if case .analyze(let targets) = try plan("analyze sales (listid, dateid)") {
            #expect(targets.map(\.columns) == [[1, 5]])
        } else {
            Issue.record("no analyze")
        }
        if case .copy(_, let columns, _) = try plan("copy venue (venuename, venueid) from 's3://b/p' iam_role default")
        {
            #expect(columns == [1, 0])
        } else {
            Issue.record("no copy")
        }
        if case .alreadyExists(let name) = try plan("create table if not exists sales (a int)") {
            #expect(name == "sales")
        } else {
            Issue.record("no notice")
        }
        if case .explain(let plan, false) = try plan("explain select * from category") {
            #expect(plan.explainLines == ["XN Seq Scan on category  (cost=0.00..0.11 rows=11 width=49)"])
        } else {
            Issue.record("no explain")
        }
    }
}

/// Deep nesting must end in an answer or an error, on the stack of a Dispatch thread.
@Suite struct NestingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let sql: String
        var testDescription: String { name }
    }

    static let cases: [Case] = [100, 200, 400, 990].flatMap { depth -> [Case] in
        let open = String(repeating: "abs(", count: depth)
        let close = String(repeating: ")", count: depth)
        let cases = String(repeating: "case when true then 1 + ", count: depth)
        let subqueries = String(repeating: "select * from (", count: depth)
        let statements = [
            "select \(open)order_id\(close) from orders",
            "select \(cases)order_id\(String(repeating: " end", count: depth)) from orders",
            "\(subqueries)select 1 from orders\(String(repeating: ") t", count: depth))",
            "select * from orders where \(String(repeating: "not (total > 1 or ", count: depth))total = 1\(close)",
            "select * from orders where \(String(repeating: "total = 1 and ", count: depth * 10))total = 1",
        ]
        let kinds = ["calls", "CASE", "subqueries", "NOT and OR", "AND"]
        return zip(kinds, statements).map { Case(name: "\(depth) \($0)", sql: $1) }
    }

    @Test(.serialized, arguments: cases)
    func endsInAnAnswerOrAnError(_ item: Case) throws {
        let context = try GoldenTests.context("shapes")
        let thread = Thread {
            do {
                _ = try Planner(context: context).plan(try parseStatement(item.sql).statement)
            } catch {}
        }
        thread.stackSize = 8 * 1_024 * 1_024
        thread.start()
        while !thread.isFinished { Thread.sleep(forTimeInterval: 0.001) }
    }
}
