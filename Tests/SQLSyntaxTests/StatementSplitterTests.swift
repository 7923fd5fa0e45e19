import Testing

@testable import SQLSyntax

@Suite struct StatementSplitterTests {
    private static let scripts: [(script: String, statements: [String])] = [
        ("select 1; select 2", ["select 1", " select 2"]),
        (";;  ; -- nothing\n /* or */ ;", []),
        ("select ';' ; select \"a;b\"", ["select ';' ", " select \"a;b\""]),
        ("select 'it''s; ok'", ["select 'it''s; ok'"]),
        ("select 1 -- one; two\n; x", ["select 1 -- one; two\n", " x"]),
        ("select /* a; /* b; */ c; */ 1;", ["select /* a; /* b; */ c; */ 1"]),
        ("select $$a;b$$; select $x$ $$;$y$ $x$", ["select $$a;b$$", " select $x$ $$;$y$ $x$"]),
        ("select $1; select a$b", ["select $1", " select a$b"]),
        ("create table t (a int; b int); x", ["create table t (a int; b int)", " x"]),
        (#"select 'it\'s; ok', '\\'; x"#, [#"select 'it\'s; ok', '\\'"#, " x"]),
        ("select 5 - 3 / 2 * 1;", ["select 5 - 3 / 2 * 1"]),
    ]

    @Test(arguments: scripts.indices)
    func whole(index: Int) {
        let (script, expected) = Self.scripts[index]
        var splitter = StatementSplitter()
        let found = splitter.append(script.utf8) + splitter.finish()
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    /// Where the pieces are cut makes no difference.
    @Test(arguments: scripts.indices)
    func byteByByte(index: Int) {
        let (script, expected) = Self.scripts[index]
        var splitter = StatementSplitter()
        var found: [[UInt8]] = []
        for byte in script.utf8 { found += splitter.append([byte]) }
        found += splitter.finish()
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func aShellSeesWhetherAStatementIsOpen() {
        var splitter = StatementSplitter()
        #expect(!splitter.isInsideStatement)
        _ = splitter.append("select '\n".utf8)
        #expect(splitter.isInsideStatement)
        #expect(splitter.append("' ;\n".utf8).count == 1)
        #expect(!splitter.isInsideStatement)
    }
}
