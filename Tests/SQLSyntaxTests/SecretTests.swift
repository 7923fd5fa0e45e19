import SQLSyntax
import SQLTypes
import Testing

/// What must never come out again: passwords in statements.
@Suite struct SecretTests {
    @Test(arguments: [
        ("create user a password 'Secret12' createdb", "create user a password '***' createdb"),
        (" alter user a with password 'Secret12';", "alter user a with password '***'"),
        ("ALTER USER a PASSWORD 'Secret12', PASSWORD 'Geheim34'", "ALTER USER a PASSWORD '***', PASSWORD '***'"),
        ("select 1; create user ä password $$Secret12$$; select 2", "create user ä password '***'"),
        ("select 'Secret12'", "select 'Secret12'"),
        (
            "copy t from 's3://b/k' credentials 'aws_access_key_id=A;aws_secret_access_key=Secret12' gzip",
            "copy t from 's3://b/k' credentials '***' gzip"
        ),
        (
            "COPY t FROM 's3://b/k' WITH CREDENTIALS AS 'Secret12' MASTER_SYMMETRIC_KEY 'Secret12' ENCRYPTED",
            "COPY t FROM 's3://b/k' WITH CREDENTIALS AS '***' MASTER_SYMMETRIC_KEY '***' ENCRYPTED"
        ),
        (
            "COPY t FROM 's3://b/k' ACCESS_KEY_ID 'Secret12' SECRET_ACCESS_KEY 'Secret12' SESSION_TOKEN AS 'Secret12'",
            "COPY t FROM 's3://b/k' ACCESS_KEY_ID '***' SECRET_ACCESS_KEY '***' SESSION_TOKEN AS '***'"
        ),
        (
            "unload ('select 1') to 's3://b/k' credentials 'Secret12' region 'eu-west-1'",
            "unload ('select 1') to 's3://b/k' credentials '***' region 'eu-west-1'"
        ),
    ])
    func textForLogs(text: String, expected: String) throws {
        let found = try parseStatements(text).map { $0.text(in: text) }
        #expect(found.contains(expected), "\(found)")
    }

    /// Nobody sees more, and a text of many statements must not be copied for each of them.
    @Test func longTextsAreCut() throws {
        let limit = ParsedStatement.shownBytesMax
        let long = "select '" + String(repeating: "ä", count: limit) + "'"
        for prefix in ["", " "] {
            let text = prefix + "select 1;" + long
            let found = try parseStatements(text).map { $0.text(in: text) }
            #expect(found[0] == "select 1")
            #expect((limit - 1...limit).contains(found[1].utf8.count) && long.hasPrefix(found[1]))
        }
        let secret = "create user a password '\(String(repeating: "s", count: 2 * limit))' createdb"
        #expect(try parseStatement(secret).text(in: secret) == "create user a password '***' createdb")
    }

    @Test(arguments: [
        "create user a 'Secret12'", "create user a password 'Secret12' 'Secret12'",
        "create user a password 'Secret12", "alter user a password = 'Secret12'", "alter user a password \"Secret12\"",
        "select 1; create user a password 12Secret12", "create user a password disable \"Secret12",
    ])
    func messagesDoNotShowThem(text: String) {
        do {
            _ = try parseStatements(text)
            Issue.record("accepted")
        } catch {
            #expect(error.state == .syntaxError)
            #expect(!error.description.contains("Secret12"), "\(error)")
        }
    }

    @Test func dumpsDoNotShowThem() throws {
        let tree = try parseStatement("create user a password 'Secret12'")
        #expect(!"\(tree)".contains("Secret12"))
        #expect(!String(reflecting: tree).contains("Secret12"))
        var dumped = ""
        dump(tree, to: &dumped)
        #expect(!dumped.contains("Secret12"))
    }
}
