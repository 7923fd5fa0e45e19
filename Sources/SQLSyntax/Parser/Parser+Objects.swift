import SQLTypes

/// COMMENT, ALTER SCHEMA, and cursors.
extension Parser {
    mutating func commentStatement() throws(SQLError) -> CommentStatement {
        advance()
        try expect(.on)
        let target = try commentTarget()
        try expect(.is)
        if take(.null) { return CommentStatement(target, nil) }
        return CommentStatement(target, try string())
    }

    private mutating func commentTarget() throws(SQLError) -> CommentStatement.Target {
        switch current.keyword {
        case .table:
            advance()
            return .table(try qualifiedName())
        case .view:
            advance()
            return .view(try qualifiedName())
        case .database:
            advance()
            return .database(try identifier())
        case .constraint:
            advance()
            let name = try identifier()
            try expect(.on)
            return .constraint(name, on: try qualifiedName())
        case .column:
            advance()
            var parts = [try identifier()]
            while take(.point) { parts.append(try anyIdentifier()) }
            guard parts.count > 1 else {
                throw SQLError(
                    .syntaxError, "column name must be qualified", position: parts[0].position.character)
            }
            let column = parts.removeLast()
            return .column(column, of: try qualifiedName(parts))
        default: throw syntaxError()
        }
    }

    mutating func alterSchema() throws(SQLError) -> AlterSchemaStatement {
        advance()
        let name = try identifier()
        switch current.keyword {
        case .rename:
            advance()
            try expect(.to)
            return AlterSchemaStatement(name, .renameTo(try identifier()))
        case .owner:
            advance()
            try expect(.to)
            return AlterSchemaStatement(name, .ownerTo(try identifier()))
        case .quota:
            advance()
            return AlterSchemaStatement(name, .quota(try quota()))
        default: throw syntaxError()
        }
    }

    // MARK: Cursors

    mutating func declareStatement() throws(SQLError) -> CursorStatement {
        advance()
        let name = try identifier()
        if currentWord == "binary" { throw unsupported("DECLARE BINARY CURSOR") }
        if currentWord == "insensitive" { advance() }
        if currentWord == "scroll" { throw unsupported("DECLARE SCROLL CURSOR") }
        if take(.no) {
            guard currentWord == "scroll" else { throw syntaxError() }
            advance()
        }
        guard currentWord == "cursor" else { throw syntaxError() }
        advance()
        if at(.with) { throw unsupported("DECLARE CURSOR WITH HOLD") }
        if take(.without) {
            guard currentWord == "hold" else { throw syntaxError() }
            advance()
        }
        try expect(.for)
        return .declare(name, try query())
    }

    /// FETCH and MOVE. A bare count (`fetch 100 in "c"`), which the guide does not list, is what PostgreSQL's ODBC driver sends
    /// when it reads through cursors.
    mutating func fetchStatement() throws(SQLError) -> CursorStatement {
        let isMove = currentWord == "move"
        advance()
        var fetch = CursorStatement.Fetch.next
        if take(.next) {
            fetch = .next
        } else if take(.all) {
            fetch = .all
        } else if currentWord == "forward" {
            advance()
            if take(.all) {
                fetch = .all
            } else if at(.integerLiteral) {
                fetch = .forward(try integer())
            }
        } else if at(.integerLiteral) {
            fetch = .forward(try integer())
        } else if let word = currentWord, Self.backward.contains(word), token(1).kind != .endOfInput,
            token(1).kind != .semicolon
        {
            throw SQLError(
                .objectNotInPrerequisiteState, "cursor can only scan forward", position: position.character)
        }
        _ = take(.from) || take(.in)
        let name = try identifier()
        return isMove ? .move(fetch, name) : .fetch(fetch, name)
    }

    private static let backward: Set<String> = ["backward", "prior", "first", "last", "absolute", "relative"]

    mutating func closeStatement() throws(SQLError) -> CursorStatement {
        advance()
        return take(.all) ? .close(nil) : .close(try identifier())
    }
}
