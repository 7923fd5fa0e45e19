import SQLTypes

/// SHOW.
extension Parser {
    mutating func showStatement() throws(SQLError) -> ShowStatement {
        advance()
        let start = position
        if take(.all) { return .all }
        if take(.time, .zone) { return .setting("timezone", at: start) }
        if at(.transaction, .isolation) {
            advance(2)
            try expect(.level)
            return .setting("transaction_isolation", at: start)
        }
        if take(.session, .authorization) { return .setting("session_authorization", at: start) }
        if at(.table) || at(.view), !isEnd(token(1)) {
            let isTable = at(.table)
            advance()
            let name = try qualifiedName()
            return isTable ? .table(name) : .view(name)
        }
        let name = try settingName()
        if name == "distribution", !isEnd(current) { return .distribution(try qualifiedName()) }
        if let subject = try listSubject(name) { return .list(try list(of: subject)) }
        if !at(.endOfInput), !at(.semicolon) {
            throw SQLError.unsupported("SHOW \(name.uppercased())", at: start.character)
        }
        return .setting(name, at: start)
    }

    private func isEnd(_ token: Token) -> Bool { token.kind == .endOfInput || token.kind == .semicolon }

    /// After `SHOW word`; nil: the word is a setting's.
    private mutating func listSubject(_ word: String) throws(SQLError) -> ShowList.Subject? {
        switch word {
        case "databases":
            if at(.from) { throw unsupported("SHOW DATABASES FROM DATA CATALOG") }
            return .databases
        case "schemas":
            guard take(.from) else { return .schemas(database: nil) }
            try expect(.database)
            return .schemas(database: try identifier())
        case "tables":
            guard take(.from) else { return .tables(schema: nil) }
            if at(.database) { throw unsupported("SHOW TABLES FROM DATABASE") }
            try expect(.schema)
            return .tables(schema: try schemaName())
        case "columns": return .columns(of: try tableAfterFrom())
        case "constraints":
            if take(.primary) {
                try expectWord("keys")
                return .primaryKeys(of: try tableAfterFrom())
            }
            try expect(.foreign)
            try expectWord("keys")
            let isExported = takeWord("exported")
            return .foreignKeys(of: try tableAfterFrom(), isExported: isExported)
        case "functions", "procedures":
            try expect(.from)
            try expect(.schema)
            let schema = try schemaName()
            return word == "functions" ? .functions(schema: schema) : .procedures(schema: schema)
        default: return nil
        }
    }

    private mutating func list(of subject: ShowList.Subject) throws(SQLError) -> ShowList {
        var list = ShowList(subject)
        if take(.like) { list.pattern = try string() }
        if take(.limit) {
            let place = position
            let count = try integer()
            guard (0...ShowList.rowsMax).contains(count) else {
                throw SQLError(
                    .invalidParameterValue, "LIMIT must be between 0 and \(ShowList.rowsMax)", position: place.character
                )
            }
            list.rowLimit = count
        }
        return list
    }

    private mutating func tableAfterFrom() throws(SQLError) -> QualifiedName {
        try expect(.from)
        try expect(.table)
        return try qualifiedName()
    }

    /// `[database.]schema`.
    private mutating func schemaName() throws(SQLError) -> QualifiedName {
        let name = try qualifiedName()
        guard name.database == nil else { throw syntaxError() }
        return name
    }
}
