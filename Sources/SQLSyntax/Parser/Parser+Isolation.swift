import SQLTypes

/// What transactions may see of one another.
extension Parser {
    mutating func lockStatement() throws(SQLError) -> LockStatement {
        advance()
        _ = take(.table)
        var tables = [try qualifiedName()]
        while take(.comma) { tables.append(try qualifiedName()) }
        return LockStatement(tables)
    }

    /// Behind ALTER; other changes of a database than its isolation level are not there.
    mutating func alterDatabase(at start: SourcePosition) throws(SQLError) -> AlterDatabaseStatement {
        advance()
        let name = try identifier()
        guard at(.isolation) else { throw .unsupported("ALTER DATABASE", at: start.character) }
        advance()
        try expect(.level)
        let isSerializable = at(.serializable)
        guard take(.serializable) || take(.snapshot) else { throw syntaxError() }
        return AlterDatabaseStatement(name, isSerializable: isSerializable)
    }
}
