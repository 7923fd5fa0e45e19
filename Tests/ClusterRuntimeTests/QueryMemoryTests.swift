import Catalog
import Testing

@testable import ClusterRuntime

/// What a query held is given back when it is over: nothing of it may be kept alive by those it talked to.
@Suite struct QueryMemoryTests {
    @Test(arguments: [
        "SELECT count(*) FROM t a JOIN t b ON a.v = b.id",
        "SELECT a.v, count(*), sum(b.id) FROM t a JOIN t b ON a.id = b.id GROUP BY a.v ORDER BY 2 DESC LIMIT 3",
        "SELECT id FROM t WHERE id IN (SELECT v FROM t) ORDER BY 1",
        "SELECT 1 / (a.v - a.v) FROM t a JOIN t b ON a.v = b.id",
    ])
    func aQueryLeavesNothingBehind(query: String) async throws {
        let leader = try await Leader.start(ClusterConfiguration(shape: ClusterShape(nodes: 2, slicesPerNode: 2)))
        let session = DatabaseSession.open(on: leader)
        try await run("CREATE TABLE t (id INT, v INT) DISTKEY (id)", on: session)
        let rows = (0..<1_000).map { "(\($0), \($0 % 100))" }.joined(separator: ", ")
        try await run("INSERT INTO t VALUES \(rows)", on: session)
        // One of the queries fails, which must make no difference.
        try? await run(query, on: session)
        for node in leader.nodes { #expect(try await settles(node), "node \(node.number) of \(query)") }
        try await leader.shutDown()
    }

    private func run(_ text: String, on session: DatabaseSession) async throws {
        var result = try await session.execute(text)
        while try await result.next() != nil {}
    }

    /// The last task may be a moment behind the answer.
    private func settles(_ node: ComputeNode) async throws -> Bool {
        for _ in 0..<200 {
            if await node.bytesInUse == 0 { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
