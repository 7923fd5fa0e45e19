import Blueshift
import Testing

/// That slices really work side by side on what is theirs, as the trace of the run shows it.
@Suite struct ParallelismTests {
    @Test func eachSliceScansItsOwnRowGroups() async throws {
        try await withSession(.init(nodes: 2, slicesPerNode: 2)) { cluster, session in
            try await session.execute("CREATE TABLE t (id INT, v INT) DISTSTYLE EVEN")
            try await session.insert(into: "t", (0..<5_000).map { "(\($0), \($0 % 7))" })
            for _ in 0..<5 { try await session.execute("INSERT INTO t SELECT id + 5000, v FROM t") }
            #expect(try await session.number("SELECT sum(v) FROM t WHERE v > 2") > 0)
            let trace = try #require(await session.lastTrace)
            let scans = trace.runs.filter {
                $0.slice != nil && $0.steps.first?.label == "scan" && $0.steps[0].rowsStored > 0
            }
            #expect(scans.map { $0.slice ?? -1 } == [0, 1, 2, 3], "one scan on each slice")
            #expect(scans.reduce(0) { $0 + $1.steps[0].rowsStored } == 160_000)
            #expect(scans.allSatisfy { !$0.steps[0].rowGroupsRead.isEmpty })
            #expect(scans.allSatisfy { Set($0.steps[0].rowGroupsRead).count == $0.steps[0].rowGroupsRead.count })
            // Each node's actor got the segment once.
            let segment = scans[0].segment
            #expect(trace.deliveries.filter { $0.segment == segment }.map(\.node).sorted() == [0, 1])
            for run in trace.runs {
                #expect(run.end >= run.start && run.running >= 0 && run.waitingForCore >= 0 && run.blocked >= 0)
                #expect(run.running <= run.end - run.start)
            }
        }
    }

    /// With a core for each slice their intervals overlap; with one core for all they do not compute at the same time.
    @Test func slicesOverlapWhenTheyMay() async throws {
        var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
        configuration.concurrentSlices = 2
        try await withSession(configuration) { _, session in
            try await session.execute("CREATE TABLE t (id INT, v INT) DISTSTYLE EVEN")
            try await session.insert(into: "t", (0..<4_000).map { "(\($0), \($0 % 7))" })
            for _ in 0..<6 { try await session.execute("INSERT INTO t SELECT id, v FROM t") }
            // Other tests use the cores, too: one run in which they were to be had is enough.
            var seen: [(Int64, Int64)] = []
            for _ in 0..<20 {
                _ = try await session.rows("SELECT v, count(*), sum(id) FROM t GROUP BY v")
                let trace = try #require(await session.lastTrace)
                let scans = trace.runs.filter { ($0.steps.first?.rowsStored ?? 0) > 0 }
                #expect(scans.count == 2)
                if scans[0].start < scans[1].end && scans[1].start < scans[0].end { return }
                seen += scans.map { ($0.start, $0.end) }
            }
            Issue.record("slices never ran side by side: \(seen)")
        }
    }

    @Test func moreSlicesThanCoresIsSaidOnce() async throws {
        var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 4)
        configuration.concurrentSlices = 2
        try await withSession(configuration) { cluster, session in
            #expect(cluster.notices.map(\.message) == ["8 slices share 2 cores"])
            let rows = try await session.execute("SELECT 1")
            #expect(rows.notices.isEmpty)
        }
    }
}
