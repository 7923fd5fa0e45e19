import SQLSyntax
import SQLTypes
import Testing

@Suite struct ErrorTests {
    struct Case: Sendable {
        var text: String
        var state: String
        var message: String
        var position: Int?

        init(_ text: String, _ state: String, _ message: String, _ position: Int?) {
            self.text = text
            self.state = state
            self.message = message
            self.position = position
        }
    }

    static let cases: [Case] = [
        Case("selec 1", "42601", "syntax error at or near \"selec\"", 1),
        Case("select 1 from", "42601", "syntax error at end of input", 14),
        Case("select a from t where", "42601", "syntax error at end of input", 22),
        Case("select 'ä', from t", "42601", "syntax error at or near \"from\"", 13),
        Case("select (1", "42601", "syntax error at end of input", 10),
        Case("select 1)", "42601", "syntax error at or near \")\"", 9),
        Case("select a from t where a = = 1", "42601", "syntax error at or near \"=\"", 27),
        Case("select 1 < 2 < 3", "42601", "syntax error at or near \"<\"", 14),
        Case("select 'abc", "42601", "unterminated quoted string at or near \"'abc\"", 8),
        Case("select \"abc", "42601", "unterminated quoted identifier at or near \"\"abc\"", 8),
        Case("select /* x", "42601", "unterminated /* comment", 8),
        Case("select $$abc", "42601", "unterminated dollar-quoted string at or near \"$$abc\"", 8),
        Case("select \"\"", "42601", "zero-length delimited identifier", 8),
        Case("select case when 1 then 2", "42601", "syntax error at end of input", 26),
        Case("select case 1 end", "42601", "syntax error at or near \"end\"", 15),
        Case("select a b c", "42601", "syntax error at or near \"c\"", 12),
        Case("select from", "42601", "syntax error at or near \"from\"", 8),
        Case("select * from table", "42601", "syntax error at or near \"table\"", 15),
        Case("select ?", "42601", "syntax error at or near \"?\"", 8),
        Case("select 'é' {", "42601", "syntax error at or near \"{\"", 12),
        Case("create table t (a int, a)", "42601", "syntax error at or near \")\"", 25),
        Case(
            "create table t (a int) diststyle all diststyle even", "42601",
            "conflicting or redundant options: DISTSTYLE", 38),
        Case("create table t (a int default 1 default 2)", "42601", "conflicting or redundant options: DEFAULT", 33),
        Case("create table t (a wibble)", "42704", "type \"wibble\" does not exist", 19),
        Case("create table t (a super)", "0A000", "type super is not supported", 19),
        Case("create table t (a varchar(0))", "22023", "length for type character varying must be at least 1", 26),
        Case("create table t (a varchar(65536))", "22023", "length for type character varying cannot exceed 65535", 26),
        Case("create table t (a decimal(39,0))", "22023", "DECIMAL precision 39 must be between 1 and 38", 26),
        Case("create table t (a decimal(5,6))", "22023", "DECIMAL scale 6 must be between 0 and 5", 26),
        Case("copy t from 's3://b' gzip wibble", "42601", "syntax error at or near \"wibble\"", 27),
        Case("copy t from stdin", "42601", "syntax error at or near \"stdin\"", 13),
        Case("copy t from 's3://b' maxerror 'x'", "42601", "syntax error at or near \"'x'\"", 31),
        Case("unload ('selec 1') to 's3://b' iam_role default", "42601", "syntax error at or near \"selec\"", 9),
        Case("insert into t values (1", "42601", "syntax error at end of input", 24),
        Case("assert", "42601", "syntax error at end of input", 7),
        Case("assert skew of t at least 2", "42601", "syntax error at or near \"least\"", 21),
        Case("assert no value of c above 5 percent", "42601", "syntax error at or near \"above\"", 22),
        Case("assert query (select 1)", "42601", "syntax error at end of input", 24),
        Case("assert query select 1 moves at most 1 mb", "42601", "syntax error at or near \"select\"", 14),
        Case("assert query (select 1) moves at most 1", "42601", "syntax error at end of input", 40),
        Case("assert query (select 1) same on shapes (2)", "42601", "syntax error at or near \")\"", 42),
        Case("assert skew of t at most 1e9", "42601", "syntax error at or near \"1e9\"", 26),
        Case("declare statistics for t ()", "42601", "syntax error at or near \")\"", 27),
        Case("declare statistics for t (rows 1, rows 2)", "42601", "syntax error at or near \"rows\"", 35),
        Case("declare statistics for t (a distinct 1 distinct 2)", "42601", "syntax error at or near \"distinct\"", 40),
        Case("pin statistics t", "42601", "syntax error at or near \"pin\"", 1),
        Case("select 1e999", "22003", "\"1e999\" is out of range for type double precision", 8),
        Case("select 123456789012345678901234567890123456789", "22003", "numeric literal has more than 38 digits", 8),
        Case("select $0", "42P02", "there is no parameter $0", 8),
        Case("select a.b.c.d.e from t", "42601", "improper qualified name (too many dotted names): a.b.c.d", 8),
        Case("merge into t using s on a = b", "0A000", "MERGE is not supported", 1),
        Case("create function f() returns int", "0A000", "CREATE FUNCTION is not supported", 1),
        Case("create or replace procedure p()", "0A000", "CREATE OR REPLACE PROCEDURE is not supported", 1),
        Case("create user joe maybe", "42601", "syntax error at or near \"maybe\"", 17),
        Case("create group g with", "42601", "syntax error at end of input", 20),
        Case("create materialized view v as select 1", "0A000", "CREATE MATERIALIZED VIEW is not supported", 1),
        Case("alter user joe", "42601", "syntax error at end of input", 15),
        Case("drop function f()", "0A000", "DROP FUNCTION is not supported", 1),
        Case("grant on t to joe", "42601", "syntax error at or near \"on\"", 7),
        Case("revoke all on t to joe", "42601", "syntax error at or near \"to\"", 17),
        Case("declare c cursor with hold for select 1", "0A000", "DECLARE CURSOR WITH HOLD is not supported", 18),
        Case("comment on column a is 'x'", "42601", "column name must be qualified", 19),
        Case("comment on table t is 5", "42601", "syntax error at or near \"5\"", 23),
        Case("alter schema s", "42601", "syntax error at end of input", 15),
        Case("lock", "42601", "syntax error at end of input", 5),
        Case("select 1; call p()", "0A000", "CALL is not supported", 11),
        Case("select a[1", "42601", "syntax error at end of input", 11),
        Case("select array(1, 2)", "0A000", "type super is not supported", 8),
        Case("select distinct on (a) a from t", "0A000", "DISTINCT ON is not supported", 17),
        Case("select a is distinct from b", "0A000", "IS DISTINCT FROM is not supported", 13),
        Case("select sum(a) filter (where b) from t", "0A000", "FILTER clause is not supported", 15),
        Case("select 1 for update", "0A000", "SELECT FOR UPDATE is not supported", 10),
        Case("select * from t pivot (count(*) for a in (1))", "0A000", "PIVOT is not supported", 17),
        Case(
            "explain (verbose) select 1", "42601", "EXPLAIN takes options in parentheses only with ANALYZE", 9),
        Case("explain (analyze, format xml) select 1", "0A000", "EXPLAIN ANALYZE FORMAT XML is not supported", 26),
        Case("explain (analyze, costs) select 1", "42601", "syntax error at or near \"costs\"", 19),
        Case("explain format json select 1", "42601", "syntax error at or near \"format\"", 9),
        Case("explain (analyze maybe) select 1", "42601", "syntax error at or near \"maybe\"", 18),
        Case("create table t (a int check (a > 0))", "0A000", "CHECK constraint is not supported", 23),
    ]

    @Test(arguments: cases)
    func errorNamesWhatAndWhere(wrong: Case) {
        do {
            _ = try parseStatements(wrong.text)
            Issue.record("\(wrong.text) was accepted")
        } catch {
            #expect(error.state.code == wrong.state)
            #expect(error.message == wrong.message)
            #expect(error.position == wrong.position)
        }
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0x00],
        ] as [[UInt8]])
    func invalidEncodingIsRefused(bytes: [UInt8]) {
        let error = #expect(throws: SQLError.self) { try parseStatements(utf8: Array("select 'ä".utf8) + bytes) }
        #expect(error?.state == .characterNotInRepertoire)
        #expect(error?.position == 10)
    }

    @Test func oneStatementOnly() {
        let error = #expect(throws: SQLError.self) { try parseStatement("select 1; select 2") }
        #expect(error?.state == .syntaxError)
        #expect(error?.position == 11)
        #expect(throws: SQLError.self) { try parseStatement(" ; ") }
    }

    @Test func tooLongStatement() throws {
        let blanks = String(repeating: " ", count: 9 << 20)
        #expect(try parseStatements("select 1;\(blanks)select 2;\(blanks)").count == 2)
        let error = #expect(throws: SQLError.self) { try parseStatements("select \(blanks)\(blanks) 1") }
        #expect(error?.state == .programLimitExceeded)
    }
}
