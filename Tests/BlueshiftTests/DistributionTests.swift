import Blueshift
import Testing

/// SHOW DISTRIBUTION, and where a key lives.
@Suite struct DistributionTests {
    private struct Line: Hashable {
        var slice: Int
        var rows: Int
        var bar: Int
        var heaviest: String?
        var keyRows: Int?
    }

    private func show(_ session: Session, _ table: String) async throws -> [Line] {
        try await session.rows("SHOW DISTRIBUTION \(table)").map { row in
            Line(
                slice: try row.decode(Int.self, column: "slice"), rows: try row.decode(Int.self, column: "rows"),
                bar: try row.decode(String.self, column: "rows per slice").count,
                heaviest: try row.decode(String?.self, column: "heaviest_key"),
                keyRows: try row.decode(Int?.self, column: "key_rows"))
        }
    }

    @Test(arguments: shapes)
    func rowsAreThoseOfTheSystemTables(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            for style in ["EVEN", "KEY DISTKEY (k)", "ALL", "AUTO"] {
                try await session.execute("CREATE TABLE t (k INT, v INT) DISTSTYLE \(style)")
                try await session.insert(into: "t", (0..<700).map { "(\($0 % 50), \($0))" })
                try await session.execute("DELETE FROM t WHERE k = 7")
                let lines = try await show(session, "t")
                #expect(lines.map(\.slice) == Array(0..<cluster.slices), "\(style)")
                let isCopied = try await session.number("SELECT max(rows) FROM stv_tbl_perm WHERE name = 't'") == 700
                let copies = isCopied && cluster.slices > 1 ? nodes : 1
                #expect(lines.reduce(0) { $0 + $1.rows } == 686 * copies, "\(style)")
                let most = lines.map(\.rows).max() ?? 0
                for line in lines {
                    #expect((line.bar == 0) == (line.rows == 0))
                    if line.rows == most { #expect(line.bar == 30) }
                    #expect((line.keyRows != nil) == (style.hasPrefix("KEY") && line.rows > 0), "\(style)")
                }
                try await session.execute("DROP TABLE t")
            }
        }
    }

    @Test(arguments: shapes)
    func theHeaviestKeyOfEachSliceIsShown(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            try await session.execute("CREATE TABLE t (v INT, k VARCHAR(10)) DISTKEY (k)")
            try await session.insert(
                into: "t",
                (0..<600).map { "(\($0), \($0 % 3 == 0 ? "NULL" : $0 % 7 == 0 ? "'big'" : "'k\($0 % 40)'"))" })
            let lines = try await show(session, "t")
            // Counted here, by the slices that the keys are said to be on.
            var wanted: [Int: Int] = [:]
            for row in try await session.rows("SELECT k, count(*) FROM t GROUP BY 1") {
                let place = try await session.location(of: "t.k", equalTo: try row.decode(String?.self, at: 0))
                let slice = try #require(place.slice)
                wanted[slice] = max(wanted[slice] ?? 0, try row.decode(Int.self, at: 1))
            }
            for line in lines { #expect(line.keyRows == wanted[line.slice], "slice \(line.slice)") }
            #expect(lines.contains { $0.heaviest == "NULL" && $0.keyRows == 200 })
        }
    }

    @Test(arguments: shapes)
    func aKeyIsWhereItIsSaidToBe(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            try await session.execute("CREATE TABLE t (k DECIMAL(10,2), v INT) DISTKEY (k)")
            try await session.execute("CREATE TABLE e (k INT, v INT) DISTSTYLE EVEN")
            try await session.execute("CREATE TABLE a (k INT, v INT) DISTSTYLE ALL")
            for table in ["t", "e", "a"] {
                try await session.insert(
                    into: table, (0..<400).map { "(\($0 % 21 == 0 ? "NULL" : "\($0 % 20)"), \($0))" })
            }
            for key in [nil, "0", "7", "19.00", "21"] {
                let condition = key.map { "= \($0)" } ?? "IS NULL"
                let count = try await session.number("SELECT count(*) FROM t WHERE k \(condition)")
                let place = try await session.location(of: "t.k", equalTo: key)
                let slice = try #require(place.slice)
                #expect(place.node == slice / slicesPerNode)
                #expect(place.routingEntry == place.hash.map { Int($0 >> 48) })
                for (other, rows) in place.rowsPerSlice.enumerated() { #expect(rows == (other == slice ? count : 0)) }
                for table in ["e.k", "public.a.k"] {
                    let other = try await session.location(of: table, equalTo: key.map { $0 == "19.00" ? "19" : $0 })
                    #expect(other.slice == nil && other.hash == nil)
                    #expect(other.rowsPerSlice.reduce(0, +) == count, "\(table) \(key ?? "NULL")")
                }
            }
            let other = try await session.location(of: "t.v", equalTo: "3")
            #expect(other.slice == nil && other.description.contains("The slice follows from k"))
        }
    }

    @Test func wrongUse() async throws {
        try await withSession { cluster, session in
            try await session.execute("CREATE TABLE t (k INT) DISTKEY (k)")
            await expectError(.undefinedTable) { _ = try await session.location(of: "nowhere.k", equalTo: "1") }
            await expectError(.undefinedColumn) { _ = try await session.location(of: "t.z", equalTo: "1") }
            await expectError(.syntaxError) { _ = try await session.location(of: "t", equalTo: "1") }
            await expectError(.syntaxError) { _ = try await session.location(of: "t.k +", equalTo: "1") }
            await expectError(.invalidTextRepresentation) { _ = try await session.location(of: "t.k", equalTo: "x") }
            await expectError(.undefinedTable) { try await session.execute("SHOW DISTRIBUTION nowhere") }
            #expect(try await show(session, "t").allSatisfy { $0.rows == 0 && $0.heaviest == nil })
            try await session.execute("CREATE USER mary PASSWORD DISABLE")
            let mary = try cluster.session(user: "mary")
            await expectError(.insufficientPrivilege) { try await mary.execute("SHOW DISTRIBUTION t") }
            await expectError(.insufficientPrivilege) { _ = try await mary.location(of: "t.k", equalTo: "1") }
            try await session.execute("GRANT SELECT ON t TO mary")
            #expect(try await show(mary, "t").count == 4)
            await mary.close()
        }
    }
}
