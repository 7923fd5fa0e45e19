import Blueshift
import FoundationEssentials
import Testing

/// One COPY of one file, from SQL to the rows, or to what it says.
struct CopyCase: Sendable, CustomTestStringConvertible {
    var options: String
    var file: String
    /// The table's rows by id, a row as its values with bars between; or
    var rows: [String]?
    /// what the error (its message or detail) contains.
    var error: String?
    var testDescription: String { "\(options) of \(file.debugDescription)" }

    init(_ options: String, _ file: String, _ rows: [String]) {
        self.options = options
        self.file = file
        self.rows = rows
    }

    init(_ options: String, _ file: String, fails error: String) {
        self.options = options
        self.file = file
        self.error = error
    }
}

/// Every option of COPY on files, as `COPY t FROM 's3://lab/f' IAM_ROLE default …` into
/// `t (id INT, name VARCHAR(10), d DATE, n DECIMAL(8,2))`.
@Suite struct CopyOptionTests {
    static let cases: [CopyCase] = [
        CopyCase("", "1|a|2024-01-02|1.239\n2||2024-02-03|-4.5", ["1|a|2024-01-02|1.23", "2||2024-02-03|-4.50"]),
        CopyCase("", "1|a|2024-01-02|1|\r\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("DELIMITER ';'", "1;a|b;2024-01-02;1\n", ["1|a|b|2024-01-02|1.00"]),
        CopyCase(#"DELIMITER '\t'"#, "1\ta\t2024-01-02\t1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase(#"DELIMITER '\073'"#, "1;a;2024-01-02;1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("DELIMITER '||'", "", fails: "single ASCII character"),
        CopyCase(
            "CSV", "1,\"a,\"\"b\"\"\",2024-01-02,1\n2,\"x\ny\",,\n", [#"1|a,"b"|2024-01-02|1.00"#, "2|x\ny|NULL|NULL"]),
        CopyCase("CSV QUOTE '%'", "1,%a,\"b%,2024-01-02,1\n", [#"1|a,"b|2024-01-02|1.00"#]),
        CopyCase("CSV DELIMITER '|'", "1|\"a|b\"|2024-01-02|1\n", ["1|a|b|2024-01-02|1.00"]),
        CopyCase("CSV", "1,a\"b,2024-01-02,1\n", fails: "Invalid quote formatting for CSV"),
        CopyCase("CSV ESCAPE", "", fails: "ESCAPE cannot be used with CSV"),
        CopyCase("QUOTE '%'", "", fails: "QUOTE"),
        CopyCase(
            "ESCAPE", "1|a\\|b\\\nc|2024-01-02|1\n2|\\N|\\N|\\N\n", ["1|a|b\nc|2024-01-02|1.00", "2|NULL|NULL|NULL"]),
        CopyCase("REMOVEQUOTES", "1|\"a|b\"|'2024-01-02'|1\n", ["1|a|b|2024-01-02|1.00"]),
        CopyCase("REMOVEQUOTES", "1|\"a|2024-01-02|1\n", fails: "Missing closing quote"),
        CopyCase("NULL AS '-'", "1|-|-|-\n2|--|2024-01-02|0\n", ["1|NULL|NULL|NULL", "2|--|2024-01-02|0.00"]),
        CopyCase(#"NULL AS '\0'"#, "1|\0|2024-01-02|1\n", ["1|NULL|2024-01-02|1.00"]),
        CopyCase("IGNOREHEADER 2", "id|name|d|n\n----\n1|a|2024-01-02|1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("IGNOREHEADER 9", "id\n", []),
        CopyCase(
            "DATEFORMAT 'auto'", "1|a|Jan-08-95|1\n2|b|20080215|2\n3|c|J2451187|3\n",
            ["1|a|1995-01-08|1.00", "2|b|2008-02-15|2.00", "3|c|1999-01-08|3.00"]),
        CopyCase("DATEFORMAT 'MM/DD/YYYY'", "1|a|01/02/2024|1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("", "1|a|01/02/2024|1\n", fails: "(code 1205)"),
        CopyCase("DATEFORMAT 'MM/DD/YYYY' ACCEPTANYDATE", "1|a|00/00/0000|1\n", ["1|a|NULL|1.00"]),
        CopyCase("", "1|a|2024-01-02|1\nx|a|2024-01-02|1\n", fails: "line 2, column id (int4), value 'x'"),
        CopyCase("MAXERROR 2", "1|a|2024-01-02|1\nx|a|2024-01-02|1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("MAXERROR 1", "1|a|2024-01-02|1\nx|a|2024-01-02|1\n", fails: "failed.  Check 'stl_load_errors'"),
        CopyCase("MAXERROR 100001", "", fails: "between 0 and 100000"),
        CopyCase("IGNOREALLERRORS", "x\n1|a|2024-01-02|1\n\n|\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("FILLRECORD", "1|a\n2\n", ["1|a|NULL|NULL", "2||NULL|NULL"]),
        CopyCase("FILLRECORD EMPTYASNULL", "1\n", ["1|NULL|NULL|NULL"]),
        CopyCase("", "1|a\n", fails: "Delimiter not found (code 1214)"),
        CopyCase("", "1|a|2024-01-02|1|x\n", fails: "Extra column(s) found (code 1202)"),
        CopyCase("TRUNCATECOLUMNS", "1|häuserzeile|2024-01-02|1\n", ["1|häuserzei|2024-01-02|1.00"]),
        CopyCase("", "1|longer than that|2024-01-02|1\n", fails: "String length exceeds DDL length (code 1204)"),
        CopyCase(
            "BLANKSASNULL", "1|  |2024-01-02|1\n2||2024-01-02|1\n", ["1|NULL|2024-01-02|1.00", "2||2024-01-02|1.00"]),
        CopyCase(
            "EMPTYASNULL", "1|  |2024-01-02|1\n2||2024-01-02|1\n", ["1|  |2024-01-02|1.00", "2|NULL|2024-01-02|1.00"]),
        CopyCase("TRIMBLANKS", "1|a b  |2024-01-02|1\n", ["1|a b|2024-01-02|1.00"]),
        CopyCase("ACCEPTINVCHARS", "1|a\u{fffd}|2024-01-02|1\n", ["1|a\u{fffd}|2024-01-02|1.00"]),
        CopyCase("IGNOREBLANKLINES", "\n1|a|2024-01-02|1\n\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("", "1|a|2024-01-02|1\n\n", fails: "line 2"),
        CopyCase("ROUNDEC", "1|a|2024-01-02|1.235\n", ["1|a|2024-01-02|1.24"]),
        CopyCase("", "1|a|2024-01-02|1.235\n", ["1|a|2024-01-02|1.23"]),
        CopyCase("", "1|a|2024-01-02|1000000\n", fails: "(code 1204)"),
        CopyCase("NOLOAD", "1|a|2024-01-02|1\n", []),
        CopyCase("NOLOAD", "1|a|2024-01-02|x\n", fails: "line 1, column n (numeric), value 'x'"),
        CopyCase("FIXEDWIDTH 'a:2,b:3,c:10,d:4'", "1 a  2024-01-021.5 \n", ["1|a  |2024-01-02|1.50"]),
        CopyCase("GZIP", "1|a|2024-01-02|1\n", fails: "is not in gzip format"),
        CopyCase("ENCODING UTF8", "1|a|2024-01-02|1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("COMPUPDATE OFF STATUPDATE OFF", "1|a|2024-01-02|1\n", ["1|a|2024-01-02|1.00"]),
        CopyCase("CSV CSV", "", fails: "conflicting or redundant options"),
        CopyCase("REGION 'us-east-1'", "", fails: "PermanentRedirect"),
        CopyCase("REGION 'moon'", "", fails: "Invalid region 'moon'"),
        CopyCase("SSH", "", fails: "SSH"),
    ]

    private func write(_ text: String, to key: String, in directory: String) throws {
        let url = URL(filePath: directory).appending(path: "s3/lab/\(key)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func rows(_ session: Session) async throws -> [String] {
        try await session.rows("SELECT id::varchar, name, d::varchar, n::varchar FROM t ORDER BY id").map { row in
            try (0..<4).map { try row.decode(String?.self, at: $0) ?? "NULL" }.joined(separator: "|")
        }
    }

    @Test func everyOption() async throws {
        try await withDirectory { directory in
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute(
                    "CREATE TABLE t (id INT, name VARCHAR(10), d DATE, n DECIMAL(8,2)) SORTKEY (id)")
                for test in CopyOptionTests.cases {
                    try write(test.file, to: "f", in: directory)
                    try await session.execute("TRUNCATE t")
                    var problem: String?
                    do {
                        try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default \(test.options)")
                    } catch let error as SQLError {
                        problem = "\(error.message) \(error.detail ?? "")"
                    }
                    if let expected = test.error {
                        #expect(
                            problem?.contains(expected) == true, "\(test.testDescription): \(problem ?? "no error")")
                    } else {
                        #expect(problem == nil, "\(test.testDescription)")
                    }
                    #expect(try await rows(session) == test.rows ?? [], "\(test.testDescription)")
                }
            }
        }
    }

    /// A path, a folder, a prefix; and not where others may connect.
    @Test func plainPaths() async throws {
        try await withDirectory { directory in
            for part in 0..<3 { try write("\(part)|a|2024-01-02|1\n", to: "part-\(part)", in: directory) }
            try write("x\n", to: ".hidden", in: directory)
            let lab = directory + "/s3/lab"
            var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2)
            configuration.allowsLocalFiles = true
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(10), d DATE, n DECIMAL(8,2))")
                for (path, count) in [("\(lab)/part-1", 1), ("\(lab)/part-", 3), (lab, 3), ("\(lab)/", 3)] {
                    try await session.execute("TRUNCATE t")
                    #expect(try await session.execute("COPY t FROM '\(path)'").affectedRows == Int64(count), "\(path)")
                }
                await expectError(.undefinedFile) { try await session.execute("COPY t FROM '\(lab)/nothing'") }
                try await session.execute("UNLOAD ('SELECT * FROM t') TO '\(directory)/out_' GZIP MANIFEST")
                try await session.execute("TRUNCATE t")
                try await session.execute("COPY t FROM '\(directory)/out_manifest' MANIFEST GZIP")
                #expect(try await rows(session).count == 3)
                await expectError(.featureNotSupported) {
                    try await session.execute("UNLOAD ('SELECT * FROM t') TO '\(directory)/out_' CLEANPATH")
                }
                try write("x|a|2024-01-02|1\n", to: "bad", in: directory)
                await expectError(.internalError) { try await session.execute("COPY t FROM '\(lab)/bad'") }
                let file = try await session.rows("SELECT trim(filename) FROM stl_load_errors")
                #expect(try file.first?.decode(String.self, at: 0) == "\(lab)/bad")
            }
            configuration.allowsLocalFiles = false
            configuration.objectDirectory = directory + "/s3"
            try await withSession(configuration) { _, session in
                try await session.execute("CREATE TABLE t (id INT, name VARCHAR(10), d DATE, n DECIMAL(8,2))")
                await expectError(.invalidParameterValue) {
                    try await session.execute("COPY t FROM '\(lab)/part-1' IAM_ROLE default")
                }
            }
        }
    }

    /// What a COPY refused is still to be read when the cluster is opened again, and not taken for a later query's.
    @Test func loadErrorsOutliveTheProcess() async throws {
        try await withDirectory { directory in
            try write("1|a|2024-01-02|1\nx|a|2024-01-02|1\n3|b\n", to: "f", in: directory)
            let configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2, directory: directory)
            let errors = "SELECT query, line_number, trim(err_reason) FROM stl_load_errors ORDER BY query, line_number"
            var seen: [[SQLValue]] = []
            for run in 0..<3 {
                try await withSession(configuration) { _, session in
                    if run == 0 {
                        try await session.execute(
                            "CREATE TABLE t (id INT, name VARCHAR(10), d DATE, n DECIMAL(8,2))")
                    }
                    let before = try await session.rows(errors).map { row in (0..<3).map { row[$0] } }
                    #expect(before == seen)
                    await expectError(.internalError) {
                        try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default")
                    }
                    try await session.execute("COPY t FROM 's3://lab/f' IAM_ROLE default MAXERROR 9")
                    seen = try await session.rows(errors).map { row in (0..<3).map { row[$0] } }
                    #expect(seen.count == before.count + 4)
                    #expect(Set(seen.map { $0[0] }).count == 2 * (run + 1))
                }
            }
        }
    }
}
