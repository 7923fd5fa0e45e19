import ClusterRuntime
import Logging
import PGWire
import QueryPlan
import SQLSyntax
import SQLTypes
import VectorEngine

extension ClientConnection {
    // MARK: Simple query

    func run(simple text: String) async -> [ProtocolMachine.Action] {
        guard let session else { return machine.failed(.internalError("a query without a session")) }
        if let answer = await deallocate(text, session) { return answer }
        do throws(SQLError) {
            let before = resultCount
            try await planning(text) { () async throws(SQLError) in
                try await session.runSimple(text) { result throws(SQLError) in try await self.send(result) }
            }
            if resultCount == before { output.send(.emptyQueryResponse) }
            return machine.finished()
        } catch {
            server.metrics.statementFinished(failed: true)
            log.debug("statement failed", metadata: ["state": "\(error.state.code)", "error": "\(error.message)"])
            return machine.failed(error)
        }
    }

    /// DEALLOCATE means the statements of the extended protocol, too, which the session does not know: drivers that
    /// prepare by messages tidy up by SQL. nil: the text is for the session.
    private func deallocate(_ text: String, _ session: DatabaseSession) async -> [ProtocolMachine.Action]? {
        guard text.utf8.count < 256, text.prefix(11).lowercased() == "deallocate ",
            let statements = try? parseStatements(text), statements.count == 1,
            case .deallocate(let name) = statements[0].statement, await session.transactionStatus != .failed
        else { return nil }
        guard let name else {
            for action in machine.deallocate(nil) {
                if case .discardStatement(let id) = action { self.statements[id] = nil }
            }
            return nil
        }
        guard machine.hasStatement(name.name) else { return nil }
        let dropped = machine.deallocate(name.name)
        output.send(.commandComplete("DEALLOCATE"))
        return dropped + machine.finished()
    }

    /// A long text is planned elsewhere than on the event loop.
    private func planning<T: Sendable>(
        _ text: String, _ body: () async throws(SQLError) -> T
    ) async throws(SQLError) -> T {
        guard text.utf8.count > ClientConnection.shortTextBytes else { return try await body() }
        return try await withTaskExecutorPreference(globalConcurrentExecutor, operation: body)
    }

    /// A statement's whole result, with its notices and its tag.
    private func send(_ result: StatementResult) async throws(SQLError) {
        var result = result
        resultCount += 1
        send(notices: result.notices)
        if result.returnsRows {
            let columns = result.columns.map { WireColumn($0) }
            output.send(.rowDescription(columns))
            let encoder = RowEncoder(columns, zone: result.zone)
            while let batch = try await result.next() {
                output.send(batch, encoder)
                try await flushIfFull()
            }
        }
        finish(result)
        output.send(.commandComplete(result.tag))
    }

    private func finish(_ result: StatementResult) {
        server.metrics.statementFinished(failed: false)
        if ClientConnection.changingTags.contains(result.tag) { mayHaveNewParameters = true }
    }

    private func send(notices: [Notice]) {
        for notice in notices {
            let severity = ErrorFields.Severity(rawValue: notice.severity.rawValue) ?? .notice
            output.send(.notice(ErrorFields(notice: severity, notice.message, detail: notice.detail)))
        }
    }

    /// Writes what is there if it is much, and waits until the client has read enough of what was written before.
    private func flushIfFull() async throws(SQLError) {
        guard output.isFull else { return }
        output.flush()
        await gate.waitUntilWritable()
        if gate.isClosed { throw .connectionLost }
    }

    // MARK: Extended query

    func prepare(_ id: StatementID, _ text: String, _ oids: [UInt32]) async -> [ProtocolMachine.Action] {
        guard let session else { return machine.failed(.internalError("a statement without a session")) }
        do throws(SQLError) {
            var types: [SQLType?] = []
            for oid in oids { types.append(try ClientConnection.parameterType(oid)) }
            let given = types
            let prepared = try await planning(text) { () async throws(SQLError) in
                try await session.prepareQuery(text, parameterTypes: given)
            }
            statements[id] = prepared
            return machine.prepared(
                parameterTypes: prepared.parameterTypes, columns: prepared.columns?.map { WireColumn($0) })
        } catch {
            return failed(error)
        }
    }

    /// nil: to be inferred, as for what the client calls unknown.
    private static func parameterType(_ oid: UInt32) throws(SQLError) -> SQLType? {
        guard oid != 0, oid != SQLType.unknown.oid else { return nil }
        guard let type = SQLType(oid: oid) else {
            throw SQLError(.undefinedObject, "type with OID \(oid) does not exist")
        }
        return type
    }

    func bind(_ id: PortalID, _ statement: StatementID, _ parameters: [WireParameter]) {
        guard let query = statements[statement] else { return }
        portals[id] = Portal(query: query, parameters: parameters.map { SQLParameter($0.value, $0.type) })
    }

    func execute(
        _ id: PortalID, _ columns: [WireColumn], _ limit: Int
    ) async -> [ProtocolMachine.Action] {
        guard let session, var portal = portals[id] else {
            return machine.failed(.internalError("a portal without a statement"))
        }
        guard let statement = portal.query.statement else { return machine.executed(.empty) }
        do throws(SQLError) {
            if portal.result == nil {
                try await start(&portal, statement, columns, session)
            } else if portal.isComplete, portal.query.columns == nil {
                throw SQLError(.objectNotInPrerequisiteState, "portal cannot be run any more")
            }
            let isComplete = try await send(rowsOf: &portal, limit: limit)
            portals[id] = portal
            guard isComplete else { return machine.executed(.suspended) }
            return machine.executed(.complete(tag: portal.result?.tag ?? ""))
        } catch {
            portals[id] = portal
            server.metrics.statementFinished(failed: true)
            return failed(error)
        }
    }

    private func start(
        _ portal: inout Portal, _ statement: ParsedStatement, _ columns: [WireColumn], _ session: DatabaseSession
    ) async throws(SQLError) {
        // What comes before the next Sync is one transaction; a single statement needs none around it.
        if !isInPipeline, statement.statement.mayShareTransaction, !inbox.isSyncNext {
            await session.beginPipeline()
            isInPipeline = true
        }
        let keepsOthers = portals.values.contains { $0.isOpen }
        let (query, parameters) = (portal.query, portal.parameters)
        let result = try await session.run(query, parameters: parameters, keepingOpenResults: keepsOthers)
        send(notices: result.notices)
        portal.encoder = RowEncoder(columns, zone: result.zone)
        portal.result = result
        finish(result)
    }

    /// - Returns: false: as many rows as wanted were sent, and there may be more.
    private func send(rowsOf portal: inout Portal, limit: Int) async throws(SQLError) -> Bool {
        guard var result = portal.result, let encoder = portal.encoder, result.returnsRows, !portal.isComplete else {
            portal.isComplete = true
            return true
        }
        var left = limit > 0 ? limit : .max
        while left > 0 {
            var next = portal.ahead
            portal.ahead = nil
            if next == nil { next = try await result.next() }
            portal.result = result
            guard let batch = next else {
                portal.isComplete = true
                return true
            }
            if batch.count > left { portal.ahead = batch.slice(left..<batch.count) }
            output.send(batch.count > left ? batch.slice(0..<left) : batch, encoder)
            left -= min(left, batch.count)
            try await flushIfFull()
        }
        return false
    }

    private func failed(_ error: SQLError) -> [ProtocolMachine.Action] {
        hasPipelineFailed = true
        log.debug("statement failed", metadata: ["state": "\(error.state.code)", "error": "\(error.message)"])
        return machine.failed(error)
    }
}

extension WireColumn {
    init(_ column: OutputColumn) { self.init(column.name, column.type) }
}

extension Statement {
    /// Whether the statement can be one of several of a pipeline's transaction. What opens and ends blocks is none, and
    /// what cannot run in a block runs alone.
    fileprivate var mayShareTransaction: Bool {
        switch self {
        case .query, .insert, .update, .delete, .createTable: true
        default: false
        }
    }
}
