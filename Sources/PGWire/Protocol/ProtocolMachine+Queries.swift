package import SQLTypes

/// A statement of this connection, for whoever keeps what belongs to it.
package struct StatementID: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}

package struct PortalID: Hashable, Sendable {
    package let number: Int

    package init(number: Int) { self.number = number }
}

/// A parameter's value with its type; a text that is still to be read as its parameter's type says is `.unknown`.
package struct WireParameter: Hashable, Sendable {
    package var value: SQLValue
    package var type: SQLType

    package init(_ value: SQLValue, _ type: SQLType) {
        self.value = value
        self.type = type
    }
}

struct PreparedStatement: Hashable, Sendable {
    var id: StatementID
    /// As the client gave them; 0: inferred.
    var parameterOIDs: [UInt32]
    var parameterTypes: [SQLType] = []
    /// nil: no rows.
    var columns: [WireColumn]?

    /// What ParameterDescription says.
    var shownOIDs: [UInt32] {
        parameterTypes.enumerated().map { index, type in
            let given = index < parameterOIDs.count ? parameterOIDs[index] : 0
            return given == 0 ? type.oid : given
        }
    }
}

struct BoundPortal: Hashable, Sendable {
    var id: PortalID
    /// With the formats of the Bind; nil: no rows.
    var columns: [WireColumn]?
}

extension ProtocolMachine {
    /// A simple query also ends the unnamed statement and the unnamed portal.
    mutating func receive(query text: String) -> [Action] {
        let dropped = discard(portal: "") + discard(statement: "")
        state = .running
        return dropped + [.run(text)]
    }

    mutating func receive(_ parse: ParseMessage) -> [Action] {
        if !parse.statement.isEmpty, statements[parse.statement] != nil {
            return failExtended(
                SQLError(
                    .duplicatePreparedStatement, "prepared statement \"\(parse.statement)\" already exists"))
        }
        let dropped = parse.statement.isEmpty ? discard(statement: "") : []
        let id = StatementID(number: nextNumber())
        state = .preparing(PreparedStatement(id: id, parameterOIDs: parse.parameterOIDs), named: parse.statement)
        return dropped + [.prepare(id, text: parse.text, parameterOIDs: parse.parameterOIDs)]
    }

    /// - Parameter columns: nil: the statement gives no rows.
    package mutating func prepared(parameterTypes: [SQLType], columns: [WireColumn]?) -> [Action] {
        guard case .preparing(var statement, let name) = state else {
            precondition(state == .closed, "nothing is being prepared")
            return []
        }
        statement.parameterTypes = parameterTypes
        statement.columns = columns
        statements[name] = statement
        state = .idle
        return [.send(.parseComplete)]
    }

    mutating func receive(_ bind: BindMessage) -> [Action] {
        do throws(SQLError) {
            guard let statement = statements[bind.statement] else { throw .undefinedStatement(bind.statement) }
            if !bind.portal.isEmpty, portals[bind.portal] != nil {
                throw SQLError(.duplicateCursor, "cursor \"\(bind.portal)\" already exists")
            }
            let parameters = try parameters(of: bind, for: statement)
            let columns = try ProtocolMachine.columns(of: bind, for: statement)
            let dropped = discard(portal: bind.portal)
            let portal = BoundPortal(id: PortalID(number: nextNumber()), columns: columns)
            portals[bind.portal] = portal
            return dropped + [
                .bind(portal.id, to: statement.id, parameters: parameters), .send(.bindComplete),
            ]
        } catch {
            return failExtended(error)
        }
    }

    private func parameters(
        of bind: BindMessage, for statement: PreparedStatement
    ) throws(SQLError) -> [WireParameter] {
        let count = bind.parameters.count
        let formats = bind.parameterFormats
        guard formats.count <= 1 || formats.count == count else {
            throw SQLError(
                .protocolViolation,
                "bind message has \(formats.count) parameter formats but \(count) parameters")
        }
        guard count == statement.parameterTypes.count else {
            throw SQLError(
                .protocolViolation,
                "bind message supplies \(count) parameters, but prepared statement \"\(bind.statement)\" requires "
                    + "\(statement.parameterTypes.count)")
        }
        var parameters: [WireParameter] = []
        parameters.reserveCapacity(count)
        for (index, bytes) in bind.parameters.enumerated() {
            let type = statement.parameterTypes[index]
            guard let bytes else {
                parameters.append(WireParameter(.null, type))
                continue
            }
            let format = formats.count > 1 ? formats[index] : formats.first ?? .text
            parameters.append(try ParameterDecoder.decode(bytes, format, type, number: index + 1))
        }
        return parameters
    }

    private static func columns(
        of bind: BindMessage, for statement: PreparedStatement
    ) throws(SQLError) -> [WireColumn]? {
        guard var columns = statement.columns else { return nil }
        let formats = bind.resultFormats
        guard formats.count <= 1 || formats.count == columns.count else {
            throw SQLError(
                .protocolViolation,
                "bind message has \(formats.count) result formats but query has \(columns.count) columns")
        }
        for index in columns.indices {
            columns[index].format = formats.count > 1 ? formats[index] : formats.first ?? .text
        }
        return columns
    }

    mutating func describe(_ target: MessageTarget) -> [Action] {
        let columns: [WireColumn]?
        var actions: [Action] = []
        switch target {
        case .statement(let name):
            guard let statement = statements[name] else { return failExtended(.undefinedStatement(name)) }
            actions.append(.send(.parameterDescription(statement.shownOIDs)))
            columns = statement.columns
        case .portal(let name):
            guard let portal = portals[name] else {
                // To PostgreSQL a cursor is a portal, and drivers describe the ones that they have declared.
                state = .describing(name)
                return [.describeCursor(name)]
            }
            columns = portal.columns
        }
        actions.append(.send(columns.map { .rowDescription($0) } ?? .noData))
        return actions
    }

    /// - Parameter columns: nil: there is no such cursor.
    package mutating func described(_ columns: [WireColumn]?) -> [Action] {
        guard case .describing(let name) = state else {
            precondition(state == .closed, "no cursor is described")
            return []
        }
        guard let columns else { return failExtended(.undefinedPortal(name)) }
        state = .idle
        return [.send(.rowDescription(columns))]
    }

    mutating func execute(_ name: String, rowLimit: Int) -> [Action] {
        guard let portal = portals[name] else { return failExtended(.undefinedPortal(name)) }
        state = .executing
        return [.execute(portal.id, columns: portal.columns ?? [], rowLimit: rowLimit)]
    }

    /// How far an Execute came.
    package enum Execution: Hashable, Sendable {
        case complete(tag: String)
        /// As many rows as wanted; there may be more.
        case suspended
        /// The text had no statement in it.
        case empty
    }

    package mutating func executed(_ execution: Execution) -> [Action] {
        guard state != .closed else { return [] }
        precondition(state == .executing, "nothing was executed")
        state = .idle
        switch execution {
        case .complete(let tag):
            // What was open in the transaction went with it.
            let isEnd = tag == "COMMIT" || tag == "ROLLBACK"
            return [.send(.commandComplete(tag))] + (isEnd ? discardPortals() : [])
        case .suspended: return [.send(.portalSuspended)]
        case .empty: return [.send(.emptyQueryResponse)]
        }
    }

    /// What is not there is closed already.
    mutating func close(_ target: MessageTarget) -> [Action] {
        switch target {
        case .statement(let name): discard(statement: name) + [.send(.closeComplete)]
        case .portal(let name): discard(portal: name) + [.send(.closeComplete)]
        }
    }

    package func hasStatement(_ name: String) -> Bool { statements[name] != nil }

    /// As DEALLOCATE does it; nil: all.
    package mutating func deallocate(_ name: String?) -> [Action] {
        if let name { return discard(statement: name) }
        let ids = statements.values.map(\.id).sorted { $0.number < $1.number }
        statements = [:]
        return ids.map { .discardStatement($0) }
    }

    private mutating func discard(statement name: String) -> [Action] {
        statements.removeValue(forKey: name).map { [.discardStatement($0.id)] } ?? []
    }

    private mutating func discard(portal name: String) -> [Action] {
        portals.removeValue(forKey: name).map { [.discardPortal($0.id)] } ?? []
    }
}

extension SQLError {
    static func undefinedStatement(_ name: String) -> SQLError {
        SQLError(
            .invalidSQLStatementName,
            name.isEmpty
                ? "unnamed prepared statement does not exist" : "prepared statement \"\(name)\" does not exist")
    }

    static func undefinedPortal(_ name: String) -> SQLError {
        SQLError(.invalidCursorName, "portal \"\(name)\" does not exist")
    }
}
