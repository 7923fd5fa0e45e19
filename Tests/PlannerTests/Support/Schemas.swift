import Catalog
import SQLTypes

@testable import Planner

/// The schemas of the golden plans, by the name that a plan file gives.
enum Schemas {
    static func catalog(_ name: String) -> CatalogSnapshot? {
        switch name {
        case "tickit": tickit(isSorted: false)
        case "tickit-sorted": tickit(isSorted: true)
        case "tickit-tuned": tickit(isSorted: true, isTuned: true)
        case "tickit-small-sales": tickit(isSorted: false, salesRows: 3_766)
        case "shapes": shapes()
        case "tpch": tpch()
        case "tpch-shipdate": tpch(isByShipDate: true)
        case "star": star()
        default: nil
        }
    }

    private static func v(_ length: Int) -> SQLType { .varchar(length: length) }
    private static func dec(_ precision: Int, _ scale: Int) -> SQLType { .decimal(precision: precision, scale: scale) }
    private static func int(_ low: Int64, _ high: Int64) -> (SQLValue, SQLValue) { (.integer(low), .integer(high)) }

    /// - Source: the statistics behind the plans of the Redshift developer guide.
    static func tickit(isSorted: Bool, salesRows: Double = 172_456, isTuned: Bool = false) -> CatalogSnapshot {
        let style: Distribution.Style = isTuned ? .all : .even
        var builder = CatalogBuilder()
        builder.table(
            "category", rows: 11, dist: isTuned ? nil : "catid", style: style, sort: ["catid"],
            [
                TestColumn("catid", .smallint, nd: -1, w: 2), TestColumn("catgroup", v(10), nd: 3, w: 9),
                TestColumn("catname", v(10), nd: -1, w: 10), TestColumn("catdesc", v(50), nd: -1, w: 28),
            ])
        builder.table(
            "event", rows: 8_798, style: style,
            [
                TestColumn("eventid", .integer, nd: -1, w: 4), TestColumn("venueid", .smallint, nd: 204, w: 2),
                TestColumn("catid", .smallint, nd: 4, w: 2), TestColumn("dateid", .smallint, nd: 365, w: 2),
                TestColumn("eventname", v(200), nd: 576, w: 17), TestColumn("starttime", .timestamp, nd: 8_000, w: 8),
            ])
        builder.table(
            "venue", rows: 202, dist: isTuned ? nil : "venueid", style: style, sort: ["venueid"],
            [
                TestColumn("venueid", .smallint, nd: -1, w: 2), TestColumn("venuename", v(100), nd: -1, w: 20),
                TestColumn("venuecity", v(30), nd: 70, w: 11), TestColumn("venuestate", .char(length: 2), nd: 30, w: 8),
                TestColumn("venueseats", .integer, nd: 60, w: 4, nulls: 15.0 / 202),
            ])
        builder.table(
            "listing", rows: 192_497, dist: "listid", sort: isSorted ? ["listid"] : ["dateid"],
            [
                TestColumn("listid", .integer, nd: -1, w: 4, range: int(1, 235_497)),
                TestColumn("sellerid", .integer, nd: 49_000, w: 4), TestColumn("eventid", .integer, nd: 8_796, w: 4),
                TestColumn("dateid", .smallint, nd: 365, w: 2), TestColumn("numtickets", .smallint, nd: 30, w: 2),
                TestColumn("priceperticket", dec(8, 2), nd: 2_000, w: 10),
                TestColumn("totalprice", dec(8, 2), nd: 9_000, w: 10), TestColumn("listtime", .timestamp, nd: -1, w: 8),
            ])
        builder.table(
            "sales", rows: salesRows, dist: "listid", sort: isSorted ? ["listid", "sellerid"] : ["dateid"],
            [
                TestColumn("salesid", .integer, nd: -1, w: 4),
                TestColumn("listid", .integer, nd: salesRows * 0.9, w: 4, range: int(1, 235_444)),
                TestColumn("sellerid", .integer, nd: 49_000, w: 4), TestColumn("buyerid", .integer, nd: 49_000, w: 4),
                TestColumn("eventid", .integer, nd: 8_796, w: 4), TestColumn("dateid", .smallint, nd: 365, w: 2),
                TestColumn("qtysold", .smallint, nd: 8, w: 2), TestColumn("pricepaid", dec(8, 2), nd: 5_000, w: 10),
                TestColumn("commission", dec(8, 2), nd: 5_000, w: 11), TestColumn("saletime", .timestamp, nd: -1, w: 8),
            ])
        builder.table(
            "users", rows: 49_990, style: style,
            [
                TestColumn("userid", .integer, nd: -1, w: 4), TestColumn("username", .char(length: 8), nd: -1, w: 8),
                TestColumn("lastname", v(30), nd: 1_000, w: 10),
            ])
        builder.table(
            "date", rows: 365, style: style,
            [
                TestColumn("dateid", .smallint, nd: -1, w: 2), TestColumn("caldate", .date, nd: -1, w: 4),
                TestColumn("month", .char(length: 5), nd: 12, w: 9),
            ])
        return builder.catalog
    }

    /// Two nodes with two slices each; see the worked plan shapes.
    static func shapes() -> CatalogSnapshot {
        var builder = CatalogBuilder()
        builder.table(
            "customers", rows: 100_000, dist: "cust_id", sort: ["cust_id"],
            [
                TestColumn("cust_id", .integer, nd: -1, w: 4), TestColumn("region", v(12), nd: 9, w: 12),
                TestColumn("name", v(40), nd: 90_000, w: 14),
            ])
        for name in ["orders", "orders_heap"] {
            builder.table(
                name, rows: 1_000_000, dist: "cust_id", sort: name == "orders" ? ["cust_id"] : [],
                [
                    TestColumn("order_id", .integer, nd: -1, w: 4), TestColumn("cust_id", .integer, nd: 100_000, w: 4),
                    TestColumn("day_id", .integer, nd: 365, w: 4), TestColumn("total", dec(10, 2), nd: 40_000, w: 8),
                ])
        }
        builder.table(
            "orders2", rows: 1_000_000, dist: "order_id",
            [TestColumn("order_id", .integer, nd: -1, w: 4), TestColumn("note", v(20), nd: 1_000, w: 20)])
        for name in ["lines", "lines2"] {
            builder.table(
                name, rows: 4_000_000,
                [
                    TestColumn("order_id", .integer, nd: 1_000_000, w: 4), TestColumn("sku", .integer, nd: 5_000, w: 4),
                    TestColumn("qty", .smallint, nd: 50, w: 2), TestColumn("price", dec(8, 2), nd: 9_000, w: 8),
                ])
        }
        builder.table(
            "customers2", rows: 900_000,
            [TestColumn("cust_id", .integer, nd: -1, w: 4), TestColumn("name", v(40), nd: 90_000, w: 14)])
        builder.table(
            "days", rows: 365, style: .all, sort: ["day_id"],
            [
                TestColumn("day_id", .integer, nd: -1, w: 4), TestColumn("d", .date, nd: -1, w: 4),
                TestColumn("month", .char(length: 3), nd: 12, w: 7),
            ])
        builder.table(
            "skus", rows: 5_000,
            [TestColumn("sku", .integer, nd: -1, w: 4), TestColumn("title", v(60), nd: -1, w: 22)])
        builder.table(
            "regions", rows: 9, style: .all,
            [TestColumn("region", v(12), nd: -1, w: 12), TestColumn("boss", v(20), nd: -1, w: 10)])
        builder.table(
            "big_all", rows: 2_000_000, style: .all,
            [TestColumn("sku", .integer, nd: 5_000, w: 4), TestColumn("x", .integer, nd: 100, w: 4)])
        builder.table(
            "unknown_rows", rows: nil, [TestColumn("id", .integer), TestColumn("name", v(40))])
        return builder.catalog
    }

    private static func day(_ text: String) -> SQLValue { (try? SQLType.date.parse(Array(text.utf8))) ?? .null }

    /// A fact table of sales between dimensions of all sizes: two on every node, one on the fact's own key, two spread.
    static func star() -> CatalogSnapshot {
        var builder = CatalogBuilder()
        builder.table(
            "store_sales", rows: 50_000_000, dist: "customer_id", sort: ["date_id"],
            [
                TestColumn("date_id", .integer, nd: 1_826, w: 4, range: int(1, 1_826)),
                TestColumn("customer_id", .integer, nd: 2_000_000, w: 4),
                TestColumn("product_id", .integer, nd: 100_000, w: 4),
                TestColumn("store_id", .integer, nd: 500, w: 4), TestColumn("promo_id", .integer, nd: 300, nulls: 0.5),
                TestColumn("quantity", .smallint, nd: 20, w: 2), TestColumn("amount", dec(12, 2), nd: 100_000, w: 8),
            ])
        builder.table(
            "returns", rows: 2_500_000, dist: "customer_id", sort: ["date_id"],
            [
                TestColumn("date_id", .integer, nd: 1_826, w: 4), TestColumn("customer_id", .integer, nd: 900_000),
                TestColumn("product_id", .integer, nd: 90_000), TestColumn("amount", dec(12, 2), nd: 90_000, w: 8),
            ])
        builder.table(
            "dates", rows: 1_826, style: .all, sort: ["date_id"], primaryKey: ["date_id"],
            [
                TestColumn("date_id", .integer, nd: -1, w: 4), TestColumn("day", .date, nd: -1, w: 4),
                TestColumn("year", .smallint, nd: 5, w: 2), TestColumn("month", .smallint, nd: 12, w: 2),
            ])
        builder.table(
            "stores", rows: 500, style: .all, primaryKey: ["store_id"],
            [
                TestColumn("store_id", .integer, nd: -1, w: 4), TestColumn("city", v(30), nd: 100, w: 12),
                TestColumn("region", v(12), nd: 8, w: 8),
            ])
        builder.table(
            "customer", rows: 2_000_000, dist: "customer_id", sort: ["customer_id"], primaryKey: ["customer_id"],
            [
                TestColumn("customer_id", .integer, nd: -1, w: 4), TestColumn("segment", v(12), nd: 5, w: 8),
                TestColumn("city", v(30), nd: 2_000, w: 12), TestColumn("email", v(60), nd: -1, w: 24),
            ])
        builder.table(
            "product", rows: 100_000, primaryKey: ["product_id"],
            [
                TestColumn("product_id", .integer, nd: -1, w: 4), TestColumn("brand", v(20), nd: 300, w: 10),
                TestColumn("category", v(20), nd: 25, w: 10), TestColumn("price", dec(8, 2), nd: 9_000, w: 8),
            ])
        builder.table(
            "promo", rows: 300,
            [TestColumn("promo_id", .integer, nd: -1, w: 4), TestColumn("channel", v(10), nd: 4, w: 6)])
        return builder.catalog
    }

    /// TPC-H at scale factor 1; orders and lineitem distributed on the order key, the small tables on every node.
    /// - Parameter isByShipDate: lineitem is sorted by its ship date, the other choice that a user would make.
    static func tpch(isByShipDate: Bool = false) -> CatalogSnapshot {
        var builder = CatalogBuilder()
        let dates = (day("1992-01-01"), day("1998-12-31"))
        builder.table(
            "region", rows: 5, style: .all, primaryKey: ["r_regionkey"],
            [TestColumn("r_regionkey", .integer, nd: -1), TestColumn("r_name", .char(length: 25), nd: 5, w: 7)])
        builder.table(
            "nation", rows: 25, style: .all, primaryKey: ["n_nationkey"],
            [
                TestColumn("n_nationkey", .integer, nd: -1), TestColumn("n_name", .char(length: 25), nd: 25, w: 7),
                TestColumn("n_regionkey", .integer, nd: 5),
            ])
        builder.table(
            "supplier", rows: 10_000, style: .all, primaryKey: ["s_suppkey"],
            [
                TestColumn("s_suppkey", .integer, nd: -1), TestColumn("s_name", .char(length: 25), nd: -1, w: 18),
                TestColumn("s_nationkey", .integer, nd: 25), TestColumn("s_acctbal", dec(12, 2), nd: 9_900),
                TestColumn("s_address", v(40), nd: -1, w: 25), TestColumn("s_phone", .char(length: 15), nd: -1, w: 15),
                TestColumn("s_comment", v(101), nd: -1, w: 62),
            ])
        builder.table(
            "customer", rows: 150_000, dist: "c_custkey", sort: ["c_custkey"], primaryKey: ["c_custkey"],
            [
                TestColumn("c_custkey", .integer, nd: -1), TestColumn("c_name", v(25), nd: -1, w: 18),
                TestColumn("c_address", v(40), nd: -1, w: 25), TestColumn("c_nationkey", .integer, nd: 25),
                TestColumn("c_phone", .char(length: 15), nd: -1, w: 15),
                TestColumn("c_acctbal", dec(12, 2), nd: 140_000),
                TestColumn("c_mktsegment", .char(length: 10), nd: 5, w: 9),
                TestColumn("c_comment", v(117), nd: -1, w: 72),
            ])
        builder.table(
            "part", rows: 200_000, dist: "p_partkey", sort: ["p_partkey"], primaryKey: ["p_partkey"],
            [
                TestColumn("p_partkey", .integer, nd: -1), TestColumn("p_name", v(55), nd: -1, w: 33),
                TestColumn("p_brand", .char(length: 10), nd: 25, w: 8), TestColumn("p_type", v(25), nd: 150, w: 20),
                TestColumn("p_size", .integer, nd: 50, range: int(1, 50)),
                TestColumn("p_container", .char(length: 10), nd: 40, w: 8),
                TestColumn("p_mfgr", .char(length: 25), nd: 5, w: 14),
            ])
        builder.table(
            "orders", rows: 1_500_000, dist: "o_orderkey", sort: ["o_orderkey"], primaryKey: ["o_orderkey"],
            [
                TestColumn("o_orderkey", .bigint, nd: -1), TestColumn("o_custkey", .integer, nd: 100_000),
                TestColumn("o_orderstatus", .char(length: 1), nd: 3, w: 1),
                TestColumn("o_totalprice", dec(12, 2), nd: 1_400_000),
                TestColumn("o_orderdate", .date, nd: 2_406, w: 4, range: dates),
                TestColumn("o_orderpriority", .char(length: 15), nd: 5, w: 9),
                TestColumn("o_shippriority", .integer, nd: 1),
            ])
        builder.table(
            "lineitem", rows: 6_001_215, dist: "l_orderkey", sort: [isByShipDate ? "l_shipdate" : "l_orderkey"],
            [
                TestColumn("l_orderkey", .bigint, nd: 1_500_000), TestColumn("l_partkey", .integer, nd: 200_000),
                TestColumn("l_suppkey", .integer, nd: 10_000), TestColumn("l_linenumber", .integer, nd: 7),
                TestColumn("l_quantity", dec(12, 2), nd: 50, range: (.integer(1), .integer(50))),
                TestColumn("l_extendedprice", dec(12, 2), nd: 900_000),
                TestColumn(
                    "l_discount", dec(12, 2), nd: 11,
                    range: (.decimal(Decimal(unscaled: 0, scale: 2)), .decimal(Decimal(unscaled: 10, scale: 2)))),
                TestColumn("l_tax", dec(12, 2), nd: 9), TestColumn("l_returnflag", .char(length: 1), nd: 3, w: 1),
                TestColumn("l_linestatus", .char(length: 1), nd: 2, w: 1),
                TestColumn("l_shipdate", .date, nd: 2_526, w: 4, range: dates),
                TestColumn("l_commitdate", .date, nd: 2_466, w: 4, range: dates),
                TestColumn("l_receiptdate", .date, nd: 2_554, w: 4, range: dates),
                TestColumn("l_shipinstruct", .char(length: 25), nd: 4, w: 12),
                TestColumn("l_shipmode", .char(length: 10), nd: 7, w: 5),
            ])
        builder.table(
            "partsupp", rows: 800_000, dist: "ps_partkey", sort: ["ps_partkey"],
            primaryKey: ["ps_partkey", "ps_suppkey"],
            [
                TestColumn("ps_partkey", .integer, nd: 200_000), TestColumn("ps_suppkey", .integer, nd: 10_000),
                TestColumn("ps_availqty", .integer, nd: 10_000), TestColumn("ps_supplycost", dec(12, 2), nd: 100_000),
            ])
        return builder.catalog
    }
}
