import SQLTypes

/// Transactions, settings, prepared statements, ANALYZE and VACUUM.
extension Parser {
    mutating func transactionStatement() throws(SQLError) -> TransactionStatement {
        let first = current.keyword
        advance()
        if first == .start {
            try expect(.transaction)
        } else {
            _ = take(.work) || take(.transaction)
        }
        switch first {
        case .commit, .end: return .commit
        case .rollback, .abort:
            if at(.to) { throw unsupported("ROLLBACK TO SAVEPOINT") }
            return .rollback
        default: return .begin(isReadOnly: try transactionModes())
        }
    }

    /// All isolation levels are read; the cluster's own is used, as in Redshift.
    private mutating func transactionModes() throws(SQLError) -> Bool? {
        var isReadOnly: Bool?
        while at(.isolation) || at(.read) {
            if take(.isolation) {
                try expect(.level)
                guard
                    take(.serializable) || take(.repeatable, .read) || take(.read, .committed)
                        || take(.read, .uncommitted) || take(.snapshot)
                else { throw syntaxError() }
            } else {
                advance()
                guard at(.write) || at(.only) else { throw syntaxError() }
                isReadOnly = at(.only)
                advance()
            }
            _ = take(.comma)
        }
        return isReadOnly
    }

    // MARK: Settings

    mutating func setStatement() throws(SQLError) -> Statement {
        let start = position
        advance()
        if take(.transaction) {
            return .transaction(.characteristics(isReadOnly: try transactionModes(), ofSession: false))
        }
        if at(.session, .characteristics) {
            advance(2)
            guard take(.as), take(.transaction) else { throw syntaxError() }
            return .transaction(.characteristics(isReadOnly: try transactionModes(), ofSession: true))
        }
        if at(.session, .authorization) || at(.local, .session) && token(2).keyword == .authorization {
            return try authorization()
        }
        return .set(try parameter(start))
    }

    /// At `[LOCAL] SESSION AUTHORIZATION`.
    private mutating func authorization() throws(SQLError) -> Statement {
        let isLocal = take(.local)
        advance(2)
        if take(.default) { return .setAuthorization(nil, isLocal: isLocal) }
        let start = position
        let name = at(.string) ? Identifier(try string(), at: start) : try identifier()
        return .setAuthorization(name, isLocal: isLocal)
    }

    mutating func parameter(_ start: SourcePosition) throws(SQLError) -> SetStatement {
        var isLocal = false
        if take(.local) {
            isLocal = true
        } else if at(.session), token(1).kind == .word {
            advance()
        }
        if take(.time, .zone) {
            let value = take(.local) ? [] : try settingValues()
            return SetStatement("timezone", isLocal: isLocal, value, at: start)
        }
        if currentWord == "names" {
            advance()
            return SetStatement("client_encoding", isLocal: isLocal, try settingValues(), at: start)
        }
        let name = try settingName()
        guard take(.to) || take(.equal) else { throw syntaxError() }
        return SetStatement(name, isLocal: isLocal, try settingValues(), at: start)
    }

    /// `name` or `class.name`.
    mutating func settingName() throws(SQLError) -> String {
        var name = try identifier().name
        while take(.point) { name += "." + (try anyIdentifier().name) }
        return name
    }

    private mutating func settingValues() throws(SQLError) -> [SetStatement.Value] {
        if take(.default) { return [] }
        var values = [try settingValue()]
        while take(.comma) { values.append(try settingValue()) }
        return values
    }

    private mutating func settingValue() throws(SQLError) -> SetStatement.Value {
        if at(.string) || at(.dollarString) { return .string(try string()) }
        if at(.word) || at(.quotedName) { return .word(try anyIdentifier().name) }
        let sign = at(.minusSign) ? "-" : ""
        if at(.minusSign) || at(.plus) { advance() }
        guard at(.integerLiteral) || at(.decimalLiteral) || at(.doubleLiteral) else { throw syntaxError() }
        defer { advance() }
        return .number(sign + text(of: current))
    }

    mutating func resetStatement() throws(SQLError) -> Statement {
        advance()
        if take(.all) { return .reset(nil) }
        if take(.session, .authorization) { return .setAuthorization(nil, isLocal: false) }
        if take(.time, .zone) { return .reset("timezone") }
        return .reset(try settingName())
    }

    mutating func discardStatement() throws(SQLError) -> Statement {
        advance()
        guard take(.all) else { throw unsupported("DISCARD of a part of the session") }
        return .discardAll
    }

    mutating func cancelStatement() throws(SQLError) -> Statement {
        advance()
        let process = try integer()
        return .cancel(process: process, message: at(.string) ? try string() : nil)
    }

    // MARK: Prepared statements

    mutating func prepareStatement() throws(SQLError) -> PrepareStatement {
        advance()
        let name = try identifier()
        var types: [TypeName] = []
        if take(.leftParenthesis) {
            types.append(try typeName())
            while take(.comma) { types.append(try typeName()) }
            try expect(.rightParenthesis)
        }
        try expect(.as)
        return PrepareStatement(name, types: types, try queryOrChange())
    }

    /// What may be prepared.
    private mutating func queryOrChange() throws(SQLError) -> Statement {
        switch current.keyword {
        case .select, .with, .insert, .update, .delete: return try statement()
        default:
            guard at(.leftParenthesis) else { throw syntaxError() }
            return try statement()
        }
    }

    mutating func executeStatement() throws(SQLError) -> ExecuteStatement {
        advance()
        let name = try identifier()
        guard take(.leftParenthesis) else { return ExecuteStatement(name) }
        let arguments = at(.rightParenthesis) ? [] : try expressionList()
        try expect(.rightParenthesis)
        return ExecuteStatement(name, arguments)
    }

    mutating func deallocateStatement() throws(SQLError) -> Statement {
        advance()
        _ = take(.prepare)
        if take(.all) { return .deallocate(nil) }
        return .deallocate(try identifier())
    }

    // MARK: Upkeep

    mutating func analyzeStatement() throws(SQLError) -> Statement {
        advance()
        if take(.compression) { return .analyzeCompression(try analyzeCompression()) }
        let isVerbose = take(.verbose)
        guard !at(.endOfInput), !at(.semicolon) else { return .analyze(AnalyzeStatement(isVerbose: isVerbose)) }
        let table = try qualifiedName()
        var columns = AnalyzeStatement.Columns.all
        if at(.leftParenthesis) {
            columns = .listed(try identifierList())
        } else if take(.predicate) {
            try expect(.columns)
            columns = .predicate
        } else if take(.all) {
            try expect(.columns)
        }
        return .analyze(AnalyzeStatement(isVerbose: isVerbose, table, columns))
    }

    private mutating func analyzeCompression() throws(SQLError) -> AnalyzeCompressionStatement {
        var statement = AnalyzeCompressionStatement()
        if at(.comprows) || at(.endOfInput) || at(.semicolon) {
            statement.table = nil
        } else {
            statement.table = try qualifiedName()
            if at(.leftParenthesis) { statement.columns = try identifierList() }
        }
        if take(.comprows) { statement.sampleRows = try integer() }
        return statement
    }

    mutating func vacuumStatement() throws(SQLError) -> VacuumStatement {
        advance()
        var statement = VacuumStatement()
        if take(.full) {
            statement.kind = .full
        } else if take(.sort, .only) {
            statement.kind = .sortOnly
        } else if take(.delete, .only) {
            statement.kind = .deleteOnly
        } else if take(.reindex) {
            statement.kind = .reindex
        } else if take(.recluster) {
            statement.kind = .recluster
        }
        if !at(.endOfInput), !at(.semicolon), !at(.boost) { statement.table = try qualifiedName() }
        if take(.to) {
            statement.thresholdPercent = try integer()
            try expect(.percent)
        }
        statement.isBoost = take(.boost)
        return statement
    }
}
