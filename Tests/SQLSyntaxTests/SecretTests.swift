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
    ])
    func textForLogs(text: String, expected: String) throws {
        let found = try parseStatements(text).map { $0.text(in: text) }
        #expect(found.contains(expected), "\(found)")
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
