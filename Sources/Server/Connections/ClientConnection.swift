import ClusterRuntime
import Logging
import NIOCore
import NIOSSL
import PGWire
import QueryPlan
import SQLTypes
import VectorEngine

/// One client's connection: carries out what the protocol machine asks for, on the connection's event loop.
///
///     run                       one message at a time, until the client or the server ends it
///         machine.receive       actions
///         perform(action)       …with the session; its answer goes back into the machine
///             stream(result)    batches → DataRow, held back while the client does not read
///
/// A round trip of a short statement stays on the event loop's thread. What may take long leaves it: the slices' work
/// always does; the session steps aside to plan what it has not planned before, and the connection does to read a text
/// past `shortTextBytes` and to encode more than a few rows.
actor ClientConnection {
    /// Texts that are parsed on the event loop: about a twentieth of a millisecond's work at most.
    static let shortTextBytes = 2_048

    nonisolated let executor: ConnectionExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let server: ServerContext
    let inbox: Inbox
    let gate: WriteGate
    var output: ConnectionOutput
    var machine: ProtocolMachine
    var log: Logger
    let remote: SocketAddress?
    private let loginDeadline: Scheduled<Void>
    private var isEncrypted = false
    /// What STL_CONNECTION_LOG says of a login that was refused; nil: none has been asked for.
    private var login: SessionIdentity?
    private(set) var session: DatabaseSession?
    private var sessionID: SessionKey?
    var statements: [StatementID: PreparedQuery] = [:]
    var portals: [PortalID: Portal] = [:]
    /// Statements have run since the last Sync that belong to one transaction.
    var isInPipeline = false
    /// An error was sent since the last Sync.
    var hasPipelineFailed = false
    /// How the last result's rows were encoded: the next one is often of the same shape.
    var lastShape: ResultShape?
    /// Results of simple queries that were sent, or begun.
    var resultCount = 0

    init(
        _ server: ServerContext, _ inbox: Inbox, _ gate: WriteGate, _ output: ConnectionOutput,
        _ machine: ProtocolMachine, log: Logger, remote: SocketAddress?, loginDeadline: Scheduled<Void>,
        executor: ConnectionExecutor
    ) {
        self.executor = executor
        self.server = server
        self.inbox = inbox
        self.gate = gate
        self.output = output
        self.machine = machine
        self.log = log
        self.remote = remote
        self.loginDeadline = loginDeadline
    }

    /// Until the connection is over.
    func run() async {
        while !machine.isClosed {
            let actions: [ProtocolMachine.Action]
            var event = inbox.take()
            if event == nil { event = await inbox.next() }
            switch event ?? .closed {
            case .message(let message): actions = machine.receive(message)
            case .broken(let error):
                log.debug("broken frame", metadata: ["error": "\(error.message)"])
                actions = machine.fail(error)
            case .closed:
                log.debug("client has closed the connection")
                await end()
                return
            }
            await perform(actions)
        }
        await end()
    }

    private func end() async {
        loginDeadline.cancel()
        portals = [:]
        if let session { await session.close() }
        if let sessionID { server.sessions.remove(sessionID) }
        output.close()
    }

    // MARK: Actions

    private func perform(_ actions: [ProtocolMachine.Action]) async {
        var waiting = actions[...]
        while let action = waiting.popFirst() {
            if performAtOnce(action) { continue }
            let answer = await perform(action)
            assert(waiting.isEmpty || answer.isEmpty, "an action with an answer before the last one")
            if !answer.isEmpty { waiting = answer[...] + waiting }
        }
    }

    /// What neither waits nor has an answer. False: the action is none of these.
    private func performAtOnce(_ action: ProtocolMachine.Action) -> Bool {
        switch action {
        case .send(let message):
            if case .error(let fields) = message { note(fields) }
            output.send(message)
        case .flush, .close: output.flush()
        case .cancel(let request):
            server.metrics.cancelRequested()
            server.sessions.cancel(request)
        case .bind(let portal, let statement, let parameters): bind(portal, statement, parameters)
        case .discardStatement(let id): statements[id] = nil
        case .discardPortal(let id): portals.removeValue(forKey: id)?.result?.query?.discard()
        default: return false
        }
        return true
    }

    /// - Returns: what follows from the action's outcome.
    private func perform(_ action: ProtocolMachine.Action) async -> [ProtocolMachine.Action] {
        switch action {
        case .startTLS: await startTLS()
        case .identify(let request): return await identify(request)
        case .openSession(let request): return await open(request)
        case .run(let text): return await run(simple: text)
        case .prepare(let id, let text, let oids): return await prepare(id, text, oids)
        case .execute(let portal, let columns, let limit): return await execute(portal, columns, limit)
        case .describeCursor(let name):
            let columns = await session?.columns(ofCursor: name)
            return machine.described(columns?.map { WireColumn($0) })
        case .endOfBatch: return await endBatch()
        case .send, .flush, .close, .cancel, .bind, .discardStatement, .discardPortal: break
        }
        return []
    }

    /// An error ends the transaction of a pipeline, or the login.
    private func note(_ fields: ErrorFields) {
        hasPipelineFailed = true
        let metadata: Logger.Metadata = ["state": "\(fields.state.code)", "error": "\(fields.message)"]
        guard session == nil else { return log.debug("statement failed", metadata: metadata) }
        server.metrics.loginFailed()
        if let login { server.leader.logRefusal(of: login) }
        log.notice("login refused", metadata: metadata)
    }

    private func startTLS() async {
        guard let tls = server.tls else { return }
        let channel = output.channel
        do {
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
            }.get()
            isEncrypted = true
        } catch {
            log.debug("TLS could not be started", metadata: ["error": "\(error)"])
            channel.close(promise: nil)
        }
    }

    // MARK: Login

    private func identify(_ request: LoginRequest) async -> [ProtocolMachine.Action] {
        log[metadataKey: "user"] = "\(request.user)"
        log[metadataKey: "database"] = "\(request.database)"
        let security = SessionSecurity(method: "password", tlsVersion: await tlsVersion)
        login = identity(request, security)
        if server.configuration.requiresTLS, !isEncrypted, remote?.isLoopback != true {
            return machine.refused(
                SQLError(.invalidAuthorization, "the server requires an encrypted connection"))
        }
        let (proof, refusal) = server.identify(request)
        return machine.identified(proof, refusal: refusal)
    }

    private func open(_ request: LoginRequest) async -> [ProtocolMachine.Action] {
        if server.isStopping {
            return machine.refused(SQLError(.cannotConnectNow, "the database system is shutting down"))
        }
        let limit = server.configuration.connectionsMax
        guard server.sessions.count < limit else {
            server.metrics.connectionRefused()
            return machine.refused(
                SQLError(.tooManyConnections, "connection limit \"\(limit)\" exceeded for non-bootstrap users"))
        }
        let identity = identity(request, login?.security ?? SessionSecurity())
        do throws(SQLError) {
            let session = try DatabaseSession.open(on: server.leader, identity, executor: executor)
            self.session = session
            inbox.noteLogin()
            inbox.whenClosed { session.cancel() }
            let secret = Int32.random(in: .min ... .max)
            let process = session.record.process
            loginDeadline.cancel()
            sessionID = server.sessions.add(self, session, secret: secret)
            log[metadataKey: "pid"] = "\(process)"
            log.info("session opened", metadata: ["tls": "\(isEncrypted)"])
            session.onTermination { [weak self] error in
                Task { await self?.terminate(error) }
            }
            let parameters = await session.parameterStatus.map { StartupMessage.Parameter($0) }
            return machine.sessionOpened(
                process: process, secret: secret, parameters: parameters + ServerParameters.own)
        } catch {
            return machine.refused(error)
        }
    }

    private func identity(_ request: LoginRequest, _ security: SessionSecurity) -> SessionIdentity {
        var settings: [String: String] = [:]
        for setting in request.settings { settings[setting.name.lowercased()] = ServerParameters.cleaned(setting) }
        return SessionIdentity(
            user: request.user, database: request.database, applicationName: settings["application_name"] ?? "",
            remoteHost: remote?.ipAddress, remotePort: remote?.port,
            security: security, settings: settings)
    }

    /// That client and server have agreed upon; empty: none.
    private var tlsVersion: String {
        get async {
            guard isEncrypted, let version = try? await output.channel.nioSSL_tlsVersion().get() else { return "" }
            return switch version {
            case .tlsv1: "TLSv1"
            case .tlsv11: "TLSv1.1"
            case .tlsv12: "TLSv1.2"
            case .tlsv13: "TLSv1.3"
            }
        }
    }

    /// Ends the connection, whatever it does.
    func terminate(_ error: SQLError = .adminShutdown) {
        session?.cancel()
        for action in machine.fail(error) {
            if case .send(let message) = action { output.send(message) }
        }
        output.close()
    }

    /// The same if the client has nothing under way.
    func terminateIfIdle() {
        if machine.isIdle, !isInPipeline { terminate() }
    }

    // MARK: Ends of batches

    private func endBatch() async -> [ProtocolMachine.Action] {
        if executor.isAside { await executor.comeBack() }
        guard let session else { return machine.synchronized(.idle) }
        var messages: [ProtocolMachine.Action] = []
        if isInPipeline {
            isInPipeline = false
            do throws(SQLError) {
                try await session.endPipeline(commits: !hasPipelineFailed)
            } catch {
                messages.append(.send(.error(ErrorFields(error))))
            }
        }
        if hasPipelineFailed {
            // A rollback may have taken a SET back.
            for status in await session.takeChangedParameters() { messages.append(.send(.parameterStatus(status))) }
            hasPipelineFailed = false
        }
        return messages + machine.synchronized(status(of: session))
    }
}

// The session runs where the connection does: what it can say at once is asked without a wait.

extension ClientConnection {
    private func status(of session: DatabaseSession) -> PGWire.TransactionStatus {
        PGWire.TransactionStatus(session.assumeIsolated { $0.transactionStatus })
    }

    /// nil: the text goes the usual way.
    func answerAtOnce(_ text: String, _ session: DatabaseSession) -> Result<StatementResult, SQLError>? {
        session.assumeIsolated { $0.answerAtOnce(text) }
    }

    func answerAtOnce(_ query: PreparedQuery, _ session: DatabaseSession) -> Result<StatementResult, SQLError>? {
        session.assumeIsolated { $0.answerAtOnce(query) }
    }
}

extension PGWire.TransactionStatus {
    init(_ status: ClusterRuntime.TransactionStatus) {
        self =
            switch status {
            case .idle: .idle
            case .inBlock: .inBlock
            case .failed: .failed
            }
    }
}

extension SQLError {
    static var adminShutdown: SQLError {
        SQLError(.adminShutdown, "terminating connection due to administrator command")
    }
}

extension SocketAddress {
    var isLoopback: Bool { ipAddress.map { $0.hasPrefix("127.") || $0 == "::1" } ?? true }
}
