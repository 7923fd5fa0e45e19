import SQLTypes

private struct ExplainOptions {
    var isVerbose = false
    var isAnalyze = false
    var format = ExplainStatement.Format.text
}

/// EXPLAIN, and our own EXPLAIN ANALYZE.
extension Parser {
    /// `EXPLAIN [VERBOSE] statement` is Redshift's; `EXPLAIN ANALYZE [VERBOSE] [FORMAT {TEXT | JSON}] statement` and
    /// `EXPLAIN (option [, …]) statement`, with ANALYZE among the options, are ours.
    mutating func explainStatement() throws(SQLError) -> ExplainStatement {
        advance()
        var options = ExplainOptions()
        if at(.leftParenthesis), isExplainOption(token(1).keyword) {
            try explainOptions(&options)
        } else {
            options.isAnalyze = take(.analyze)
            options.isVerbose = take(.verbose)
            if options.isAnalyze, take(.format) { options.format = try explainFormat() }
        }
        switch current.keyword {
        case .explain, .prepare, .set, .show, .reset, .begin, .start, .commit, .end, .rollback, .abort, .vacuum,
            .analyze, .analyse:
            throw syntaxError()
        default:
            return ExplainStatement(
                isVerbose: options.isVerbose, isAnalyze: options.isAnalyze, format: options.format, try statement())
        }
    }

    /// What can begin no query in parentheses.
    private func isExplainOption(_ keyword: Keyword) -> Bool {
        switch keyword {
        case .analyze, .analyse, .verbose, .format: true
        default: false
        }
    }

    /// As PostgreSQL writes them.
    private mutating func explainOptions(_ options: inout ExplainOptions) throws(SQLError) {
        let start = position
        advance()
        repeat {
            switch current.keyword {
            case .analyze, .analyse:
                advance()
                options.isAnalyze = try isOn()
            case .verbose:
                advance()
                options.isVerbose = try isOn()
            case .format:
                advance()
                options.format = try explainFormat()
            default: throw syntaxError()
            }
        } while take(.comma)
        try expect(.rightParenthesis)
        guard options.isAnalyze else {
            throw SQLError(
                .syntaxError, "EXPLAIN takes options in parentheses only with ANALYZE", position: start.character)
        }
    }

    /// TRUE is what an option means that says nothing.
    private mutating func isOn() throws(SQLError) -> Bool {
        if at(.comma) || at(.rightParenthesis) || take(.true) || take(.on) { return true }
        guard take(.false) || take(.off) else { throw syntaxError() }
        return false
    }

    private mutating func explainFormat() throws(SQLError) -> ExplainStatement.Format {
        if take(.text) { return .text }
        if take(.json) { return .json }
        if let word = currentWord, word == "xml" || word == "yaml" {
            throw unsupported("EXPLAIN ANALYZE FORMAT \(word.uppercased())")
        }
        throw syntaxError()
    }
}
