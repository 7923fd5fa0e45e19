import SQLTypes

/// CREATE and DROP.
extension Parser {
    mutating func createStatement() throws(SQLError) -> Statement {
        let start = position
        advance()
        if at(.or) {
            advance()
            try expect(.replace)
            guard at(.view) else { throw unsupportedObject("CREATE OR REPLACE", at: start) }
            return .createView(try createView(isReplacing: true))
        }
        if at(.view) { return .createView(try createView(isReplacing: false)) }
        if at(.schema) { return .createSchema(try createSchema()) }
        if at(.database) { return .createDatabase(try createDatabase()) }
        if at(.user) || at(.group) || at(.role) { return .principal(try createPrincipal()) }
        if atPolicy { return .policy(try createPolicy()) }
        let isLocal = take(.local)
        let isTemporary = take(.temporary) || take(.temp)
        if isLocal, !isTemporary { throw syntaxError() }
        guard at(.table) else { throw unsupportedObject("CREATE", at: start) }
        advance()
        return try createTable(isTemporary: isTemporary)
    }

    private mutating func takeIfNotExists() throws(SQLError) -> Bool {
        guard at(.if) else { return false }
        guard take(.if, .not, .exists) else { throw syntaxError(at: token(1)) }
        return true
    }

    private mutating func createTable(isTemporary: Bool) throws(SQLError) -> Statement {
        let ifNotExists = try takeIfNotExists()
        let name = try qualifiedName()
        let isTemporary = isTemporary || name.name.name.hasPrefix("#")
        guard at(.leftParenthesis), !atColumnNameList else {
            return .createTableAs(try createTableAs(name, isTemporary: isTemporary, ifNotExists: ifNotExists))
        }
        advance()
        var elements: [CreateTableStatement.Element] = []
        repeat {
            elements.append(try tableElement())
        } while take(.comma)
        try expect(.rightParenthesis)
        let attributes = try tableAttributes()
        return .createTable(
            CreateTableStatement(
                name, isTemporary: isTemporary, ifNotExists: ifNotExists, elements, attributes))
    }

    /// `(a, b)` before AS holds names alone; in a definition a type follows each name.
    private var atColumnNameList: Bool {
        let second = token(2).kind
        return token(1).keyword != .like && (second == .comma || second == .rightParenthesis)
    }

    private mutating func createTableAs(
        _ name: QualifiedName, isTemporary: Bool, ifNotExists: Bool
    ) throws(SQLError) -> CreateTableAsStatement {
        let columns = at(.leftParenthesis) ? try identifierList() : []
        let attributes = try tableAttributes()
        try expect(.as)
        return CreateTableAsStatement(
            name, isTemporary: isTemporary, ifNotExists: ifNotExists, columns: columns, attributes, try query())
    }

    private mutating func createView(isReplacing: Bool) throws(SQLError) -> CreateViewStatement {
        advance()
        let name = try qualifiedName()
        let columns = at(.leftParenthesis) ? try identifierList() : []
        try expect(.as)
        let query = try query()
        var isLateBinding = false
        if take(.with) {
            guard take(.no, .schema, .binding) else { throw syntaxError() }
            isLateBinding = true
        }
        return CreateViewStatement(
            name, isReplacing: isReplacing, columns: columns, query, isLateBinding: isLateBinding)
    }

    private mutating func createSchema() throws(SQLError) -> CreateSchemaStatement {
        advance()
        let ifNotExists = try takeIfNotExists()
        if at(.authorization) {
            advance()
            let owner = try identifier()
            return CreateSchemaStatement(owner, ifNotExists: ifNotExists, owner: owner)
        }
        var statement = CreateSchemaStatement(try identifier(), ifNotExists: ifNotExists)
        if take(.authorization) { statement.owner = try identifier() }
        if take(.quota) { statement.quota = try quota() }
        return statement
    }

    mutating func quota() throws(SQLError) -> CreateSchemaStatement.Quota {
        if take(.unlimited) { return .unlimited }
        let start = position
        let number = try integer()
        var factor = Int64(1)
        if take(.gb) { factor = 1_024 } else if take(.tb) { factor = 1_024 * 1_024 } else { _ = take(.mb) }
        let (megabytes, overflows) = number.multipliedReportingOverflow(by: factor)
        guard !overflows, megabytes >= 0 else {
            throw SQLError(.invalidParameterValue, "quota is out of range", position: start.character)
        }
        return .megabytes(megabytes)
    }

    mutating func dropStatement() throws(SQLError) -> Statement {
        let start = position
        advance()
        if at(.user) || at(.group) || at(.role) { return .principal(try dropPrincipal()) }
        if atPolicy { return .policy(try dropPolicy()) }
        if at(.database) { return .dropDatabase(try dropDatabase()) }
        let kind: DropStatement.Kind
        switch current.keyword {
        case .table: kind = .table
        case .view: kind = .view
        case .schema: kind = .schema
        default: throw unsupportedObject("DROP", at: start)
        }
        advance()
        let ifExists = take(.if)
        if ifExists { try expect(.exists) }
        var names = [try qualifiedName()]
        while take(.comma) { names.append(try qualifiedName()) }
        return .drop(DropStatement(kind, names, ifExists: ifExists, isCascade: takeCascade()))
    }

    /// RESTRICT is the default.
    mutating func takeCascade() -> Bool {
        if take(.cascade) { return true }
        _ = take(.restrict)
        return false
    }
}
