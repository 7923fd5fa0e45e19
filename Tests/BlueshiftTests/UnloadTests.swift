import Blueshift
import FoundationEssentials
import Testing

/// UNLOAD into files of the cluster's own buckets, and back.
@Suite struct UnloadTests {
    /// A cluster on a directory, with the bucket `lab`.
    private func withLab(
        _ shape: (nodes: Int, slicesPerNode: Int) = (2, 2), _ body: (Session, Lab) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let lab = Lab(url: URL(filePath: directory).appending(path: "s3/lab"))
            try FileManager.default.createDirectory(at: lab.url, withIntermediateDirectories: true)
            var configuration = Cluster.Configuration(nodes: shape.nodes, slicesPerNode: shape.slicesPerNode)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in try await body(session, lab) }
        }
    }

    struct Lab {
        let url: URL
        /// Names below the bucket, sorted; those in progress among them.
        func files(_ folder: String = "") throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: url.appending(path: folder).path).sorted()
        }
        func text(_ name: String) throws -> String {
            String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
        }
        func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }
    }

    private func fill(_ session: Session, rows: Int) async throws {
        try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) DISTSTYLE EVEN")
        try await session.insert(into: "t", (0..<rows).map { "(\($0), 'name \($0)')" })
    }

    @Test func eachSliceWritesItsOwnFile() async throws {
        try await withLab { session, lab in
            try await fill(session, rows: 100)
            let result = try await session.execute("UNLOAD ('SELECT * FROM t') TO 's3://lab/out/t_' IAM_ROLE default")
            #expect(result.commandTag == "UNLOAD")
            #expect(result.notices.map(\.message) == ["UNLOAD completed, 100 record(s) unloaded successfully."])
            #expect(
                try lab.files("out") == ["t_0000_part_00", "t_0001_part_00", "t_0002_part_00", "t_0003_part_00"])
            let texts = try (0..<4).map { try lab.text("out/t_000\($0)_part_00") }
            #expect(texts.allSatisfy { $0.split(separator: "\n").count == 25 })
            let lines = Set(texts.joined().split(separator: "\n"))
            #expect(lines == Set((0..<100).map { "\($0)|name \($0)" }))
            let steps = try #require(await session.lastTrace).runs.flatMap(\.steps)
            #expect(steps.filter { $0.label == "unload" }.count == 4)
            #expect(!steps.contains { $0.label == "return" })
        }
    }

    @Test func oneFileInOrderWithoutParallel() async throws {
        try await withLab { session, lab in
            try await fill(session, rows: 50)
            try await session.execute(
                "UNLOAD ('SELECT id, name AS \"the name\" FROM t ORDER BY id DESC') TO 's3://lab/t.' IAM_ROLE default "
                    + "PARALLEL OFF HEADER CSV EXTENSION 'csv'")
            #expect(try lab.files() == ["t.000.csv"])
            let lines = try lab.text("t.000.csv").split(separator: "\n")
            #expect(lines.first == "id,the name")
            #expect(lines.dropFirst().map(String.init) == (0..<50).reversed().map { "\($0),name \($0)" })
        }
    }

    /// ALL tables, one-row results, empty results, system tables and constants.
    @Test func everyRowIsWrittenOnce() async throws {
        try await withLab { session, lab in
            try await session.execute("CREATE TABLE a (id INT) DISTSTYLE ALL")
            try await session.insert(into: "a", (0..<40).map { "(\($0))" })
            try await fill(session, rows: 40)
            let queries: [(String, Int)] = [
                ("SELECT * FROM a", 40), ("SELECT count(*) FROM t", 1), ("SELECT * FROM t WHERE id < 0", 0),
                ("SELECT a.id, t.name FROM a JOIN t ON a.id = t.id", 40), ("SELECT 1, ''two''", 1),
                ("SELECT * FROM (SELECT id FROM t ORDER BY id LIMIT 7)", 7), ("SELECT DISTINCT id % 5 FROM t", 5),
                ("SELECT name FROM stv_tbl_perm WHERE name = ''t''", 4), ("SELECT id, id FROM t ORDER BY 1", 40),
            ]
            for (number, (query, rows)) in queries.enumerated() {
                for parallel in ["ON", "OFF"] {
                    let folder = "q\(number)\(parallel)"
                    let result = try await session.execute(
                        "UNLOAD ('\(query)') TO 's3://lab/\(folder)/' IAM_ROLE default PARALLEL \(parallel)")
                    #expect(result.affectedRows == Int64(rows), "\(query)")
                    let lines = try lab.files(folder).map { try lab.text("\(folder)/\($0)") }.joined()
                    #expect(lines.split(separator: "\n").count == rows, "\(query)")
                }
            }
        }
    }

    @Test func whatIsInTheWay() async throws {
        try await withLab { session, lab in
            try await fill(session, rows: 8)
            try lab.write("old", to: "t_old")
            try lab.write("other", to: "u_old")
            let unload = "UNLOAD ('SELECT * FROM t') TO 's3://lab/t_' IAM_ROLE default"
            await expectError(.internalError) { try await session.execute(unload) }
            #expect(try lab.files() == ["t_old", "u_old"])
            try await session.execute("\(unload) ALLOWOVERWRITE")
            #expect(try lab.files().count == 6)
            try await session.execute("\(unload) CLEANPATH PARALLEL OFF")
            #expect(try lab.files() == ["t_000", "u_old"])
        }
    }

    @Test func aFailedUnloadLeavesNothing() async throws {
        try await withLab { session, lab in
            try await fill(session, rows: 5_000)
            for parallel in ["ON", "OFF"] {
                await expectError(.divisionByZero) {
                    try await session.execute(
                        "UNLOAD ('SELECT id, 1 / (id - 4999) FROM t') TO 's3://lab/t_' IAM_ROLE default "
                            + "PARALLEL \(parallel) MANIFEST")
                }
                #expect(try lab.files() == [])
            }
        }
    }

    @Test func whatIsRefused() async throws {
        try await withLab { session, lab in
            try await fill(session, rows: 1)
            func unload(
                _ options: String, _ query: String = "SELECT * FROM t", to: String = "s3://lab/x"
            ) -> String {
                "UNLOAD ('\(query)') TO '\(to)' \(options)"
            }
            let role = "IAM_ROLE default"
            for (state, text) in [
                (SQLState.featureNotSupported, unload(role, "SELECT * FROM t LIMIT 1")),
                (.featureNotSupported, unload(role, "SELECT TOP 1 * FROM t")),
                (.featureNotSupported, unload("\(role) PARQUET")), (.featureNotSupported, unload("\(role) LZOP")),
                (.featureNotSupported, unload("\(role) PARTITION BY (id)")), (.syntaxError, unload("")),
                (.syntaxError, unload("\(role) CSV ADDQUOTES")), (.syntaxError, unload("\(role) CSV ESCAPE")),
                (.syntaxError, unload("\(role) CLEANPATH ALLOWOVERWRITE")),
                (.syntaxError, unload("\(role) HEADER HEADER")),
                (.invalidParameterValue, unload("\(role) MAXFILESIZE 1 MB")),
                (.invalidParameterValue, unload("\(role) MAXFILESIZE 7 GB")),
                (.undefinedColumn, unload(role, "SELECT nothing FROM t")),
                (.internalError, unload(role, to: "s3://nowhere/x")),
                (.internalError, unload("\(role) REGION 'eu-west-1'")),
                (.internalError, unload("IAM_ROLE 'arn:aws:iam::123456789012:role/other'")),
                (.invalidParameterValue, unload(role, to: "file:///x")),
            ] {
                await expectError(state) { try await session.execute(text) }
            }
            #expect(try lab.files() == [])
        }
    }

    @Test func largeResultsAreCutIntoParts() async throws {
        try await withLab((1, 1)) { session, lab in
            try await session.execute("CREATE TABLE t (id INT, v VARCHAR(2000))")
            let text = String(repeating: "x", count: 1_999)
            try await session.insert(into: "t", (0..<3_000).map { "(\($0), '\(text)')" })
            try await session.execute(
                "UNLOAD ('SELECT v, id FROM t') TO 's3://lab/p/' IAM_ROLE default MAXFILESIZE 5 MB HEADER")
            #expect(try lab.files("p") == ["0000_part_00", "0000_part_01"])
            let sizes = try lab.files("p").map { try lab.text("p/\($0)").utf8.count }
            #expect(sizes[0] <= 5_000_000 && sizes[0] > 4_990_000)
            try await session.execute("CREATE TABLE u (v VARCHAR(2000), id INT)")
            let copied = try await session.execute("COPY u FROM 's3://lab/p/' IAM_ROLE default IGNOREHEADER 1")
            #expect(copied.affectedRows == 3_000)
        }
    }

    // MARK: Round trips

    private struct Generator {
        var random: SplitMix
        let isPlain: Bool

        mutating func literal(_ column: Int) -> String {
            if random.below(8) == 0 { return "NULL" }
            switch column {
            case 0: return "\(random.below(65_536) - 32_768)"
            case 1: return "\(Int64(bitPattern: random.next()) >> random.below(63))"
            case 2: return "\(random.below(2_000_000_000) - 1_000_000_000).\(10 + random.below(90))"
            case 3: return "\(Double(random.below(1_000_000_007)) / 7)e\(random.below(40) - 20)"
            case 4: return "DATE '\(1900 + random.below(200))-0\(1 + random.below(9))-\(10 + random.below(19))'"
            case 5:
                return "TIMESTAMP '20\(10 + random.below(80))-01-02 0\(random.below(10)):10:20.\(random.below(999_999))'"
            case 6: return random.below(2) == 0 ? "TRUE" : "FALSE"
            case 7: return "'\(text(upTo: 8, isASCII: true))'"
            default: return "'\(text(upTo: 30, isASCII: false))'"
            }
        }

        mutating func text(upTo limit: Int, isASCII: Bool) -> String {
            var letters = Array("abcz 019.-")
            if !isASCII { letters += Array("éß€𝄞") }
            if !isPlain { letters += Array("|,\"';\t\n\\") }
            var text = ""
            for _ in 0..<random.below(limit + 1) {
                let letter = letters[random.below(letters.count)]
                // As SQL writes them.
                text += letter == "'" ? "''" : letter == "\\" ? "\\\\" : String(letter)
            }
            return text
        }
    }

    private static let columns =
        "(id INT, s SMALLINT, b BIGINT, d DECIMAL(14, 2), f DOUBLE PRECISION, dt DATE, ts TIMESTAMP, o BOOLEAN, "
        + "c CHAR(8), v VARCHAR(120))"

    /// UNLOAD's options, COPY's, and whether texts must be free of everything that means something in a file.
    private static let options: [(unload: String, copy: String, isPlain: Bool)] = [
        (#"NULL AS '<nil>'"#, #"NULL AS '<nil>'"#, true),
        (#"NULL AS '<nil>' HEADER DELIMITER ';' GZIP"#, #"NULL AS '<nil>' IGNOREHEADER 1 DELIMITER ';' GZIP"#, true),
        (#"NULL AS '<nil>' ESCAPE"#, #"NULL AS '<nil>' ESCAPE"#, false),
        (#"NULL AS '<nil>' ESCAPE DELIMITER '-' GZIP PARALLEL OFF"#, #"NULL AS '<nil>' ESCAPE DELIMITER '-' GZIP"#, false),
        (#"NULL AS '<nil>' ADDQUOTES ESCAPE"#, #"NULL AS '<nil>' REMOVEQUOTES ESCAPE"#, false),
        (#"NULL AS '<nil>' CSV"#, #"NULL AS '<nil>' CSV"#, false),
        (#"NULL AS '<nil>' CSV HEADER MANIFEST"#, #"NULL AS '<nil>' CSV IGNOREHEADER 1"#, false),
        (#"NULL AS '<nil>' CSV DELIMITER '1' MANIFEST VERBOSE"#, #"NULL AS '<nil>' CSV DELIMITER '1'"#, false),
        (#"NULL AS '<nil>' CSV DELIMITER '\t' PARALLEL OFF"#, #"NULL AS '<nil>' CSV DELIMITER '\t'"#, false),
    ]

    @Test(arguments: 0..<9)
    func unloadAndCopyGiveTheSameRows(seed: Int) async throws {
        let (unload, copy, isPlain) = UnloadTests.options[seed]
        try await withLab(shapes[seed % shapes.count]) { session, lab in
            var generator = Generator(random: SplitMix(seed: UInt64(seed)), isPlain: isPlain)
            try await session.execute("CREATE TABLE t \(UnloadTests.columns) DISTKEY (id)")
            try await session.execute("CREATE TABLE u \(UnloadTests.columns)")
            let rows = (0..<[0, 1, 300, 700][(seed + 3) % 4]).map { id in
                "(\(id), " + (0..<9).map { generator.literal($0) }.joined(separator: ", ") + ")"
            }
            try await session.insert(into: "t", rows)
            let unloaded = try await session.execute(
                "UNLOAD ('SELECT * FROM t') TO 's3://lab/t/' IAM_ROLE default \(unload)")
            #expect(unloaded.affectedRows == Int64(rows.count))
            let source = unload.contains("MANIFEST") ? "t/manifest' IAM_ROLE default MANIFEST" : "t/' IAM_ROLE default"
            let copied = try await session.execute("COPY u FROM 's3://lab/\(source) \(copy)")
            #expect(copied.affectedRows == Int64(rows.count))
            let before = try await session.rows("SELECT * FROM t ORDER BY id")
            let after = try await session.rows("SELECT * FROM u ORDER BY id")
            #expect(before.count == rows.count && after.count == rows.count)
            for (old, new) in zip(before, after) {
                let differing = (0..<10).filter { old[$0] != new[$0] }
                #expect(differing.isEmpty, "\(differing.map { "\(old[$0]) became \(new[$0])" })")
                if !differing.isEmpty { break }
            }
        }
    }
}
