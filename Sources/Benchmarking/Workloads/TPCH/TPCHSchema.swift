/// TPC-H's tables as a Redshift user would lay them out: the two big facts collocated on the order key, dates as sort
/// keys, small dimensions on every node. The same text as `Benchmarks/tpch/schema.sql`, which a test asserts.
enum TPCHSchema {
    static func createStatement(of table: String) -> String {
        guard let statement = statements[table] else { preconditionFailure("TPC-H has no table \(table)") }
        return statement
    }

    static let statements: [String: String] = [
        "region":
            """
        create table region (
            r_regionkey integer not null, r_name char(25) not null, r_comment varchar(152) not null,
              primary key (r_regionkey)
        ) diststyle all sortkey (r_regionkey)
        """,
        "nation":
            """
        create table nation (
            n_nationkey integer not null, n_name char(25) not null, n_regionkey integer not null,
              n_comment varchar(152) not null,
            primary key (n_nationkey)
        ) diststyle all sortkey (n_nationkey)
        """,
        "supplier":
            """
        create table supplier (
            s_suppkey integer not null, s_name char(25) not null, s_address varchar(40) not null,
              s_nationkey integer not null,
            s_phone char(15) not null, s_acctbal decimal(12,2) not null, s_comment varchar(101) not null,
              primary key (s_suppkey)
        ) diststyle all sortkey (s_suppkey)
        """,
        "customer":
            """
        create table customer (
            c_custkey integer not null, c_name varchar(25) not null, c_address varchar(40) not null,
              c_nationkey integer not null,
            c_phone char(15) not null, c_acctbal decimal(12,2) not null, c_mktsegment char(10) not null,
            c_comment varchar(117) not null, primary key (c_custkey)
        ) distkey (c_custkey) sortkey (c_custkey)
        """,
        "part":
            """
        create table part (
            p_partkey integer not null, p_name varchar(55) not null, p_mfgr char(25) not null,
              p_brand char(10) not null,
            p_type varchar(25) not null, p_size integer not null, p_container char(10) not null,
            p_retailprice decimal(12,2) not null, p_comment varchar(23) not null, primary key (p_partkey)
        ) distkey (p_partkey) sortkey (p_partkey)
        """,
        "partsupp":
            """
        create table partsupp (
            ps_partkey integer not null, ps_suppkey integer not null, ps_availqty integer not null,
            ps_supplycost decimal(12,2) not null, ps_comment varchar(199) not null, primary key (ps_partkey, ps_suppkey)
        ) distkey (ps_partkey) sortkey (ps_partkey)
        """,
        "orders":
            """
        create table orders (
            o_orderkey bigint not null, o_custkey integer not null, o_orderstatus char(1) not null,
            o_totalprice decimal(12,2) not null, o_orderdate date not null, o_orderpriority char(15) not null,
            o_clerk char(15) not null, o_shippriority integer not null, o_comment varchar(79) not null,
              primary key (o_orderkey)
        ) distkey (o_orderkey) sortkey (o_orderdate)
        """,
        "lineitem":
            """
        create table lineitem (
            l_orderkey bigint not null, l_partkey integer not null, l_suppkey integer not null,
              l_linenumber integer not null,
            l_quantity decimal(12,2) not null, l_extendedprice decimal(12,2) not null,
              l_discount decimal(12,2) not null,
            l_tax decimal(12,2) not null, l_returnflag char(1) not null, l_linestatus char(1) not null,
              l_shipdate date not null,
            l_commitdate date not null, l_receiptdate date not null, l_shipinstruct char(25) not null,
            l_shipmode char(10) not null, l_comment varchar(44) not null, primary key (l_orderkey, l_linenumber)
        ) distkey (l_orderkey) sortkey (l_shipdate)
        """,
    ]
}
