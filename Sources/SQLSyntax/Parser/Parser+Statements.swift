import SQLTypes

/// Which statement it is: the first words decide.
extension Parser {
    mutating func statement() throws(SQLError) -> Statement {
        if at(.leftParenthesis) { return .query(try query()) }
        guard at(.word) else { throw syntaxError() }
        switch current.keyword {
        case .select, .values: return .query(try query())
        case .with: return try withStatement()
        case .create: return try createStatement()
        case .drop: return try dropStatement()
        case .alter: return try alterStatement()
        case .insert: return .insert(try insertStatement())
        case .update: return .update(try updateStatement(with: nil))
        case .delete: return .delete(try deleteStatement(with: nil))
        case .truncate: return try truncateStatement()
        case .copy: return .copy(try copyStatement())
        case .unload: return .unload(try unloadStatement())
        default: return try sessionStatement()
        }
    }

    private mutating func sessionStatement() throws(SQLError) -> Statement {
        switch current.keyword {
        case .analyze, .analyse: return try analyzeStatement()
        case .vacuum: return .vacuum(try vacuumStatement())
        case .explain: return .explain(try explainStatement())
        case .begin, .start, .commit, .end, .rollback, .abort: return .transaction(try transactionStatement())
        case .set: return try setStatement()
        case .show: return .show(try showStatement())
        case .reset where !atStatisticsFor: return try resetStatement()
        case .comment: return .comment(try commentStatement())
        case .declare where !atStatisticsFor: return .cursor(try declareStatement())
        case .declare, .reset: return .statistics(try statisticsStatement())
        case .fetch: return .cursor(try fetchStatement())
        case .close: return .cursor(try closeStatement())
        case .attach, .detach: return .policy(try attachOrDetach())
        case .grant, .revoke: return try grantOrRevoke()
        case .lock: return .lock(try lockStatement())
        case .cancel: return try cancelStatement()
        case .discard: return try discardStatement()
        case .prepare: return .prepare(try prepareStatement())
        case .execute: return .execute(try executeStatement())
        case .deallocate: return try deallocateStatement()
        default:
            switch currentWord {
            case "move": return .cursor(try fetchStatement())
            case "assert": return .assert(try assertStatement())
            case "pin" where atStatisticsFor: return .statistics(try statisticsStatement())
            default: throw otherStatement()
            }
        }
    }

    /// Statements that Redshift has and this engine has not, by name.
    private func otherStatement() -> SQLError {
        switch current.keyword {
        case .merge, .call, .savepoint, .release,
            .refresh, .listen, .notify, .reassign, .use, .describe:
            return unsupported(current.keyword.rawValue.uppercased())
        default: return syntaxError()
        }
    }

    /// CREATE, DROP or ALTER of something that is not there, named by its next word.
    func unsupportedObject(_ verb: String, at start: SourcePosition) -> SQLError {
        switch current.keyword {
        case .database, .function, .procedure, .materialized, .external, .library, .datashare,
            .model, .index, .sequence, .trigger, .identity, .schema, .view, .table, .type, .language,
            .system:
            let words = current.keyword == .materialized ? "materialized view" : current.keyword.rawValue
            return .unsupported("\(verb) \(words.uppercased())", at: start.character)
        default: return syntaxError()
        }
    }

    private mutating func withStatement() throws(SQLError) -> Statement {
        let start = index
        let with = try withClause()
        switch current.keyword {
        case .update: return .update(try updateStatement(with: with))
        case .delete: return .delete(try deleteStatement(with: with))
        case .insert: throw syntaxError()
        default:
            index = start
            return .query(try query())
        }
    }
}
