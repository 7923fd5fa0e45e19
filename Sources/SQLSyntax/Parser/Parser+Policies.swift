import SQLTypes

/// Row-level security and dynamic data masking.
extension Parser {
    /// `RLS POLICY` or `MASKING POLICY`.
    var atPolicy: Bool {
        guard at(.word), token(1).kind == .word, text(of: token(1)).lowercased() == "policy" else { return false }
        return currentWord == "rls" || currentWord == "masking"
    }

    /// Behind CREATE.
    mutating func createPolicy() throws(SQLError) -> PolicyStatement {
        let isRow = currentWord == "rls"
        advance(2)
        var ifNotExists = false
        if !isRow, at(.if) {
            guard take(.if, .not, .exists) else { throw syntaxError(at: token(1)) }
            ifNotExists = true
        }
        let name = try identifier()
        var columns: [PolicyStatement.Column] = []
        var alias: Identifier?
        if take(.with) {
            try expect(.leftParenthesis)
            repeat {
                let column = try identifier()
                columns.append(PolicyStatement.Column(column, try typeName()))
            } while take(.comma)
            try expect(.rightParenthesis)
            if isRow, !at(.using) {
                _ = take(.as)
                alias = try identifier()
            }
        } else if !isRow {
            throw syntaxError()
        }
        try expect(.using)
        let expressions = try policyExpressions()
        guard isRow else {
            return .createMaskingPolicy(name, ifNotExists: ifNotExists, inputs: columns, expressions)
        }
        guard expressions.count == 1 else { throw syntaxError() }
        return .createRowPolicy(name, columns: columns, alias: alias, expressions[0])
    }

    /// Behind ALTER, at MASKING POLICY.
    mutating func alterPolicy() throws(SQLError) -> PolicyStatement {
        guard currentWord == "masking" else { throw syntaxError() }
        advance(2)
        let name = try identifier()
        try expect(.using)
        return .alterMaskingPolicy(name, try policyExpressions())
    }

    /// Behind DROP.
    mutating func dropPolicy() throws(SQLError) -> PolicyStatement {
        let isRow = currentWord == "rls"
        advance(2)
        let ifExists = take(.if)
        if ifExists { try expect(.exists) }
        let name = try identifier()
        let isCascade = takeCascade()
        return isRow
            ? .dropRowPolicy(name, ifExists: ifExists, isCascade: isCascade)
            : .dropMaskingPolicy(name, ifExists: ifExists, isCascade: isCascade)
    }

    /// At ATTACH or DETACH.
    mutating func attachOrDetach() throws(SQLError) -> PolicyStatement {
        let isAttach = at(.attach)
        advance()
        guard atPolicy else { throw syntaxError() }
        let isRow = currentWord == "rls"
        advance(2)
        let name = try identifier()
        try expect(.on)
        _ = take(.table)
        let table = try qualifiedName()
        guard isRow else { return try maskingAttachment(name, table, isAttach) }
        var tables = [table]
        while take(.comma) {
            _ = take(.table)
            tables.append(try qualifiedName())
        }
        try expect(isAttach ? .to : .from)
        var grantees = [try granteeName()]
        while take(.comma) { grantees.append(try granteeName()) }
        return isAttach
            ? .attachRowPolicy(name, on: tables, to: grantees) : .detachRowPolicy(name, on: tables, from: grantees)
    }

    private mutating func maskingAttachment(
        _ name: Identifier, _ table: QualifiedName, _ isAttach: Bool
    ) throws(SQLError) -> PolicyStatement {
        let outputs = try identifierList()
        guard isAttach else {
            try expect(.from)
            return .detachMaskingPolicy(name, on: table, outputs: outputs, from: try granteeName())
        }
        let inputs = take(.using) ? try identifierList() : []
        try expect(.to)
        let grantee = try granteeName()
        let priority = takeWord("priority") ? try integer() : 0
        return .attachMaskingPolicy(
            name, on: table, outputs: outputs, inputs: inputs, to: grantee, priority: priority)
    }

    /// `(expression, …)`.
    private mutating func policyExpressions() throws(SQLError) -> [Expression] {
        try expect(.leftParenthesis)
        let expressions = try expressionList()
        try expect(.rightParenthesis)
        return expressions
    }
}
