import Blueshift
import Testing

/// Whatever the distribution, sort key, encodings and shape, however the rows came and however often they were
/// rewritten: the answers are those of one slice without any design.
@Suite struct DesignPropertyTests {
    private struct Column: Sendable {
        let name: String
        let type: String
        let encodings: [String]
        let value: @Sendable (inout SplitMix) -> String
    }

    private static let columns = [
        Column(
            name: "i", type: "INT", encodings: ["raw", "az64", "delta", "delta32k", "mostly8", "mostly16", "runlength"]
        ) {
            "\($0.below(12) - 3)"
        },
        Column(name: "w", type: "BIGINT", encodings: ["raw", "az64", "bytedict", "mostly32", "zstd", "lzo"]) {
            $0.below(9) == 0 ? "9223372036854775807" : "\($0.below(1_000_000) * 4_001)"
        },
        Column(name: "m", type: "DECIMAL(12, 3)", encodings: ["raw", "az64", "bytedict", "delta", "mostly8", "zstd"]) {
            "\($0.below(2_000) - 900).\($0.below(10))25"
        },
        Column(name: "f", type: "FLOAT8", encodings: ["raw", "bytedict", "runlength", "zstd"]) { "\($0.below(40)).5" },
        Column(name: "s", type: "VARCHAR(40)", encodings: ["raw", "bytedict", "lzo", "text255", "text32k", "zstd"]) {
            ["'ash'", "'birch'", "'cédre'", "''", "'a longer text, of many words'"][$0.below(5)]
        },
        Column(name: "c", type: "CHAR(6)", encodings: ["raw", "bytedict", "lzo", "runlength", "zstd"]) {
            "'k\($0.below(7))'"
        },
        Column(name: "b", type: "BOOLEAN", encodings: ["raw", "runlength", "zstd"]) {
            $0.below(2) == 0 ? "true" : "false"
        },
        Column(name: "d", type: "DATE", encodings: ["raw", "az64", "bytedict", "delta", "delta32k"]) {
            "'20\(10 + $0.below(15))-0\(1 + $0.below(9))-1\($0.below(10))'"
        },
        Column(name: "t", type: "TIMESTAMP", encodings: ["raw", "az64", "bytedict", "delta", "zstd"]) {
            "'2020-01-0\(1 + $0.below(9)) 0\($0.below(10)):00:00.\($0.below(1_000))'"
        },
    ]

    private static let queries = [
        "SELECT count(*), sum(i), sum(m), min(w), max(w), min(s), max(t), sum(f) FROM p",
        "SELECT i, count(*), sum(m), count(DISTINCT s) FROM p GROUP BY i ORDER BY i",
        "SELECT s, b, count(w) FROM p WHERE d >= '2015-01-01' GROUP BY s, b ORDER BY s, b",
        "SELECT id FROM p WHERE i BETWEEN 0 AND 4 AND f < 20 AND s LIKE '%i%' ORDER BY id",
        "SELECT id, m, c FROM p WHERE t < '2020-01-04' ORDER BY m DESC, id LIMIT 20",
        "SELECT p.i, q.i, count(*) FROM p JOIN q ON p.c = q.c AND p.id > q.id GROUP BY p.i, q.i ORDER BY 1, 2",
        "SELECT count(*), sum(q.m) FROM p LEFT JOIN q ON p.id = q.id AND q.b",
        "SELECT p.s, count(q.id) FROM p FULL JOIN q ON p.d = q.d GROUP BY p.s ORDER BY p.s",
        "SELECT id FROM p WHERE EXISTS (SELECT 1 FROM q WHERE q.i = p.i AND q.w > p.w) ORDER BY id LIMIT 30",
        "SELECT id FROM p WHERE s NOT IN (SELECT s FROM q WHERE b) ORDER BY id",
        "SELECT id, row_number() OVER (PARTITION BY c ORDER BY m, id), sum(i) OVER (PARTITION BY i) FROM p ORDER BY id",
        "SELECT i, s FROM p UNION SELECT i, s FROM q ORDER BY 1, 2",
        "SELECT c, d FROM p EXCEPT SELECT c, d FROM q ORDER BY 1, 2",
    ]

    /// Statements that make table `name`, the same rows for the same seed, with a design or without.
    private func statements(
        _ name: String, seed: UInt64, rows: Int, design: inout SplitMix, isPlain: Bool
    ) -> (create: String, rows: [String]) {
        let columns = DesignPropertyTests.columns
        let definitions = columns.map { column -> String in
            let isEncoded = design.below(2) == 0
            let encoding = column.encodings[design.below(column.encodings.count)]
            return "\(column.name) \(column.type)" + (isEncoded && !isPlain ? " ENCODE \(encoding)" : "")
        }
        let keys = ["id"] + columns.map(\.name)
        let styles = [
            "", "DISTSTYLE EVEN", "DISTSTYLE ALL", "DISTKEY (id)", "DISTKEY (\(keys[design.below(keys.count)]))",
        ]
        let first = design.below(keys.count)
        let sortColumns = "(\(keys[first]), \(keys[(first + 3) % keys.count]))"
        let sorts = [
            "", "SORTKEY \(sortColumns)", "COMPOUND SORTKEY \(sortColumns)", "INTERLEAVED SORTKEY \(sortColumns)",
        ]
        let physical = "\(styles[design.below(styles.count)]) \(sorts[design.below(sorts.count)])"
        var random = SplitMix(seed: seed)
        let values = (0..<rows).map { id in
            let cells = columns.map { column -> String in
                let value = column.value(&random)
                return random.below(11) == 0 ? "NULL" : value
            }
            return "(\(id), \(cells.joined(separator: ", ")))"
        }
        return (
            "CREATE TABLE \(name) (id INT, \(definitions.joined(separator: ", "))) \(isPlain ? "" : physical)", values
        )
    }

    private func answers(
        seed: UInt64, design: UInt64, isPlain: Bool, _ shape: (nodes: Int, slicesPerNode: Int)
    ) async throws -> [[[SQLValue]]] {
        try await withSession(.init(nodes: shape.nodes, slicesPerNode: shape.slicesPerNode)) { _, session in
            var random = SplitMix(seed: design)
            for (name, rows) in [("p", 260), ("q", 70)] {
                let table = statements(name, seed: seed &+ UInt64(rows), rows: rows, design: &random, isPlain: isPlain)
                try await session.execute(table.create)
                try await session.insert(into: name, table.rows)
                if !isPlain, random.below(2) == 0 { try await session.execute("VACUUM \(name)") }
                try await session.execute("UPDATE \(name) SET m = m + 1, s = NULL WHERE i = 3 OR id = 7")
                try await session.execute("DELETE FROM \(name) WHERE id % 13 = 5")
                if !isPlain, random.below(2) == 0 { try await session.execute("VACUUM FULL \(name)") }
                if !isPlain, random.below(2) == 0 { try await session.execute("ANALYZE \(name)") }
            }
            var answers: [[[SQLValue]]] = []
            for query in DesignPropertyTests.queries { answers.append(try await session.rows(query).map(\.values)) }
            return answers
        }
    }

    @Test(arguments: UInt64(1)...8) func answersDoNotDependOnTheDesign(seed: UInt64) async throws {
        let plain = try await answers(seed: seed, design: 0, isPlain: true, (1, 1))
        let shape = shapes[Int(seed % 4)]
        for design in [seed &* 31, seed &* 31 &+ 1] {
            let found = try await answers(seed: seed, design: design, isPlain: false, shape)
            for (number, query) in DesignPropertyTests.queries.enumerated() {
                #expect(found[number] == plain[number], "seed \(seed), design \(design), \(shape): \(query)")
            }
        }
    }
}
