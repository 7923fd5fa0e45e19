import SQLTypes

/// FROM: tables, derived tables, joins.
extension Parser {
    mutating func fromList() throws(SQLError) -> [TableExpression] {
        var list: [TableExpression] = []
        try fromList(&list)
        return list
    }

    mutating func fromList(_ list: inout [TableExpression]) throws(SQLError) {
        repeat {
            list.append(try tableExpression())
        } while take(.comma)
    }

    private mutating func tableExpression() throws(SQLError) -> TableExpression {
        let first = try tablePrimary()
        return atJoin ? try joins(after: first) : first
    }

    /// All joins that follow a table.
    private mutating func joins(after first: TableExpression) throws(SQLError) -> TableExpression {
        var joins: [JoinClause] = []
        while atJoin { joins.append(try joinClause()) }
        return joins.isEmpty ? first : .joined(first, joins)
    }

    private var atJoin: Bool {
        switch current.keyword {
        case .join, .inner, .left, .right, .full, .cross, .natural: true
        default: false
        }
    }

    private mutating func joinClause() throws(SQLError) -> JoinClause {
        let start = position
        let isNatural = take(.natural)
        let kind = try joinKind()
        if isNatural, kind == .cross { throw syntaxError() }
        var table = try tablePrimary()
        if kind == .cross { return JoinClause(.cross, table, .none, at: start) }
        if isNatural { return JoinClause(kind, table, .natural, at: start) }
        if atJoin {
            // `a JOIN b JOIN c ON x ON y`: the first condition belongs to the last join.
            try enter(Self.queryNestingCost)
            table = try joins(after: table)
            leave(Self.queryNestingCost)
        }
        if take(.using) { return JoinClause(kind, table, .using(try identifierList()), at: start) }
        try expect(.on)
        return JoinClause(kind, table, .on(try expression()), at: start)
    }

    private mutating func joinKind() throws(SQLError) -> JoinClause.Kind {
        let kind: JoinClause.Kind
        switch current.keyword {
        case .left: kind = .left
        case .right: kind = .right
        case .full: kind = .full
        case .cross: kind = .cross
        case .inner: kind = .inner
        default:
            try expect(.join)
            return .inner
        }
        advance()
        if kind != .inner, kind != .cross { _ = take(.outer) }
        try expect(.join)
        return kind
    }

    private mutating func tablePrimary() throws(SQLError) -> TableExpression {
        let table = at(.leftParenthesis) ? try parenthesizedTable() : try namedTable()
        if at(.pivot) || at(.unpivot) { throw unsupported(at(.pivot) ? "PIVOT" : "UNPIVOT") }
        return table
    }

    private mutating func namedTable() throws(SQLError) -> TableExpression {
        if at(.lateral), token(1).kind == .leftParenthesis { throw unsupported("LATERAL") }
        _ = take(.only)
        let start = position
        let name = at(.unnest) ? QualifiedName(try anyIdentifier()) : try qualifiedName()
        if at(.leftParenthesis) { return try tableFunction(name, at: start) }
        return .table(name, alias: try tableAlias())
    }

    private mutating func parenthesizedTable() throws(SQLError) -> TableExpression {
        parenthesisHoldsQuery(index) ? try derivedTable() : try joinedTable()
    }

    private mutating func derivedTable() throws(SQLError) -> TableExpression {
        let query = try parenthesizedQuery().query
        return try aliased(query)
    }

    private mutating func aliased(_ query: Query) throws(SQLError) -> TableExpression {
        .derived(query, alias: try tableAlias())
    }

    private mutating func joinedTable() throws(SQLError) -> TableExpression {
        try enter(Self.queryNestingCost)
        advance()
        if at(.values) { throw unsupported("VALUES as a table") }
        let table = try tableExpression()
        try expect(.rightParenthesis)
        if at(.as) || atBareAlias, case .joined = table { throw unsupported("alias of a joined table") }
        leave(Self.queryNestingCost)
        return table
    }

    private mutating func tableFunction(
        _ name: QualifiedName, at start: SourcePosition
    ) throws(SQLError) -> TableExpression {
        advance()
        let arguments = at(.rightParenthesis) ? [] : try expressionList()
        try expect(.rightParenthesis)
        return .function(FunctionCall(name, arguments), alias: try functionAlias(name.name), at: start)
    }

    /// As a table's, and its columns may have types; with types the name may be left out.
    private mutating func functionAlias(_ function: Identifier) throws(SQLError) -> TableAlias? {
        let hasAs = take(.as)
        guard hasAs || atBareAlias || at(.leftParenthesis) else { return nil }
        let name = hasAs && at(.leftParenthesis) ? function : try identifier()
        guard take(.leftParenthesis) else { return TableAlias(name) }
        var alias = TableAlias(name)
        repeat {
            alias.columns.append(try identifier())
            if at(.comma) || at(.rightParenthesis), alias.types.isEmpty { continue }
            alias.types.append(try typeName())
            guard alias.types.count == alias.columns.count else { throw syntaxError() }
        } while take(.comma)
        try expect(.rightParenthesis)
        return alias
    }

    private mutating func tableAlias() throws(SQLError) -> TableAlias? {
        let name: Identifier
        if take(.as) {
            name = try identifier()
        } else if atBareAlias {
            name = try identifier()
        } else {
            return nil
        }
        return TableAlias(name, columns: at(.leftParenthesis) ? try identifierList() : [])
    }
}
