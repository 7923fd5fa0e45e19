import Blueshift
import FoundationEssentials
import Synchronization
import Testing

/// COPY from files in the cluster's own buckets.
@Suite struct CopyTests {
    private static let role = "arn:aws:iam::123456789012:role/blueshift"

    private func write(_ text: String, to key: String, in directory: String) throws {
        let url = URL(filePath: directory).appending(path: "s3/lab/\(key)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Files of `id|name` lines, so many in each.
    private func writeFiles(_ files: Int, lines: Int, in directory: String) throws {
        for file in 0..<files {
            let text = (0..<lines).map { "\(file * lines + $0)|name \($0)\n" }.joined()
            try write(text, to: "lines/part-\(file)", in: directory)
        }
    }

    @Test(arguments: ["DISTSTYLE EVEN", "DISTKEY (id) SORTKEY (id)", "DISTSTYLE ALL"], shapes)
    func everyRowIsLoadedOnce(style: String, shape: (nodes: Int, slicesPerNode: Int)) async throws {
        try await withDirectory { directory in
            try writeFiles(7, lines: 300, in: directory)
            var configuration = Cluster.Configuration(nodes: shape.nodes, slicesPerNode: shape.slicesPerNode)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { cluster, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20)) \(style)")
                let seen = Mutex<[LoadProgress]>([])
                let loaded = try await session.execute(
                    "COPY t FROM 's3://lab/lines/part-' IAM_ROLE '\(CopyTests.role)'",
                    progress: { progress in seen.withLock { $0.append(progress) } })
                #expect(loaded.commandTag == "COPY")
                #expect(loaded.affectedRows == 2_100)
                #expect(
                    loaded.notices.map(\.message) == [
                        "Load into table 't' completed, 2100 record(s) loaded successfully."
                    ])
                #expect(try await session.number("SELECT count(*) FROM t") == 2_100)
                #expect(try await session.number("SELECT sum(id) FROM t") == 2_100 * 2_099 / 2)
                #expect(try await session.number("SELECT count(DISTINCT id) FROM t") == 2_100)
                let last = seen.withLock { $0.max { $0.rows < $1.rows } }
                #expect(last?.rows == 2_100)
                #expect(last?.filesTotal == 7)
                let counts = try await session.rowsPerSlice(of: "t")
                switch style {
                case "DISTSTYLE EVEN": #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
                case "DISTSTYLE ALL": #expect(counts.reduce(0, +) == 2_100 * cluster.nodes)
                default: #expect(counts.reduce(0, +) == 2_100)
                }
                // COPY into an empty table analyses it.
                #expect(try await session.explain("SELECT * FROM t").contains("rows=2100"))
            }
        }
    }

    /// Records that MAXERROR tolerates are not what a load failed of.
    @Test func whatFailsALoadIsTold() async throws {
        try await withDirectory { directory in
            try write("1|one\nx|two\n", to: "lines/part-0", in: directory)
            // The head of a gzip file.
            try write("\u{1F}", to: "lines/part-1", in: directory)
            let file = URL(filePath: directory).appending(path: "s3/lab/lines/part-1")
            try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]).write(to: file)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 1)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
                let error = await #expect(throws: SQLError.self) {
                    try await session.execute("COPY t FROM 's3://lab/lines/' IAM_ROLE default MAXERROR 5")
                }
                #expect(error?.message.contains("is compressed by gzip") == true, "\(error?.message ?? "")")
                #expect(try await session.number("SELECT count(*) FROM t") == 0)
            }
        }
    }

    @Test func aBadRecordFailsTheWholeLoad() async throws {
        try await withDirectory { directory in
            try writeFiles(3, lines: 50, in: directory)
            try write("1|one\nx|two\n", to: "lines/part-9", in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
                await expectError(.internalError) {
                    try await session.execute("COPY t FROM 's3://lab/lines/' IAM_ROLE default")
                }
                #expect(try await session.number("SELECT count(*) FROM t") == 0)
                let errors = try await session.rows("SELECT line_number, colname, err_code, slice FROM stl_load_errors")
                #expect(errors.count == 1)
                #expect(errors.first?[0] == .integer(2))
                #expect(errors.first?[2] == .integer(1207))
                let tolerant = try await session.execute("COPY t FROM 's3://lab/lines/' IAM_ROLE default MAXERROR 5")
                #expect(tolerant.affectedRows == 151)
                #expect(tolerant.notices.count == 2)
                let dry = try await session.execute("COPY t FROM 's3://lab/lines/part-0' IAM_ROLE default NOLOAD")
                #expect(dry.affectedRows == 50)
                #expect(try await session.number("SELECT count(*) FROM t") == 151)
            }
        }
    }

    @Test func encodingsAreSetOnEmptyTables() async throws {
        try await withDirectory { directory in
            try writeFiles(2, lines: 20, in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                func encodings(_ table: String) async throws -> [String] {
                    try await session.rows("SELECT encoding FROM pg_table_def WHERE tablename = '\(table)'")
                        .map { try $0.decode(String.self, at: 0) }
                }
                let copy = "FROM 's3://lab/lines/' IAM_ROLE default"
                let raw = "(id INT ENCODE RAW, name VARCHAR(20) ENCODE RAW)"
                try await session.execute("CREATE TABLE r \(raw)")
                let before = try await encodings("r")
                try await session.execute("COPY r \(copy) COMPUPDATE OFF")
                #expect(try await encodings("r") == before)
                try await session.execute("COPY r \(copy)")
                #expect(try await encodings("r") == before, "a table with rows keeps its encodings")
                try await session.execute("CREATE TABLE s \(raw) SORTKEY (id)")
                try await session.execute("COPY s \(copy) NOLOAD")
                #expect(try await encodings("s") == before)
                try await session.execute("COPY s \(copy)")
                #expect(try await encodings("s") == [before[0], "lzo"])
                try await session.execute("CREATE TABLE d (id INT ENCODE DELTA, name VARCHAR(20) ENCODE RAW)")
                try await session.execute("COPY d \(copy)")
                #expect(try await encodings("d") == ["delta", before[1]])
                try await session.execute("TRUNCATE d")
                try await session.execute("COPY d \(copy) COMPUPDATE PRESET")
                #expect(try await encodings("d") == ["az64", "lzo"])
                for table in ["d", "s"] {
                    #expect(try await session.number("SELECT count(DISTINCT name) + sum(id) FROM \(table)") == 800)
                }
            }
        }
    }

    @Test func everyTypeCanBeLoaded() async throws {
        try await withDirectory { directory in
            try write(
                """
                1|2|3|1.5|12345678901234567890.5|1.5|2.5|t|ab|héllo|2024-01-02|03:04:05|03:04:05+01|2024-01-02 03:04:05|\
                2024-01-02 03:04:05+01|1 year 2 months|3 days 04:05:06.5|00ffAB
                |||||||||||||||||

                """, to: "f", in: directory)
            try write("1 fortnight|00\n1 day|0g\n1 day|001122\n", to: "bad", in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute(
                    """
                    CREATE TABLE t (a SMALLINT, b INT, c BIGINT, d DECIMAL(5,2), e DECIMAL(38,1), f REAL, g FLOAT, h BOOLEAN,
                        i CHAR(3), j VARCHAR(9), k DATE, l TIME, m TIMETZ, n TIMESTAMP, o TIMESTAMPTZ,
                        p INTERVAL YEAR TO MONTH, q INTERVAL DAY TO SECOND, r VARBYTE(3)) DISTSTYLE EVEN;
                    COPY t FROM 's3://lab/f' IAM_ROLE default EMPTYASNULL
                    """)
                let row = try #require(try await session.rows("SELECT * FROM t WHERE a = 1").first)
                let texts = zip(row.values, row.columns).map { String(decoding: $0.text(as: $1.type), as: UTF8.self) }
                #expect(
                    texts == [
                        "1", "2", "3", "1.50", "12345678901234567890.5", "1.5", "2.5", "t", "ab ", "héllo",
                        "2024-01-02",
                        "03:04:05", "02:04:05+00", "2024-01-02 03:04:05", "2024-01-02 02:04:05+00", "1 year 2 mons",
                        "3 days 04:05:06.5", "00ffab",
                    ])
                #expect(
                    try await session.number("SELECT count(*) FROM t WHERE p IS NULL AND q IS NULL AND e IS NULL") == 1)
                try await session.execute("CREATE TABLE u (a INTERVAL DAY TO SECOND, b VARBYTE(2))")
                await expectError(.internalError) {
                    try await session.execute("COPY u FROM 's3://lab/bad' IAM_ROLE default")
                }
                try await session.execute("COPY u FROM 's3://lab/bad' IAM_ROLE default MAXERROR 5")
                #expect(try await session.number("SELECT count(*) FROM u") == 0)
            }
        }
    }

    @Test func compupdateOnMeasuresWhatIsLoaded() async throws {
        try await withDirectory { directory in
            let lines = (0..<2_000).map { "\($0)|7|the same text\n" }.joined()
            try write(lines, to: "f", in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute(
                    "CREATE TABLE t (k INT ENCODE RAW SORTKEY, v INT ENCODE RAW, s VARCHAR(20) ENCODE ZSTD) DISTKEY (k)"
                )
                let copy = "COPY t FROM 's3://lab/f' IAM_ROLE default COMPUPDATE ON COMPROWS 1000"
                try await session.execute(copy)
                let encodings = try await session.rows(
                    "SELECT trim(encoding) FROM pg_table_def WHERE tablename = 't'"
                ).map { try $0.decode(String.self, at: 0) }
                #expect(encodings[0] == "none", "a sort key keeps its encoding")
                #expect(encodings[1] != "none")
                #expect(
                    try await session.number("SELECT sum(k) + sum(v) FROM t WHERE s = 'the same text'") == 2_013_000)
                let rest = try await session.rows("ANALYZE COMPRESSION t")
                #expect(rest.map { $0["Est_reduction_pct"] ?? .null } == Array(repeating: SQLValue("0.00"), count: 3))
                // A table with rows keeps what it has.
                try await session.execute(copy)
                #expect(try await session.number("SELECT count(*) FROM t") == 4_000)
            }
        }
    }

    @Test(arguments: ["DISTSTYLE EVEN", "DISTKEY (id)", "DISTSTYLE ALL"])
    func identityColumns(style: String) async throws {
        try await withDirectory { directory in
            for file in 0..<5 {
                try write((0..<100).map { "\(file * 100 + $0)\n" }.joined(), to: "one/f\(file)", in: directory)
            }
            try write("1000|7\n1002|8\n", to: "two/f", in: directory)
            var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                let role = "IAM_ROLE default"
                try await session.execute("CREATE TABLE t (id BIGINT IDENTITY(1, 1), v INT) \(style)")
                // Without a column list the identity column is left out.
                try await session.execute("COPY t FROM 's3://lab/one/' \(role)")
                try await session.execute("COPY t (v) FROM 's3://lab/one/' \(role)")
                #expect(try await session.number("SELECT count(DISTINCT id) FROM t") == 1_000)
                #expect(try await session.number("SELECT min(id) FROM t") >= 1)
                try await session.execute("COPY t FROM 's3://lab/two/' \(role) EXPLICIT_IDS")
                #expect(try await session.number("SELECT sum(v) FROM t WHERE id IN (1000, 1002) AND v IN (7, 8)") == 15)
                await expectError(.featureNotSupported) {
                    try await session.execute("COPY t (id, v) FROM 's3://lab/two/' \(role)")
                }
                await expectError(.syntaxError) {
                    try await session.execute("COPY t (v) FROM 's3://lab/one/' \(role) EXPLICIT_IDS")
                }
                // GENERATED BY DEFAULT takes what it is given, without a word.
                try await session.execute(
                    "CREATE TABLE d (id INT GENERATED BY DEFAULT AS IDENTITY(0, -1), v INT) \(style)")
                try await session.execute("COPY d FROM 's3://lab/two/' \(role)")
                try await session.execute("COPY d (v) FROM 's3://lab/one/' \(role)")
                #expect(try await session.number("SELECT count(DISTINCT id) FROM d") == 502)
                #expect(try await session.number("SELECT count(*) FROM d WHERE id > 0") == 2)
            }
        }
    }

    @Test func allErrorsCanBeIgnored() async throws {
        try await withDirectory { directory in
            try write((0..<300).map { $0 % 2 == 0 ? "\($0)|even\n" : "odd|\($0)\n" }.joined(), to: "f", in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
                let loaded = try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default IGNOREALLERRORS")
                #expect(loaded.affectedRows == 150)
                #expect(loaded.notices.count == 2)
                await expectError(.syntaxError) {
                    try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default IGNOREALLERRORS MAXERROR 9")
                }
            }
        }
    }

    @Test func whatMayNotBeReadIsRefused() async throws {
        try await withDirectory { directory in
            try writeFiles(1, lines: 5, in: directory)
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(20))")
                let from = "COPY t FROM 's3://lab/lines/'"
                await expectError(.internalError) {
                    try await session.execute("\(from) IAM_ROLE 'arn:aws:iam::123456789012:role/other'")
                }
                await expectError(.featureNotSupported) {
                    try await session.execute("\(from) IAM_ROLE default PARQUET")
                }
                await expectError(.featureNotSupported) {
                    try await session.execute("\(from) IAM_ROLE default ENCRYPTED")
                }
                await expectError(.syntaxError) { try await session.execute("\(from)") }
                await #expect(throws: SQLError.self) {
                    try await session.execute("\(from) IAM_ROLE default REGION 'eu-west-1'")
                }
                await #expect(throws: SQLError.self) {
                    try await session.execute("COPY t FROM 's3://nowhere/' IAM_ROLE default")
                }
                #expect(try await session.number("SELECT count(*) FROM t") == 0)
            }
        }
    }
}
