import Blueshift
import Testing

/// Where rows live, on any shape, however they came.
@Suite struct PlacementTests {
    @Test(arguments: shapes)
    func evenDiffersByOneRowAtMost(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE EVEN")
            var random = SplitMix(seed: UInt64(nodes * 31 + slicesPerNode))
            var total = 0
            for _ in 0..<6 {
                let count = 1 + random.below(150)
                try await session.insert(into: "t", (total..<total + count).map { "(\($0))" })
                total += count
                let counts = try await session.rowsPerSlice(of: "t")
                #expect(counts.count == cluster.slices)
                #expect(counts.reduce(0, +) == total)
                #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
            }
            // From many senders at once.
            try await session.execute("INSERT INTO t SELECT id + 1000 FROM t WHERE id < 400")
            let counts = try await session.rowsPerSlice(of: "t")
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
        }
    }

    @Test(arguments: shapes)
    func equalKeysShareASlice(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            try await session.execute("CREATE TABLE t (k INT, v INT) DISTKEY (k)")
            var random = SplitMix(seed: 5)
            let rows = (0..<2_000).map { "(\(random.below(40)), \($0))" }
            try await session.insert(into: "t", rows)
            #expect(try await session.rowsPerSlice(of: "t").reduce(0, +) == 2_000)
            // Each slice groups by itself: a key on two slices would make two groups of the same key.
            let groups = try await session.rows("SELECT k, count(*) FROM t GROUP BY k ORDER BY k")
            #expect(groups.count == 40)
            let trace = try #require(await session.lastTrace)
            #expect(trace.rowsSent(by: "dist") == 0, "grouping by the DISTKEY moves nothing")
            var counted = 0
            for group in groups { counted += try group.decode(Int.self, at: 1) }
            #expect(counted == 2_000)
        }
    }

    @Test(arguments: shapes)
    func allHasOneCopyOnEachNode(nodes: Int, slicesPerNode: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { cluster, session in
            try await session.execute("CREATE TABLE t (id INT) DISTSTYLE ALL")
            try await session.insert(into: "t", (0..<100).map { "(\($0))" })
            let counts = try await session.rowsPerSlice(of: "t")
            for (slice, count) in counts.enumerated() {
                #expect(count == (slice % slicesPerNode == 0 ? 100 : 0), "slice \(slice)")
            }
            #expect(try await session.number("SELECT count(*) FROM t") == 100)
        }
    }

    /// A collocated join moves nothing; one on another column does; the answer is the same.
    @Test func collocatedJoinMovesNoRow() async throws {
        try await withSession { _, session in
            try await session.execute("CREATE TABLE a (k INT, v INT) DISTKEY (k)")
            try await session.execute("CREATE TABLE b (k INT, w INT) DISTKEY (k)")
            try await session.insert(into: "a", (0..<300).map { "(\($0 % 50), \($0))" })
            try await session.insert(into: "b", (0..<50).map { "(\($0), \($0 * 2))" })
            #expect(try await session.number("SELECT count(*) FROM a JOIN b ON a.k = b.k") == 300)
            var trace = try #require(await session.lastTrace)
            #expect(trace.rowsSent(by: "dist") + trace.rowsSent(by: "bcast") == 0)
            #expect(try await session.number("SELECT count(*) FROM a JOIN b ON a.v = b.w") == 50)
            trace = try #require(await session.lastTrace)
            #expect(trace.rowsSent(by: "dist") + trace.rowsSent(by: "bcast") > 0)
        }
    }
}
