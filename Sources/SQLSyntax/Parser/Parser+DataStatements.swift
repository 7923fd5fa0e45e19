import SQLTypes

/// INSERT, UPDATE, DELETE, TRUNCATE.
extension Parser {
    mutating func insertStatement() throws(SQLError) -> InsertStatement {
        advance()
        try expect(.into)
        let table = try qualifiedName()
        if take(.default) {
            try expect(.values)
            return InsertStatement(into: table, .defaultValues)
        }
        let columns = at(.leftParenthesis) && !parenthesisHoldsQuery(index) ? try identifierList() : []
        if take(.values) {
            var rows = [try valuesRow()]
            while take(.comma) { rows.append(try valuesRow()) }
            return InsertStatement(into: table, columns: columns, .values(rows))
        }
        return InsertStatement(into: table, columns: columns, .query(try query()))
    }

    private mutating func valuesRow() throws(SQLError) -> [InsertStatement.Value] {
        try expect(.leftParenthesis)
        var row = [try assignedValue()]
        while take(.comma) { row.append(try assignedValue()) }
        try expect(.rightParenthesis)
        return row
    }

    private mutating func assignedValue() throws(SQLError) -> InsertStatement.Value {
        let start = position
        if take(.default) { return .default(at: start) }
        return .expression(try expression())
    }

    mutating func updateStatement(with: WithClause?) throws(SQLError) -> UpdateStatement {
        advance()
        let table = try qualifiedName()
        let alias = try targetAlias()
        try expect(.set)
        var assignments: [UpdateStatement.Assignment] = []
        repeat {
            let column = try identifier()
            try expect(.equal)
            assignments.append(UpdateStatement.Assignment(column, try assignedValue()))
        } while take(.comma)
        let from = take(.from) ? try fromList() : []
        let filter = take(.where) ? try expression() : nil
        return UpdateStatement(with: with, table, alias: alias, assignments, from: from, filter: filter)
    }

    mutating func deleteStatement(with: WithClause?) throws(SQLError) -> DeleteStatement {
        advance()
        let hasFrom = take(.from)
        let table = try qualifiedName()
        let alias = try targetAlias()
        if at(.using), !hasFrom { throw syntaxError() }
        let using = take(.using) ? try fromList() : []
        let filter = take(.where) ? try expression() : nil
        return DeleteStatement(with: with, from: table, alias: alias, using: using, filter: filter)
    }

    private mutating func targetAlias() throws(SQLError) -> Identifier? {
        if take(.as) { return try identifier() }
        return atBareAlias ? try identifier() : nil
    }

    mutating func truncateStatement() throws(SQLError) -> Statement {
        advance()
        _ = take(.table)
        return .truncate(try qualifiedName())
    }
}
