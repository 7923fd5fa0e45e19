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
}
