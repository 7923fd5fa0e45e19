package import SQLTypes

/// One connection's side of the protocol, from the first byte to the last, as a value: messages and outcomes go in,
/// actions come out, to be carried out in their order. Nothing in here waits or does I/O.
///
///     receive(message)        → actions
///         identify            → identified(…)
///         openSession         → sessionOpened(…) or refused(…)
///         run, prepare,
///         execute             → finished(), prepared(…), executed(…), or failed(…)
///         endOfBatch          → synchronized(…)
///
/// After an action with an answer the next message waits until the answer is in: an action that has one is always the
/// last of its list.
/// - Source: PostgreSQL documentation, "Message Flow".
package struct ProtocolMachine: Sendable {
    package enum Action: Hashable, Sendable {
        case send(BackendMessage)
        /// What was sent must reach the client before anything else is waited for.
        case flush
        /// The client's next bytes are TLS.
        case startTLS
        /// Who is it? Answer: `identified`.
        case identify(LoginRequest)
        /// Answer: `sessionOpened`, `refused`.
        case openSession(LoginRequest)
        case cancel(CancelRequest)
        /// A text of any number of statements; rows and their end are sent by whoever runs it. Answer: `finished`,
        /// `failed`.
        case run(String)
        /// Answer: `prepared`, `failed`.
        case prepare(StatementID, text: String, parameterOIDs: [UInt32])
        case bind(PortalID, to: StatementID, parameters: [WireParameter])
        /// Answer: `executed`, `failed`.
        case execute(PortalID, columns: [WireColumn], rowLimit: Int)
        /// Columns of a cursor that DECLARE has made. Answer: `described`, `failed`.
        case describeCursor(String)
        case discardStatement(StatementID)
        case discardPortal(PortalID)
        /// The implicit transaction ends here. Answer: `synchronized`.
        case endOfBatch
        case close
    }

    enum State: Hashable, Sendable {
        case startup
        case identifying(LoginRequest)
        case authenticating(AuthenticationExchange)
        case opening
        case idle
        case running
        case preparing(PreparedStatement, named: String)
        case executing
        case describing(String)
        /// After an error of an extended query, until Sync.
        case skipping
        case ending
        case closed
    }

    let configuration: WireConfiguration
    var state = State.startup
    var isEncrypted = false
    var statements: [String: PreparedStatement] = [:]
    var portals: [String: BoundPortal] = [:]
    private var lastNumber = 0

    package init(_ configuration: WireConfiguration) { self.configuration = configuration }

    package var isClosed: Bool { state == .closed }
    /// Before the client has shown who it is.
    package var isStarting: Bool {
        switch state {
        case .startup, .identifying, .authenticating, .opening: true
        default: false
        }
    }

    /// Between two messages of a session.
    package var isIdle: Bool { state == .idle }

    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    package mutating func receive(_ message: FrontendMessage) -> [Action] {
        switch state {
        case .closed: []
        case .startup: receiveStartup(message)
        case .authenticating(let exchange): receive(message, exchange)
        case .skipping: receiveSkipping(message)
        case .idle: receiveIdle(message)
        case .identifying, .opening, .running, .preparing, .executing, .describing, .ending:
            preconditionFailure("a message before the answer to an action")
        }
    }

    /// The connection cannot go on.
    package mutating func fail(_ error: SQLError) -> [Action] {
        guard state != .closed else { return [] }
        state = .closed
        return [.send(.error(ErrorFields(error, severity: .fatal))), .flush, .close]
    }

    private mutating func receiveIdle(_ message: FrontendMessage) -> [Action] {
        switch message {
        case .query(let text): return receive(query: text)
        case .parse(let parse): return receive(parse)
        case .bind(let bind): return receive(bind)
        case .describe(let target): return describe(target)
        case .execute(let portal, let limit): return execute(portal, rowLimit: limit)
        case .close(let target): return close(target)
        case .flush: return [.flush]
        case .sync: return endBatch()
        case .terminate:
            state = .closed
            return [.close]
        // What a client sends that believes in a COPY from its side.
        case .copyData, .copyDone, .copyFail: return []
        case .functionCall: return failBatch(.unsupported("the function call protocol"))
        case .malformed(FrontendMessageType.query, let error), .malformed(FrontendMessageType.functionCall, let error):
            return failBatch(error)
        case .malformed(_, let error): return failExtended(error)
        case .encryptionRequest, .cancel, .startup, .authentication:
            return fail(SQLError(.protocolViolation, "unexpected message in a session"))
        }
    }

    private mutating func receiveSkipping(_ message: FrontendMessage) -> [Action] {
        switch message {
        case .sync: return endBatch()
        case .terminate:
            state = .closed
            return [.close]
        default: return []
        }
    }

    // MARK: Ends of batches

    mutating func endBatch() -> [Action] {
        state = .ending
        return [.endOfBatch]
    }

    /// A simple query, or what counts as one, has failed.
    mutating func failBatch(_ error: SQLError) -> [Action] { [.send(.error(ErrorFields(error)))] + endBatch() }

    mutating func failExtended(_ error: SQLError) -> [Action] {
        state = .skipping
        return [.send(.error(ErrorFields(error))), .flush]
    }

    /// Portals live as long as their transaction.
    package mutating func synchronized(_ status: TransactionStatus) -> [Action] {
        guard state != .closed else { return [] }
        precondition(state == .ending, "nothing has ended")
        state = .idle
        let dropped = status == .idle ? discardPortals() : []
        return dropped + [.send(.readyForQuery(status)), .flush]
    }

    mutating func discardPortals() -> [Action] {
        let ids = portals.values.map(\.id).sorted { $0.number < $1.number }
        portals = [:]
        return ids.map { .discardPortal($0) }
    }

    /// The text of a simple query has run to its end.
    package mutating func finished() -> [Action] {
        guard state != .closed else { return [] }
        precondition(state == .running, "nothing runs")
        return endBatch()
    }

    /// What runs has failed.
    package mutating func failed(_ error: SQLError) -> [Action] {
        switch state {
        case .closed: return []
        case .running: return failBatch(error)
        case .preparing, .executing, .describing: return failExtended(error)
        default: preconditionFailure("nothing runs that could fail")
        }
    }
}
