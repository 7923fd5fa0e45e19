import SQLTypes

/// CREATE, ALTER and DROP DATABASE, behind their first words.
extension Parser {
    mutating func createDatabase() throws(SQLError) -> CreateDatabaseStatement {
        advance()
        var create = CreateDatabaseStatement(try identifier())
        _ = take(.with)
        while !at(.endOfInput), !at(.semicolon) {
            if take(.owner) {
                _ = take(.equal)
                create.owner = try identifier()
            } else if currentWord == "connection" {
                create.connectionLimit = try connectionLimit()
            } else if take(.isolation) {
                try expect(.level)
                create.isSerializable = try isolationLevel()
            } else if currentWord == "collate" {
                try collation()
            } else {
                throw syntaxError()
            }
        }
        return create
    }

    mutating func alterDatabase(at start: SourcePosition) throws(SQLError) -> AlterDatabaseStatement {
        advance()
        let name = try identifier()
        if take(.isolation) {
            try expect(.level)
            return AlterDatabaseStatement(name, .isolation(isSerializable: try isolationLevel()))
        }
        if take(.rename) {
            try expect(.to)
            return AlterDatabaseStatement(name, .rename(try identifier()))
        }
        if take(.owner) {
            try expect(.to)
            return AlterDatabaseStatement(name, .owner(try identifier()))
        }
        _ = take(.with)
        guard currentWord == "connection" else { throw .unsupported("ALTER DATABASE", at: start.character) }
        return AlterDatabaseStatement(name, .connectionLimit(try connectionLimit()))
    }

    mutating func dropDatabase() throws(SQLError) -> Identifier {
        advance()
        return try identifier()
    }

    private mutating func connectionLimit() throws(SQLError) -> Int64? {
        advance()
        guard take(.limit) else { throw syntaxError() }
        if currentWord == "unlimited" {
            advance()
            return nil
        }
        return try integer()
    }

    private mutating func isolationLevel() throws(SQLError) -> Bool {
        let isSerializable = at(.serializable)
        guard take(.serializable) || take(.snapshot) else { throw syntaxError() }
        return isSerializable
    }

    /// Strings are compared by their bytes: what CASE_SENSITIVE means.
    private mutating func collation() throws(SQLError) {
        let start = position
        advance()
        switch currentWord {
        case "case_sensitive", "cs": advance()
        case "case_insensitive", "ci": throw .unsupported("COLLATE CASE_INSENSITIVE", at: start.character)
        default: throw syntaxError()
        }
    }
}
