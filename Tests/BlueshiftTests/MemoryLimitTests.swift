import Blueshift
import Catalog
import ClusterRuntime
import FoundationEssentials
import Storage
import Testing

/// Queries that need more memory than the cluster may hold, against a cluster that may hold what it wants.
@Suite(.serialized) struct MemoryLimitTests {
    /// Some columns of every size; 60,000 rows.
    static let tables = [
        "CREATE TABLE digits (d INT) DISTSTYLE ALL",
        "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)",
        "CREATE TABLE many (id INT, grp BIGINT, name VARCHAR(40), price DECIMAL(12,2), day DATE) DISTKEY (grp)",
        """
        INSERT INTO many
        SELECT n, n * 7919 % 40009, 'name of ' || n, n % 1000 * 1.25, DATE '2020-01-01' + n % 900 FROM (
            SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
            FROM digits a, digits b, digits c, digits e, digits f WHERE f.d < 6)
        """,
        "CREATE TABLE sorted (id INT, name VARCHAR(40), price DECIMAL(12,2)) DISTSTYLE EVEN SORTKEY (price, name)",
    ]

    static let queries = [
        // Both sides go to disk, the build is redistributed.
        """
        SELECT count(*), sum(a.price), min(a.name), max(b.name) FROM many a JOIN many b ON a.id = b.grp
        WHERE a.name <> b.name
        """,
        "SELECT count(*), count(b.id), sum(b.price) FROM many a LEFT JOIN many b ON a.id = b.grp AND a.price < b.price",
        "SELECT count(*), count(a.id), count(b.id) FROM many a FULL JOIN many b ON a.id = b.grp",
        "SELECT count(*), sum(price) FROM many WHERE id IN (SELECT grp FROM many WHERE price > 100)",
        "SELECT count(*), sum(price) FROM many WHERE id NOT IN (SELECT grp FROM many)",
        "SELECT count(*), sum(price) FROM many m WHERE NOT EXISTS (SELECT 1 FROM many WHERE grp = m.id)",
        // Groups, in one phase and in two.
        "SELECT sum(n), sum(s), max(m) FROM (SELECT grp, count(*) n, sum(price) s, max(name) m FROM many GROUP BY grp)",
        "SELECT sum(n), sum(s), max(m) FROM (SELECT name, count(*) n, avg(price) s, max(grp) m FROM many GROUP BY name)",
        "SELECT count(DISTINCT name), sum(DISTINCT price), count(*), count(DISTINCT grp) FROM many",
        "SELECT sum(a), sum(b) FROM (SELECT day, count(DISTINCT name) a, count(DISTINCT grp) b FROM many GROUP BY day)",
        "SELECT count(*) FROM (SELECT DISTINCT id, name, day FROM many)",
        // Sorts, windows of few and of many rows.
        "SELECT id, name, day FROM many ORDER BY name DESC, id LIMIT 20 OFFSET 30000",
        "SELECT name, id FROM many ORDER BY price, name",
        "SELECT sum(r), sum(l) FROM (SELECT row_number() OVER (PARTITION BY day ORDER BY name) r, lag(id) OVER "
            + "(PARTITION BY day ORDER BY name) l FROM many)",
        "SELECT sum(r), max(m) FROM (SELECT rank() OVER (ORDER BY price) r, name m FROM many WHERE id < 3000)",
        // Windows of all rows, which no partition cuts: places, values of other rows, frames of every kind.
        """
        SELECT sum(a), sum(b), sum(c), sum(d), sum(e), sum(f) FROM (SELECT
            row_number() OVER (ORDER BY name) a, rank() OVER (ORDER BY price, day) b,
            dense_rank() OVER (ORDER BY price, day) c, percent_rank() OVER (ORDER BY price) * 59999 d,
            cume_dist() OVER (ORDER BY day) * 60000 e, ntile(7) OVER (ORDER BY name) f FROM many)
        """,
        """
        SELECT count(a), min(a), count(b), max(b), sum(c), min(d), max(d), sum(e), sum(f), sum(g) FROM (SELECT
            lag(name, 5000) OVER (ORDER BY id) a, lead(name) OVER (ORDER BY id) b,
            lag(CASE WHEN id % 3 = 0 THEN id END, 2) IGNORE NULLS OVER (ORDER BY id) c,
            first_value(name) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) d,
            last_value(CASE WHEN id % 5 = 0 THEN id END) IGNORE NULLS OVER
                (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) e,
            nth_value(id, 3) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) f,
            lead(CASE WHEN id % 4 = 0 THEN id END, 1) IGNORE NULLS OVER (ORDER BY id) g FROM many)
        """,
        """
        SELECT sum(a), sum(b), sum(c), sum(d), sum(e), min(f), max(f), sum(g), min(h), max(h) FROM (SELECT
            sum(price) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) a,
            avg(price) OVER (ORDER BY id ROWS BETWEEN 2500 PRECEDING AND 10 FOLLOWING) b,
            count(*) OVER (ORDER BY id ROWS BETWEEN 10 FOLLOWING AND 20 FOLLOWING) c,
            count(CASE WHEN id % 3 = 0 THEN 1 END) OVER (ORDER BY id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) d,
            sum(price) OVER () e,
            min(name) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 4999 FOLLOWING) f,
            max(grp) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) g,
            max(name) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) h FROM many)
        """,
        """
        SELECT sum(a), sum(b), sum(c), round(sum(d), 3), round(sum(e), 6), round(sum(f), 3) FROM (SELECT
            sum(price::float8) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) a,
            sum(price::float8) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 FOLLOWING) b,
            avg(price::float8) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 2100 FOLLOWING) c,
            stddev_samp(price) OVER (ORDER BY id ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) d,
            ratio_to_report(price) OVER () e,
            var_pop(price) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 3000 FOLLOWING) f FROM many WHERE id < 20000)
        """,
        """
        SELECT min(a), max(a), min(b), max(b), min(c), max(c) FROM (SELECT
            median(price) OVER (PARTITION BY id % 2) a,
            percentile_disc(0.3) WITHIN GROUP (ORDER BY day) OVER (PARTITION BY id % 2) b,
            percentile_cont(0.25) WITHIN GROUP (ORDER BY price DESC) OVER () c FROM many)
        """,
        // Values that have to come in order.
        """
        SELECT median(price), percentile_cont(0.9) WITHIN GROUP (ORDER BY price),
            percentile_disc(0.1) WITHIN GROUP (ORDER BY price), count(*), count(DISTINCT name), max(name) FROM many
        """,
        """
        SELECT id % 3, median(day), count(*), sum(DISTINCT grp), percentile_disc(0.5) WITHIN GROUP (ORDER BY day)
        FROM many GROUP BY id % 3 ORDER BY 1
        """,
        """
        SELECT sum(a), sum(length(b)), min(b), max(b), sum(c), sum(d) FROM (SELECT grp, max(price) a,
            listagg(name, ',') WITHIN GROUP (ORDER BY id) b, count(*) c, count(DISTINCT day) d FROM many GROUP BY grp)
        """,
        "SELECT count(*), sum(m) FROM (SELECT name, median(grp) m FROM many GROUP BY name)",
        """
        SELECT g, listagg(DISTINCT d, ';') WITHIN GROUP (ORDER BY d DESC), count(*)
        FROM (SELECT id % 4 g, day d FROM many) GROUP BY g ORDER BY g
        """,
        """
        SELECT day, listagg(CASE WHEN id % 9 = 0 THEN id END, '/') WITHIN GROUP (ORDER BY name), max(price)
        FROM many GROUP BY day ORDER BY 1
        """,
        // Rows that are kept: a query that is used twice, a nested loop.
        "WITH w AS (SELECT id, name, price FROM many WHERE price > 3) SELECT count(*) FROM w a JOIN w b ON a.id = b.id",
        "SELECT count(*), sum(a.d) FROM digits a LEFT JOIN many b ON a.d * 1000 > b.id AND b.price > a.d",
    ]

    private func open(_ nodes: Int, _ slices: Int, memory: Int?, directory: String? = nil) async throws -> Cluster {
        var configuration = ClusterConfiguration(
            shape: ClusterShape(nodes: nodes, slicesPerNode: slices), directory: directory)
        configuration.memoryBytesPerNode = memory
        let cluster = try await Cluster(runtime: configuration)
        let session = cluster.session()
        for statement in MemoryLimitTests.tables { _ = try await session.execute(statement).collect() }
        return cluster
    }

    private func text(_ query: String, _ session: Session) async throws -> String {
        var lines: [String] = []
        for try await row in try await session.execute(query) {
            lines.append(row.values.map { "\($0)" }.joined(separator: "|"))
        }
        return lines.joined(separator: "\n")
    }

    /// The last task of a query may be a moment behind the answer.
    private func isEmpty(_ area: SpillArea) async throws -> Bool {
        for _ in 0..<200 {
            if area.bytesInUse == 0 && area.openFileCount == 0 { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test(arguments: [(1, 2), (2, 2)])
    func answersAreTheSame(nodes: Int, slices: Int) async throws {
        let free = try await open(nodes, slices, memory: nil)
        let tight = try await open(nodes, slices, memory: nodes == 1 ? 4 << 20 : 2 << 20)
        let (own, other) = (free.session(), tight.session())
        var spilled = 0
        for query in MemoryLimitTests.queries {
            let expected = try await text(query, own)
            let actual = try await text(query, other)
            let isSame = actual == expected
            #expect(isSame, "\(nodes)×\(slices): \(query)\n\(actual.prefix(300))\n\(expected.prefix(300))")
            if (await other.lastTrace?.bytesSpilled ?? 0) > 0 { spilled += 1 }
            #expect(await own.lastTrace?.bytesSpilled == 0)
        }
        #expect(spilled >= 17, "only \(spilled) queries spilled")
        // A load that is sorted in runs; rows of equal keys in the order of their coming.
        for session in [own, other] {
            _ = try await session.execute("INSERT INTO sorted SELECT id, name, price FROM many").collect()
        }
        let sums = "SELECT count(*), sum(id), min(name), sum(price) FROM sorted WHERE price BETWEEN 10 AND 500"
        let (one, two) = (try await text(sums, own), try await text(sums, other))
        #expect(one == two)
        #expect(try await isEmpty(tight.runtime.spill))
        try await free.close()
        try await tight.close()
    }

    @Test func systemViewsSayWhatSpilled() async throws {
        let cluster = try await open(1, 2, memory: 4 << 20)
        let session = cluster.session()
        _ = try await text(MemoryLimitTests.queries[0], session)
        let views = ["svl_query_summary", "svl_query_report"]
        for view in views {
            let rows = try await text(
                "SELECT count(*) FROM \(view) WHERE is_diskbased = 't' AND workmem > 0", session)
            #expect(rows != "integer(0)", "\(view)")
        }
        try await cluster.close()
    }

    @Test func nothingIsLeftAfterAnErrorOrACancellation() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "spill-\(UInt64.random(in: 0 ... .max))"
        ).path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cluster = try await open(1, 2, memory: 4 << 20, directory: directory)
        let session = cluster.session()
        // The division fails on the last rows only, when all is sorted.
        let failing = "SELECT 1 / (59999 - r) FROM (SELECT row_number() OVER (ORDER BY name DESC) r FROM many)"
        await #expect(throws: SQLError.self) { try await text(failing, session) }
        #expect(try await isEmpty(cluster.runtime.spill))

        // Cancelled while it spills.
        let query = "SELECT count(*) FROM many a JOIN many b ON a.id = b.grp JOIN many c ON c.name = a.name ORDER BY 1"
        let running = Task { try await text(query, session) }
        for _ in 0..<20_000 where cluster.runtime.spill.bytesInUse == 0 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(cluster.runtime.spill.bytesInUse > 0)
        let start = ContinuousClock.now
        session.cancel()
        await #expect(throws: SQLError.self) { try await running.value }
        let took = ContinuousClock.now - start
        #expect(took < .milliseconds(1_000), "\(took)")
        #expect(try await isEmpty(cluster.runtime.spill))
        let left = try FileManager.default.contentsOfDirectory(atPath: directory + "/spill")
        #expect(left.isEmpty)
        try await cluster.close()

        // What a killed process might have left goes at the next start.
        _ = FileManager.default.createFile(atPath: directory + "/spill/7", contents: nil)
        let again = try await Cluster(.init(directory: directory))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/spill").isEmpty)
        try await again.close()
    }
}
