import Catalog
import SQLSyntax
import SQLTypes
import Testing

@testable import Planner

/// What the binder refuses: SQL, SQLSTATE, what the message says, and the character that the error points to (the
/// place of `^` in the text, which is taken out before parsing).
@Suite struct BinderErrorTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let sql: String
        let state: String
        let message: String
        init(_ sql: String, _ state: String, _ message: String) {
            self.sql = sql
            self.state = state
            self.message = message
        }
        var testDescription: String { sql }
    }

    static let refusals: [Refusal] = [
        Refusal("select * from ^nowhere", "42P01", "relation \"nowhere\" does not exist"),
        Refusal("select * from ^public.nowhere", "42P01", "relation \"public.nowhere\" does not exist"),
        Refusal("select * from ^elsewhere.t", "3F000", "schema \"elsewhere\" does not exist"),
        Refusal("select ^missing from orders", "42703", "column \"missing\" does not exist"),
        Refusal("select ^o.missing from orders o", "42703", "column o.missing does not exist"),
        Refusal("select ^x.total from orders o", "42P01", "missing FROM-clause entry for table \"x\""),
        Refusal("select ^cust_id from orders, customers", "42702", "column reference \"cust_id\" is ambiguous"),
        Refusal("select total from orders where ^missing = 1", "42703", "column \"missing\" does not exist"),
        Refusal(
            "select ^order_id, sum(total) from orders group by cust_id", "42803",
            "column \"orders.order_id\" must appear in the GROUP BY clause or be used in an aggregate function"),
        Refusal(
            "select ^order_id, count(*) from orders", "42803",
            "column \"orders.order_id\" must appear in the GROUP BY clause or be used in an aggregate function"),
        Refusal(
            "select cust_id from orders group by cust_id order by ^total", "42803",
            "column \"orders.total\" must appear in the GROUP BY clause or be used in an aggregate function"),
        Refusal("select total from orders where ^sum(total) > 1", "42803", "aggregates not allowed in WHERE clause"),
        Refusal("select sum(^sum(total)) from orders", "42803", "aggregate function calls may not be nested"),
        Refusal("select count(*) from orders group by ^2", "42P10", "GROUP BY position 2 is not in select list"),
        Refusal("select total from orders order by ^2", "42P10", "ORDER BY position 2 is not in select list"),
        Refusal(
            "select distinct cust_id from orders order by ^total", "42P10",
            "for SELECT DISTINCT, ORDER BY expressions must appear in select list"),
        Refusal("select ^frobnicate(1)", "42883", "function frobnicate(integer) does not exist"),
        Refusal("select ^sum(name) from customers", "42883", "function sum(character varying) does not exist"),
        Refusal(
            "select name ^+ total from customers, orders", "42883",
            "operator does not exist: character varying + numeric"),
        Refusal("select d ^= order_id from days, orders", "42883", "operator does not exist: date = integer"),
        Refusal(
            "select * from orders where ^total", "42804", "argument of WHERE must be type boolean, not type numeric"),
        Refusal("select ^date '1998-02-30'", "22008", "1998-02-30"),
        Refusal("select * from orders where order_id = ^'x'", "22P02", "integer"),
        Refusal("select ^$1", "42P02", "there is no parameter $1"),
        Refusal("select total from orders limit ^-1", "22023", "LIMIT must not be negative"),
        Refusal("select * from orders o join customers c using (^total)", "42703", "USING clause"),
        Refusal("select 1 from orders, ^orders", "42712", "table name \"orders\" specified more than once"),
        Refusal("select 1 ^union select 2, 3", "42601", "each UNION query must have the same number of columns"),
        Refusal("select 1 ^intersect all select 2", "0A000", "INTERSECT ALL is not supported"),
        Refusal("select date '2020-01-01' ^union select 1", "42804", "UNION types date and integer cannot be matched"),
        Refusal("select * from orders where total > ^(select 1, 2)", "42601", "subquery must return only one column"),
        Refusal("select * from orders where (cust_id, total) ^in (select 1)", "42601", "subquery has too few columns"),
        Refusal(
            "select cust_id, ^(select max(name) from customers c where c.cust_id = o.order_id) from orders o group by cust_id",
            "42803", "subquery uses ungrouped column \"o.order_id\" from outer query"),
        Refusal(
            "select median(total) ^over (order by total) from orders", "42601",
            "window function median takes neither ORDER BY nor a frame clause in OVER"),
        Refusal("select ^any_value(total) over () from orders", "0A000", "window function any_value is not supported"),
        Refusal(
            "select listagg(total), median(total), ^median(order_id) from orders", "0A000",
            "within group ORDER BY clauses for aggregate functions must be the same"),
        Refusal(
            "with recursive ^r as (select 1 as n union all select n from r) select n from r", "42601",
            "recursive common table expression \"r\" must have a column list"),
        Refusal("select ^rank() from orders", "42809", "window function rank requires an OVER clause"),
        Refusal(
            "select ^sum(total) over (order by total) from orders", "42601",
            "Aggregate window functions with an ORDER BY clause require a frame clause"),
        Refusal(
            "select total from orders where ^rank() over (order by total) = 1", "42803",
            "window functions not allowed in WHERE clause"),
        Refusal(
            "insert into orders values (1, 2, 3, 4.0, ^5)", "42601", "INSERT has more expressions than target columns"),
        Refusal(
            "insert into skus (sku, ^title) values (1)", "42601", "INSERT has more target columns than expressions"),
        Refusal("insert into skus (sku, ^title) select 1", "42601", "INSERT has more target columns than expressions"),
        Refusal(
            "insert into skus (sku, ^nothing) values (1, 2)", "42703",
            "column \"nothing\" of relation \"skus\" does not exist"),
        Refusal(
            "insert into days (d) values (^1.5)", "42804",
            "column \"d\" is of type date but expression is of type numeric"),
        Refusal("insert into regions values (^'far too long a name')", "22001", "value too long"),
        Refusal("create table orders (^a int)", "42P07", "relation \"orders\" already exists"),
        Refusal("create table t (a int, ^a int)", "42701", "column \"a\" specified more than once"),
        Refusal(
            "create table t (a int) ^diststyle key", "42P16", "DISTKEY column must be specified with DISTSTYLE KEY"),
        Refusal(
            "create table t (a int) diststyle all distkey (^a)", "42P16",
            "DISTKEY cannot be specified with DISTSTYLE ALL"),
        Refusal("create table t (a int) distkey (^b)", "42703", "column \"b\" does not exist"),
        Refusal("create table t (a int) sortkey (a, ^b)", "42703", "column \"b\" does not exist"),
        Refusal("create table t (a int distkey, ^b int distkey)", "42P16", "only one DISTKEY column"),
        Refusal("create table t (a int encode ^text255)", "42P16", "invalid encoding type"),
        Refusal("create table t (^xmin int)", "42701", "conflicts with a system column name"),
        Refusal("drop table ^nowhere", "42P01", "table \"nowhere\" does not exist"),
        Refusal("select * from pg_class, orders", "0A000", "not supported on Redshift tables"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        let marker = refusal.sql.unicodeScalars.firstIndex(of: "^")
        let sql = String(refusal.sql.filter { $0 != "^" })
        let context = try GoldenTests.context("shapes")
        let error = #expect(throws: SQLError.self) {
            _ = try Planner(context: context).plan(try parseStatement(sql).statement)
        }
        guard let error else { return }
        #expect(error.state.code == refusal.state)
        #expect(error.message.contains(refusal.message), "\(error.message)")
        if let marker, !Self.unpositioned.contains(refusal.state + refusal.message) {
            let place = refusal.sql.unicodeScalars.distance(from: refusal.sql.unicodeScalars.startIndex, to: marker) + 1
            #expect(error.position == place, "points to \(error.position ?? 0), not \(place)")
        }
    }

    /// Errors whose place the syntax tree does not keep.
    static let unpositioned: Set<String> = [
        "42712table name \"orders\" specified more than once", "42P07relation \"orders\" already exists",
        "42P16DISTKEY cannot be specified with DISTSTYLE ALL",
    ]
}
