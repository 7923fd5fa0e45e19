import ArgumentParser
import Blueshift
import Foundation
import Testing

@testable import BlueshiftCLI

/// `blueshift check`: what it finds in files, and how each report shows it.
@Suite struct CheckTests {
    // MARK: Statements and their lines

    @Test func statementsHaveTheLineOfTheirFirstWord() {
        let text = """
            -- a comment ; with a semicolon
            /* another
               /* in another */ */ SELECT 1; SELECT
              2;

            ;;
            ASSERT SKEW OF t
              AT MOST 2
            """
        let found = SQLScript.located(in: text)
        #expect(found.map(\.line) == [3, 3, 7])
        #expect(found.map(\.text) == ["SELECT 1", "SELECT\n  2", "ASSERT SKEW OF t\n  AT MOST 2"])
        #expect(SQLScript.located(in: "SELECT 1;").map(\.line) == [1])
        #expect(SQLScript.located(in: "\r\n\r\nSELECT ';\r\n';\r\n").map(\.line) == [3])
        #expect(SQLScript.located(in: "SELECT 'a\n;\nb'; SELECT 2\n").map(\.text) == ["SELECT 'a\n;\nb'", "SELECT 2"])
        #expect(SQLScript.located(in: " -- nothing").isEmpty)
        #expect(found.map(\.isAssertion) == [false, false, true])
        #expect(found[2].onOneLine == "ASSERT SKEW OF t AT MOST 2")
        #expect(SQLScript.located(in: "assertion; assert").map(\.isAssertion) == [false, false])
    }

    // MARK: Running

    private static let schema = """
        CREATE TABLE t (id INT, state CHAR(2)) DISTKEY (state);
        INSERT INTO t VALUES (1, 'CA'), (2, 'CA'), (3, 'CA'), (4, 'NY');
        """

    private func run(_ text: String, setup: String = Self.schema) async throws -> CheckedFile {
        let cluster = try await Cluster(.init(nodes: 2, slicesPerNode: 2))
        let session = cluster.session()
        let runner = CheckRunner(setup: [CheckRunner.Script(path: "schema.sql", text: setup)])
        let file = await runner.run(CheckRunner.Script(path: "t.sql", text: text), on: session)
        await session.close()
        try await cluster.close()
        return file
    }

    @Test func goesOnAfterAFailedAssertion() async throws {
        let file = try await run(
            """
            ASSERT NO VALUE OF t.state ABOVE 50 PERCENT;
            ASSERT DISTSTYLE OF t IS KEY (state);
            ASSERT NO VALUE OF
                t.city ABOVE 50 PERCENT;
            assert skew of t at least 2;
            """)
        #expect(file.failure == nil)
        #expect(file.assertions.map(\.outcome) == [.failed, .passed, .broken, .broken])
        #expect(file.assertions.map(\.line) == [1, 2, 4, 5])
        #expect(file.assertions[0].message == "'CA' in t.state has 75 % of the rows, at most 50 % was asserted")
        #expect(file.assertions[0].detail?.hasPrefix("It is in 3 of 4 rows, all of them on slice ") == true)
        #expect(file.assertions[1].message == "the DISTSTYLE of t is KEY(state), KEY(state) was asserted")
        #expect(file.assertions[2].message == "column \"city\" of relation \"t\" does not exist")
        let results = CheckResults(files: [file], seconds: 0)
        #expect(results.exitCode == 2)
        #expect(results.summary.hasPrefix("4 assertions in 1 file: 1 passed, 1 failed, 2 could not be run. "))
    }

    @Test func anotherErrorEndsTheFile() async throws {
        let file = try await run("ASSERT DISTSTYLE OF t IS EVEN;\nSELECT 1,\n  1/0;\nASSERT SKEW OF t AT MOST 9;")
        #expect(file.assertions.count == 1)
        #expect(file.failure?.line == 2)
        #expect(file.failure?.error.state == .divisionByZero)
        #expect(file.failure?.path == nil)
        #expect(CheckResults(files: [file], seconds: 0).exitCode == 2)
    }

    @Test func anErrorOfTheSetupIsTold() async throws {
        let file = try await run("ASSERT SKEW OF t AT MOST 9", setup: "CREATE TABLE t (a INT);\nCREATE TABLE t (a INT)")
        #expect(file.assertions.isEmpty)
        #expect(file.failure?.path == "schema.sql")
        #expect(file.failure?.line == 2)
    }

    // MARK: Reports

    private static let results = CheckResults(
        files: [
            CheckedFile(
                path: "a/b,c.sql",
                assertions: [
                    CheckedAssertion(
                        line: 3, name: "ASSERT SKEW OF t AT MOST 2", outcome: .passed, message: "the skew is 1",
                        seconds: 0.0125),
                    CheckedAssertion(
                        line: 5, name: "ASSERT NO VALUE OF t.\"#<&>\" ABOVE 5 PERCENT", outcome: .failed,
                        message: "'\u{1}é' has 50 % of the rows", detail: "It is in 1 of 2 rows.\nTwo.",
                        hint: "Try 100 %.",
                        seconds: 1.5),
                ]),
            CheckedFile(
                path: "d.sql",
                failure: CheckedFile.FileFailure(
                    line: 7, error: SQLError(.divisionByZero, "Divide by zero"), statement: "SELECT 1/0")),
        ], seconds: 2)

    @Test func asText() {
        #expect(
            CheckResults.lines(of: Self.results.files[0]) == [
                "a/b,c.sql", "  ok     line 3: the skew is 1",
                "  FAIL   line 5: ASSERT NO VALUE OF t.\"#<&>\" ABOVE 5 PERCENT",
                "         '\u{1}é' has 50 % of the rows", "         DETAIL:  It is in 1 of 2 rows.",
                "         DETAIL:  Two.",
                "         HINT:  Try 100 %.",
            ])
        #expect(
            CheckResults.lines(of: Self.results.files[1]) == [
                "d.sql", "  ERROR  line 7: the file ends here", "         ERROR:  Divide by zero",
                "         SQLSTATE: 22012",
            ])
        #expect(
            Self.results.summary
                == "2 assertions in 2 files: 1 passed, 1 failed; 1 file could not be run to the end. 2.000 s")
    }

    @Test func asTAP() {
        #expect(
            Self.results.tap == """
                TAP version 13
                ok 1 - a/b,c.sql:3 ASSERT SKEW OF t AT MOST 2
                not ok 2 - a/b,c.sql:5 ASSERT NO VALUE OF t."\\#<&>" ABOVE 5 PERCENT
                  ---
                  message: "'\\x01é' has 50 % of the rows"
                  severity: "fail"
                  detail: "It is in 1 of 2 rows.\\nTwo."
                  hint: "Try 100 %."
                  file: "a/b,c.sql"
                  line: "5"
                  ...
                not ok 3 - d.sql runs to its end
                  ---
                  message: "Divide by zero"
                  severity: "error"
                  sqlstate: "22012"
                  file: "d.sql"
                  line: "7"
                  ...
                1..3

                """)
    }

    @Test func asJUnit() {
        #expect(
            Self.results.junit == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites tests="3" failures="1" errors="1" time="2.000000">
                  <testsuite name="a/b,c.sql" tests="2" failures="1" errors="0" time="1.512500">
                    <testcase classname="a/b,c.sql" name="ASSERT SKEW OF t AT MOST 2" file="a/b,c.sql" line="3" time="0.012500"/>
                    <testcase classname="a/b,c.sql" name="ASSERT NO VALUE OF t.&quot;#&lt;&amp;&gt;&quot; ABOVE 5 PERCENT" \
                file="a/b,c.sql" line="5" time="1.500000">
                      <failure type="ASSERT" message="'?é' has 50 % of the rows">DETAIL:  It is in 1 of 2 rows.&#10;\
                DETAIL:  Two.&#10;HINT:  Try 100 %.</failure>
                    </testcase>
                  </testsuite>
                  <testsuite name="d.sql" tests="1" failures="0" errors="1" time="0.000000">
                    <testcase classname="d.sql" name="runs to its end" file="d.sql" line="7">
                      <error type="22012" message="Divide by zero"/>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test func asGitHubAnnotations() {
        #expect(
            Self.results.githubAnnotations == [
                "::error file=a/b%2Cc.sql,line=5,title=Assertion failed::'\u{1}é' has 50 %25 of the rows%0A"
                    + "DETAIL:  It is in 1 of 2 rows.%0ADETAIL:  Two.%0AHINT:  Try 100 %25.",
                "::error file=d.sql,line=7,title=File could not be run::ERROR 22012: Divide by zero",
            ])
    }

    // MARK: The command

    /// A folder with COPY's files in it, gone with the test.
    private func inFolder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(folder.path)
    }

    private func exitCode(_ arguments: [String]) async throws -> Int32 { try await run(arguments).exitCode }

    /// What the command printed does not become output of the tests: a reader of test reports would take the failures that
    /// are wanted here for ours.
    private func run(_ arguments: [String]) async throws -> (exitCode: Int32, printed: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "printed-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data().write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        var exitCode: Int32 = 0
        do {
            try await CheckCommand.parse(arguments).run(to: BufferedOutput(descriptor: handle.fileDescriptor))
        } catch let code as ExitCode {
            exitCode = code.rawValue
        }
        return (exitCode, try String(contentsOf: file, encoding: .utf8))
    }

    @Test func exitsAsItSays() async throws {
        let files = [
            "good/1.sql": "ASSERT DISTSTYLE OF t IS KEY (state)",
            "good/2.sql": "ASSERT EFFECTIVE DISTSTYLE OF t IS KEY (state)",
            "bad/1.sql": "ASSERT DISTSTYLE OF t IS EVEN", "broken/1.sql": "SELEC", "empty/1.sql": "SELECT 1",
            "schema.sql": Self.schema, "notes.txt": "no SQL",
        ]
        try await inFolder(files) { (folder: String) async throws -> Void in
            let setup = ["--setup", folder + "/schema.sql", "--nodes", "2"]
            #expect(try await exitCode([folder + "/good"] + setup) == 0)
            let tap = try await run([folder + "/good", folder + "/bad", "--tap"] + setup)
            #expect(tap.exitCode == 1)
            #expect(
                tap.printed.hasPrefix("TAP version 13\nok 1 - ") && tap.printed.contains("\nnot ok 3 - \(folder)/bad/"))
            #expect(try await exitCode([folder + "/broken"] + setup) == 2)
            #expect(try await exitCode([folder + "/empty"] + setup) == 2)
            let all = try await run([folder, "--github", "--junit", folder + "/r.xml"] + setup)
            #expect(all.exitCode == 2)
            #expect(all.printed.contains("\n::error file=\(folder)/bad/1.sql,line=1,title=Assertion failed::"))
            let report = try String(contentsOf: URL(filePath: folder + "/r.xml"), encoding: .utf8)
            // The setup is no file of its own.
            #expect(report.hasPrefix("<?xml") && report.contains("tests=\"4\" failures=\"1\" errors=\"1\""))
            await #expect(throws: (any Error).self) { try await CheckCommand.parse([folder + "/nothing"]).run() }
        }
    }

    @Test func aCopyIsDealtToTheSlices() async throws {
        let files = [
            "data/1.txt": "1|CA\n2|NY\n", "data/2.txt": "3|CA\n", "one/1.txt": "1|CA\n2|NY\n", "few.sql": "",
            "enough.sql": "",
        ]
        try await inFolder(files) { (folder: String) async throws -> Void in
            func script(_ place: String) -> String {
                """
                CREATE TABLE t (id INT, state CHAR(2));
                COPY t FROM '\(folder)/\(place)/';
                ASSERT COPY OF t USES EVERY SLICE;
                """
            }
            try Data(script("data").utf8).write(to: URL(filePath: folder + "/enough.sql"))
            try Data(script("one").utf8).write(to: URL(filePath: folder + "/few.sql"))
            #expect(try await exitCode([folder + "/enough.sql", "--nodes", "1", "--slices", "2"]) == 0)
            #expect(try await exitCode([folder + "/few.sql", "--nodes", "1", "--slices", "2"]) == 1)
            let one = CheckRunner.Script(path: "few.sql", text: script("one"))
            var configuration = Cluster.Configuration(nodes: 2, slicesPerNode: 2)
            configuration.allowsLocalFiles = true
            let cluster = try await Cluster(configuration)
            let file = await CheckRunner().run(one, on: cluster.session())
            #expect(
                file.assertions.first?.message == "the last COPY into t left slices 1, 2 and 3 without a file",
                "\(file)")
            #expect(file.assertions.first?.hint?.hasPrefix("Split the data into 4 files") == true)
            try await cluster.close()
        }
    }

    @Test func filesShareADataDirectory() async throws {
        let files = [
            "1.sql": "CREATE TABLE t (a INT) DISTKEY (a); ASSERT DISTSTYLE OF t IS KEY (a)",
            "2.sql": "ASSERT DISTSTYLE OF t IS KEY (a)",
        ]
        try await inFolder(files) { (folder: String) async throws -> Void in
            #expect(try await exitCode([folder, "--data-dir", folder + "/cluster"]) == 0)
            // It is kept.
            #expect(try await exitCode([folder + "/2.sql", "--data-dir", folder + "/cluster"]) == 0)
        }
    }
}
