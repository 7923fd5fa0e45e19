import Blueshift
import Testing

/// One answer, whatever the cluster and wherever the rows.
@Suite struct ShapeTests {
    private static let queries = [
        "SELECT count(*), sum(v), min(v), max(name) FROM t",
        "SELECT k, count(*), sum(v) FROM t GROUP BY k ORDER BY k",
        "SELECT name, count(*) FROM t WHERE v BETWEEN 100 AND 700 GROUP BY name ORDER BY name",
        "SELECT id, k, name FROM t WHERE name IS NULL ORDER BY id LIMIT 7 OFFSET 3",
        "SELECT t.k, d.label, sum(t.v) FROM t JOIN d ON t.k = d.k GROUP BY t.k, d.label ORDER BY 1, 2",
        "SELECT d.label, count(t.id) FROM d LEFT JOIN t ON t.v = d.k GROUP BY d.label ORDER BY d.label",
        "SELECT avg(v), count(DISTINCT k) FROM t",
        "SELECT id FROM t ORDER BY v DESC, id LIMIT 5",
    ]

    private func answers(nodes: Int, slicesPerNode: Int, _ t: String, _ d: String) async throws -> [[[SQLValue]]] {
        try await withSession(.init(nodes: nodes, slicesPerNode: slicesPerNode)) { _, session in
            try await session.execute("CREATE TABLE t (id INT, k INT, v INT, name VARCHAR(10)) \(t)")
            try await session.execute("CREATE TABLE d (k INT, label VARCHAR(10)) \(d)")
            var random = SplitMix(seed: 11)
            let names = ["'ash'", "'birch'", "'cedar'", "NULL", "'ash '"]
            try await session.insert(
                into: "t",
                (0..<3_000).map { id in
                    "(\(id), \(random.below(25)), \(random.below(1_000)), \(names[random.below(5)]))"
                })
            try await session.insert(into: "d", (0..<20).map { "(\($0), 'l\($0 % 6)')" })
            var answers: [[[SQLValue]]] = []
            for query in ShapeTests.queries {
                answers.append(try await session.rows(query).map { $0.values.map(trimmed) })
            }
            return answers
        }
    }

    /// Which of two strings that differ in trailing blanks stands for their group is left open.
    private func trimmed(_ value: SQLValue) -> SQLValue {
        guard case .string(var bytes) = value else { return value }
        while bytes.last == 0x20 { bytes.removeLast() }
        return .string(bytes)
    }

    @Test(
        arguments: ["DISTSTYLE EVEN", "DISTKEY (k) SORTKEY (v)", "DISTSTYLE ALL"],
        ["DISTSTYLE ALL", "DISTKEY (k)", "DISTSTYLE EVEN"])
    func answersDoNotDependOnDistribution(t: String, d: String) async throws {
        let alone = try await answers(nodes: 1, slicesPerNode: 1, "DISTSTYLE EVEN", "DISTSTYLE EVEN")
        #expect(alone.allSatisfy { !$0.isEmpty })
        for shape in shapes {
            let spread = try await answers(nodes: shape.nodes, slicesPerNode: shape.slicesPerNode, t, d)
            for (number, query) in ShapeTests.queries.enumerated() {
                #expect(spread[number] == alone[number], "\(shape), \(t), \(d): \(query)")
            }
        }
    }
}
