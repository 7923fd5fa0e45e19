/// What must hold of a table's distribution, or of how a query runs: one `ASSERT` statement.
///
///     .skew(of: "sales", atMost: 1.2)
///     .query("SELECT … FROM sales JOIN listing …", .joinsWithoutMoving, .moves(atMostBytes: 1_000_000))
///
/// Names and queries are SQL: `schema.table`, `"quoted Name"`. `description` is the statement, which any client of Blueshift can
/// send as it is; so a test in Swift, a `.sql` file of `blueshift check` and a test in Python say the same.
public struct Assertion: Hashable, Sendable, CustomStringConvertible {
    /// The statement.
    public let sql: String
    /// The statement.
    public var description: String { sql }

    /// Any `ASSERT` statement, as text.
    public init(sql: String) { self.sql = sql }

    /// How a table's rows are spread.
    public enum DistributionStyle: Hashable, Sendable {
        /// Row by row, in turn.
        case even
        /// A whole copy on each node.
        case all
        /// By the values of a column.
        case key(String)
        /// As the cluster sees fit.
        case auto
    }

    /// The fullest slice has at most `limit` times as many rows as the mean of all slices.
    /// - Parameter limit: 1 or more; 1 is an even distribution.
    public static func skew(of table: String, atMost limit: Double) -> Assertion {
        Assertion(sql: "ASSERT SKEW OF \(table) AT MOST \(plain(limit))")
    }

    /// No value of a column, and not NULL either, is in more than a share of the table's rows.
    /// - Parameters:
    ///   - column: its name alone.
    ///   - percent: 0 to 100.
    public static func noValue(of column: String, in table: String, abovePercent percent: Double) -> Assertion {
        Assertion(sql: "ASSERT NO VALUE OF \(table).\(column) ABOVE \(plain(percent)) PERCENT")
    }

    /// The table's distribution style.
    /// - Parameter isEffective: what AUTO has come to counts as if it had been declared.
    public static func distributionStyle(
        of table: String, is style: DistributionStyle, isEffective: Bool = false
    ) -> Assertion {
        let text =
            switch style {
            case .even: "EVEN"
            case .all: "ALL"
            case .auto: "AUTO"
            case .key(let column): "KEY (\(column))"
            }
        return Assertion(sql: "ASSERT \(isEffective ? "EFFECTIVE " : "")DISTSTYLE OF \(table) IS \(text)")
    }

    /// The last COPY into the table gave each slice at least one file, or part of one.
    public static func copyUsesEverySlice(of table: String) -> Assertion {
        Assertion(sql: "ASSERT COPY OF \(table) USES EVERY SLICE")
    }

    /// All that is claimed of the query holds. It runs once if a claim is about what it does, and not at all if its plan is
    /// enough.
    public static func query(_ sql: String, _ first: QueryClaim, _ others: QueryClaim...) -> Assertion {
        Assertion(sql: "ASSERT QUERY (\(sql)) \(([first] + others).map(\.sql).joined(separator: " AND "))")
    }

    /// One claim about a query.
    public struct QueryClaim: Hashable, Sendable {
        /// As it stands in the statement.
        public let sql: String

        /// Every join finds its rows where they are: DS_DIST_NONE or DS_DIST_ALL_NONE.
        public static let joinsWithoutMoving = QueryClaim(sql: "JOINS WITHOUT MOVING")
        /// Nothing is joined row by row.
        public static let withoutNestedLoop = QueryClaim(sql: "WITHOUT NESTED LOOP")
        /// Nothing is copied to every node.
        public static let withoutBroadcast = QueryClaim(sql: "WITHOUT BROADCAST")

        /// The table is not copied to every node.
        public static func withoutBroadcast(of table: String) -> QueryClaim {
            QueryClaim(sql: "WITHOUT BROADCAST OF \(table)")
        }

        /// Slices send one another at most so many bytes, of the same node and of others, measured on a run.
        public static func moves(atMostBytes bytes: Int) -> QueryClaim {
            QueryClaim(sql: "MOVES AT MOST \(bytes) BYTES")
        }

        /// Zone maps spare the scans a share of their blocks, measured on a run.
        /// - Parameters:
        ///   - percent: 0 to 100.
        ///   - table: nil: all tables that the query scans, together.
        public static func skips(atLeastPercentOfBlocks percent: Double, of table: String? = nil) -> QueryClaim {
            QueryClaim(
                sql: "SKIPS AT LEAST \(plain(percent)) PERCENT OF BLOCKS\(table.map { " OF \($0)" } ?? "")")
        }

        /// The result is the same on clusters of other shapes with the same rows.
        /// - Parameter shapes: nodes, and slices on each; at least one shape.
        public static func same(onShapes shapes: (nodes: Int, slicesPerNode: Int)...) -> QueryClaim {
            let list = shapes.map { "\($0.nodes)x\($0.slicesPerNode)" }.joined(separator: ", ")
            return QueryClaim(sql: "SAME ON SHAPES (\(list))")
        }
    }
}

/// Without an exponent, to six places: as the statements take numbers.
private func plain(_ value: Double) -> String {
    precondition(value >= 0 && value < 1e12, "\(value) is no limit of an assertion")
    let millionths = Int64((value * 1e6).rounded())
    var fraction = String(millionths % 1_000_000 + 1_000_000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(millionths / 1_000_000)\(fraction.isEmpty ? "" : ".\(fraction)")"
}
