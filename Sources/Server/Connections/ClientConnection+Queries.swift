import ClusterRuntime
import PGWire
import QueryPlan
import SQLSyntax
import SQLTypes
import VectorEngine

extension ClientConnection {
    // MARK: Simple query

    func run(simple text: String) async -> [ProtocolMachine.Action] {
        guard let session else { return machine.failed(.internalError("a query without a session")) }
        if portals.isEmpty, let result = answerAtOnce(text, session) { return answer(result) }
        if ClientConnection.mayDeallocate(text), let answer = await deallocate(text, session) { return answer }
        do throws(SQLError) {
            let before = resultCount
            if text.utf8.count > ClientConnection.shortTextBytes { await executor.stepAside() }
            try await session.runSimple(text) { result throws(SQLError) in try await self.send(result) }
            if resultCount == before { output.send(.emptyQueryResponse) }
            return machine.finished()
        } catch {
            server.metrics.statementFinished(failed: true)
            return machine.failed(error)
        }
    }

    /// A result whose rows are all here.
    private func answer(_ result: Result<StatementResult, SQLError>) -> [ProtocolMachine.Action] {
        switch result {
        case .failure(let error):
            server.metrics.statementFinished(failed: true)
            return machine.failed(error)
        case .success(let result):
            send(notices: result.notices)
            let shape = shape(of: result)
            output.send(encoded: shape.description)
            for batch in result.rowsAtHand ?? [] { output.send(batch, shape.encoder) }
            finish(result)
            output.send(.commandComplete(result.tag))
            return machine.finished()
        }
    }

    private static func mayDeallocate(_ text: String) -> Bool {
        guard let first = text.utf8.first, first | 0x20 == UInt8(ascii: "d"), text.utf8.count < 256 else {
            return false
        }
        return text.prefix(11).lowercased() == "deallocate "
    }

    /// DEALLOCATE means the statements of the extended protocol, too, which the session does not know: drivers that
    /// prepare by messages tidy up by SQL. nil: the text is for the session.
    private func deallocate(_ text: String, _ session: DatabaseSession) async -> [ProtocolMachine.Action]? {
        guard let statements = try? parseStatements(text), statements.count == 1,
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

    /// A statement's whole result, with its notices and its tag.
    private func send(_ result: StatementResult) async throws(SQLError) {
        var result = result
        resultCount += 1
        send(notices: result.notices)
        if result.returnsRows {
            let shape = shape(of: result)
            output.send(encoded: shape.description)
            while let batch = try await result.next() {
                output.send(batch, shape.encoder)
                try await flushIfFull()
            }
        }
        finish(result)
        output.send(.commandComplete(result.tag))
    }

    private func shape(of result: StatementResult) -> ResultShape {
        let style = TextStyle(result)
        if let lastShape, lastShape.fits(result.columns, style) { return lastShape }
        let shape = ResultShape(result.columns, style)
        lastShape = shape
        return shape
    }

    private func finish(_ result: StatementResult) {
        server.metrics.statementFinished(failed: false)
        for status in result.changedParameters { output.send(.parameterStatus(status)) }
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
        // What it was encoded in is large, and not kept.
        lastShape = nil
        // There may be many more: the loop's other connections must not wait for them.
        await executor.stepAside()
        await gate.waitUntilWritable()
        if gate.isClosed { throw .connectionLost }
    }

    // MARK: Extended query

    func prepare(_ id: StatementID, _ text: String, _ oids: [UInt32]) async -> [ProtocolMachine.Action] {
        guard let session else { return machine.failed(.internalError("a statement without a session")) }
        do throws(SQLError) {
            var types: [SQLType?] = []
            for oid in oids { types.append(try ClientConnection.parameterType(oid)) }
            if text.utf8.count > ClientConnection.shortTextBytes { await executor.stepAside() }
            let prepared = try await session.prepareQuery(text, parameterTypes: types)
            statements[id] = prepared
            return machine.prepared(
                parameterTypes: prepared.parameterTypes, columns: prepared.columns?.map { WireColumn($0) })
        } catch {
            return machine.failed(error)
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
            } else if portal.isOpen, let query = portal.result?.query {
                try await session.resume(query)
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
            return machine.failed(error)
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
        let result = try await self.result(of: portal, session)
        send(notices: result.notices)
        portal.encoder = try encoder(of: columns, result)
        portal.result = result
        finish(result)
    }

    private func result(of portal: Portal, _ session: DatabaseSession) async throws(SQLError) -> StatementResult {
        let query = portal.query
        if let result = answerAtOnce(query, session) { return try result.get() }
        let keepsOthers = portals.values.contains { $0.isOpen }
        return try await session.run(query, parameters: portal.parameters, keepingOpenResults: keepsOthers)
    }

    /// The result's columns in the formats that were asked for. They must be those that the client was told of.
    private static func encoded(
        _ columns: [WireColumn], of result: StatementResult
    ) throws(SQLError) -> [WireColumn] {
        guard result.columns.elementsEqual(columns, by: { $0.type.oid == $1.type.oid }) else {
            throw SQLError(.featureNotSupported, "cached plan must not change result type")
        }
        return zip(result.columns, columns).map { WireColumn($0.name, $0.type, format: $1.format) }
    }

    private func encoder(of columns: [WireColumn], _ result: StatementResult) throws(SQLError) -> RowEncoder {
        let encoded = try ClientConnection.encoded(columns, of: result)
        if encoded.allSatisfy({ $0.format == .text }) { return shape(of: result).encoder }
        return RowEncoder(encoded, TextStyle(result))
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
        // Rows that were here already do not tell that there will be no more.
        if let error = result.query?.failure { throw error }
        result.query?.pause()
        return false
    }

}

extension TextStyle {
    fileprivate init(_ result: StatementResult) {
        self.init(zone: result.zone, extraFloatDigits: result.extraFloatDigits)
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
