/// The thirteen queries of SSB in their four flights.
/// - Source: O'Neil, O'Neil, Chen, "The Star Schema Benchmark", revision 3, 2009, section 3.
enum SSBQueries {
    static let all: [(name: String, text: String)] = [
        ("Q1.1", flight1("d_year = 1993 and lo_discount between 1 and 3 and lo_quantity < 25")),
        (
            "Q1.2",
            flight1("d_yearmonthnum = 199401 and lo_discount between 4 and 6 and lo_quantity between 26 and 35")
        ),
        (
            "Q1.3",
            flight1(
                """
                d_weeknuminyear = 6 and d_year = 1994 and lo_discount between 5 and 7
                  and lo_quantity between 26 and 35
                """)
        ),
        ("Q2.1", flight2("p_category = 'MFGR#12' and s_region = 'AMERICA'")),
        ("Q2.2", flight2("p_brand1 between 'MFGR#2221' and 'MFGR#2228' and s_region = 'ASIA'")),
        ("Q2.3", flight2("p_brand1 = 'MFGR#2221' and s_region = 'EUROPE'")),
        ("Q3.1", flight3("nation", "c_region = 'ASIA' and s_region = 'ASIA' and d_year >= 1992 and d_year <= 1997")),
        (
            "Q3.2",
            flight3(
                "city",
                """
                c_nation = 'UNITED STATES' and s_nation = 'UNITED STATES'
                  and d_year >= 1992 and d_year <= 1997
                """)
        ),
        ("Q3.3", flight3("city", "\(unitedKingdom) and d_year >= 1992 and d_year <= 1997")),
        ("Q3.4", flight3("city", "\(unitedKingdom) and d_yearmonth = 'Dec1997'")),
        (
            "Q4.1",
            flight4(
                "c_nation",
                "c_region = 'AMERICA' and s_region = 'AMERICA' and (p_mfgr = 'MFGR#1' or p_mfgr = 'MFGR#2')")
        ),
        (
            "Q4.2",
            flight4(
                "s_nation, p_category",
                """
                c_region = 'AMERICA' and s_region = 'AMERICA' and (d_year = 1997 or d_year = 1998)
                  and (p_mfgr = 'MFGR#1' or p_mfgr = 'MFGR#2')
                """)
        ),
        (
            "Q4.3",
            flight4(
                "s_city, p_brand1",
                """
                c_region = 'AMERICA' and s_nation = 'UNITED STATES' and (d_year = 1997 or d_year = 1998)
                  and p_category = 'MFGR#14'
                """)
        ),
    ]

    private static let unitedKingdom = """
        (c_city = 'UNITED KI1' or c_city = 'UNITED KI5')
          and (s_city = 'UNITED KI1' or s_city = 'UNITED KI5')
        """

    private static func flight1(_ condition: String) -> String {
        """
        select sum(lo_extendedprice * lo_discount) as revenue
        from lineorder, dwdate
        where lo_orderdate = d_datekey and \(condition)
        """
    }

    private static func flight2(_ condition: String) -> String {
        """
        select sum(lo_revenue) as revenue, d_year, p_brand1
        from lineorder, dwdate, part, supplier
        where lo_orderdate = d_datekey and lo_partkey = p_partkey and lo_suppkey = s_suppkey
          and \(condition)
        group by d_year, p_brand1
        order by d_year, p_brand1
        """
    }

    private static func flight3(_ place: String, _ condition: String) -> String {
        """
        select c_\(place), s_\(place), d_year, sum(lo_revenue) as revenue
        from customer, lineorder, supplier, dwdate
        where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_orderdate = d_datekey
          and \(condition)
        group by c_\(place), s_\(place), d_year
        order by d_year asc, revenue desc
        """
    }

    private static func flight4(_ places: String, _ condition: String) -> String {
        """
        select d_year, \(places), sum(lo_revenue - lo_supplycost) as profit
        from dwdate, customer, supplier, part, lineorder
        where lo_custkey = c_custkey and lo_suppkey = s_suppkey and lo_partkey = p_partkey
          and lo_orderdate = d_datekey and \(condition)
        group by d_year, \(places)
        order by d_year, \(places)
        """
    }
}
