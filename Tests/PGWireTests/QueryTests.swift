import PGWire
import SQLTypes
import Testing

struct QueryTests {
    private static let columns = [WireColumn("a", .integer), WireColumn("b", .text)]

    @Test func simpleQuery() throws {
        var talk = try Conversation.loggedIn()
        #expect(try talk.send(Frontend.query("select 1")) == [.run("select 1")])
        #expect(talk.machine.finished() == [.endOfBatch])
        #expect(talk.machine.synchronized(.inBlock) == [.send(.readyForQuery(.inBlock)), .flush])
        #expect(try talk.send(Frontend.query("nonsense")) == [.run("nonsense")])
        #expect(
            talk.machine.failed(SQLError(.syntaxError, "syntax error")) == [
                .error(.syntaxError, "syntax error"), .endOfBatch,
            ])
        #expect(talk.machine.synchronized(.failed) == [.send(.readyForQuery(.failed)), .flush])
    }

    @Test func pipelineOfAPreparedStatement() throws {
        var talk = try Conversation.loggedIn()
        #expect(
            try talk.send(Frontend.parse("s", "select $1", [23, 0])) == [
                .prepare(StatementID(number: 1), text: "select $1", parameterOIDs: [23, 0])
            ])
        #expect(
            talk.machine.prepared(parameterTypes: [.integer, .date], columns: Self.columns)
                == [.send(.parseComplete)])
        var binary = Self.columns
        binary[1].format = .binary
        #expect(
            try talk.send(
                Frontend.describe("S", "s"),
                Frontend.bind("", "s", [[0, 0, 0, 7], Array("2000-01-02".utf8)], formats: [1, 0], results: [0, 1]),
                Frontend.describe("P", ""), Frontend.flush) == [
                    .send(.parameterDescription([23, 1082])), .send(.rowDescription(Self.columns)),
                    .bind(
                        PortalID(number: 2), to: StatementID(number: 1),
                        parameters: [
                            WireParameter(.integer(7), .integer), WireParameter(SQLValue("2000-01-02"), .unknown),
                        ]),
                    .send(.bindComplete), .send(.rowDescription(binary)), .flush,
                ])
        #expect(
            try talk.send(Frontend.execute("", limit: 10)) == [
                .execute(PortalID(number: 2), columns: binary, rowLimit: 10)
            ])
        #expect(talk.machine.executed(.suspended) == [.send(.portalSuspended)])
        #expect(
            try talk.send(Frontend.execute("", limit: -1)) == [
                .execute(PortalID(number: 2), columns: binary, rowLimit: 0)
            ])
        #expect(talk.machine.executed(.complete(tag: "SELECT")) == [.send(.commandComplete("SELECT"))])
        #expect(try talk.send(Frontend.sync) == [.endOfBatch])
        #expect(
            talk.machine.synchronized(.idle) == [
                .discardPortal(PortalID(number: 2)), .send(.readyForQuery(.idle)), .flush,
            ])
        #expect(
            try talk.send(Frontend.execute("")) == [
                .error(.invalidCursorName, "portal \"\" does not exist"), .flush,
            ])
    }

    @Test(arguments: ["COMMIT", "ROLLBACK"])
    func portalsEndWithTheirTransaction(tag: String) throws {
        var talk = try Conversation.loggedIn()
        _ = try talk.send(Frontend.parse("s", "select 1"))
        _ = talk.machine.prepared(parameterTypes: [], columns: Self.columns)
        _ = try talk.send(Frontend.bind("p", "s"), Frontend.execute("p", limit: 1))
        _ = talk.machine.executed(.suspended)
        _ = try talk.send(Frontend.parse("", tag))
        _ = talk.machine.prepared(parameterTypes: [], columns: nil)
        _ = try talk.send(Frontend.bind("", ""), Frontend.execute(""))
        let portals = [2, 4].map { ProtocolMachine.Action.discardPortal(PortalID(number: $0)) }
        #expect(talk.machine.executed(.complete(tag: tag)) == [.send(.commandComplete(tag))] + portals)
        #expect(
            try talk.send(Frontend.execute("p")) == [
                .error(.invalidCursorName, "portal \"p\" does not exist"), .flush,
            ])
    }

    @Test func afterAnErrorAllIsSkippedUntilSync() throws {
        var talk = try Conversation.loggedIn()
        let actions = try talk.send(
            Frontend.bind("", "nope"), Frontend.execute(""), Frontend.query("select 1"), Frontend.parse("", "x"),
            Frontend.flush, Frontend.sync)
        #expect(
            actions == [
                .error(.invalidSQLStatementName, "prepared statement \"nope\" does not exist"), .flush, .endOfBatch,
            ])
        _ = talk.machine.synchronized(.idle)
        #expect(try talk.send(Frontend.query("select 1")) == [.run("select 1")])
    }

    @Test func cursorsAreDescribedAsPortals() throws {
        var talk = try Conversation.loggedIn()
        #expect(try talk.send(Frontend.describe("P", "declared")) == [.describeCursor("declared")])
        #expect(talk.machine.described(Self.columns) == [.send(.rowDescription(Self.columns))])
        #expect(try talk.send(Frontend.describe("P", "nothing")) == [.describeCursor("nothing")])
        #expect(
            talk.machine.described(nil) == [
                .error(.invalidCursorName, "portal \"nothing\" does not exist"), .flush,
            ])
    }

    @Test func portalsOutliveSyncInABlock() throws {
        var talk = try Conversation.loggedIn()
        _ = try talk.send(Frontend.parse("", "select"))
        _ = talk.machine.prepared(parameterTypes: [], columns: nil)
        _ = try talk.send(Frontend.bind("p", ""), Frontend.sync)
        #expect(talk.machine.synchronized(.inBlock) == [.send(.readyForQuery(.inBlock)), .flush])
        #expect(
            try talk.send(Frontend.bind("p", "")) == [
                .error(.duplicateCursor, "cursor \"p\" already exists"), .flush,
            ])
        _ = try talk.send(Frontend.sync)
        _ = talk.machine.synchronized(.inBlock)
        #expect(
            try talk.send(Frontend.close("P", "p"), Frontend.close("P", "p")) == [
                .discardPortal(PortalID(number: 2)), .send(.closeComplete), .send(.closeComplete),
            ])
    }

    @Test func statementsAreReplacedAndDropped() throws {
        var talk = try Conversation.loggedIn()
        _ = try talk.send(Frontend.parse("", "select 1"))
        _ = talk.machine.prepared(parameterTypes: [], columns: nil)
        #expect(try talk.send(Frontend.parse("", "select 2")).first == .discardStatement(StatementID(number: 1)))
        _ = talk.machine.prepared(parameterTypes: [], columns: nil)
        #expect(
            try talk.send(Frontend.query("x")) == [.discardStatement(StatementID(number: 2)), .run("x")])
        _ = talk.machine.finished()
        _ = talk.machine.synchronized(.idle)
        _ = try talk.send(Frontend.parse("n", "select 1"))
        _ = talk.machine.prepared(parameterTypes: [], columns: nil)
        #expect(
            try talk.send(Frontend.parse("n", "select 1")) == [
                .error(.duplicatePreparedStatement, "prepared statement \"n\" already exists"), .flush,
            ])
    }

    @Test(arguments: [
        (Frontend.bind("", "s", []), SQLState.protocolViolation),
        (Frontend.bind("", "s", [[1], nil, nil]), .protocolViolation),
        (Frontend.bind("", "s", [nil, nil], formats: [0, 0, 0]), .protocolViolation),
        (Frontend.bind("", "s", [nil, nil], results: [0, 0, 0]), .protocolViolation),
        (Frontend.bind("", "s", [nil, nil], results: [2]), .invalidParameterValue),
        (Frontend.bind("", "s", [[0, 0, 1], nil], formats: [1]), .invalidBinaryRepresentation),
        (Frontend.bind("", "s", [[0, 0, 0, 0, 1], nil], formats: [1]), .invalidBinaryRepresentation),
        (Frontend.bind("", "s", [[0xFF], nil]), .characterNotInRepertoire),
        (Frontend.bind("", "s", [[0], nil]), .characterNotInRepertoire),
    ])
    func wrongBinds(bytes: [UInt8], state: SQLState) throws {
        var talk = try Conversation.loggedIn()
        _ = try talk.send(Frontend.parse("s", "select"))
        _ = talk.machine.prepared(parameterTypes: [.integer, .date], columns: Self.columns)
        guard case .send(.error(let fields)) = try talk.send(bytes).first else {
            Issue.record("no error")
            return
        }
        #expect(fields.state == state)
    }

    @Test func whatIsRefused() throws {
        var talk = try Conversation.loggedIn()
        #expect(
            try talk.send(Frontend.frame("F", [0, 0, 0, 1])) == [
                .error(.featureNotSupported, "the function call protocol is not supported"), .endOfBatch,
            ])
        _ = talk.machine.synchronized(.idle)
        #expect(try talk.send(Frontend.frame("d", [1, 2]), Frontend.frame("c"), Frontend.frame("f", [0])) == [])
        #expect(
            try talk.send(Frontend.password("x")) == [
                .fatal(.protocolViolation, "unexpected message in a session"), .flush, .close,
            ])
    }

    @Test func terminate() throws {
        var talk = try Conversation.loggedIn()
        #expect(try talk.send(Frontend.terminate) == [.close])
        #expect(talk.machine.receive(.query("x")) == [])
    }
}
