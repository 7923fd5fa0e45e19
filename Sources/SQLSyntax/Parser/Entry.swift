package import SQLTypes

/// The statements of a text, which semicolons separate; empty ones are left out.
/// - Complexity: linear in the text.
package func parseStatements(_ text: String) throws(SQLError) -> [ParsedStatement] {
    try parseStatements(utf8: Array(text.utf8))
}

/// As `parseStatements(_:)`, of bytes that came from outside: what is not UTF-8 is refused (22021).
package func parseStatements(utf8: [UInt8]) throws(SQLError) -> [ParsedStatement] {
    try withParser(utf8) { (parser) throws(SQLError) in try parser.statements() }
}

/// Exactly one statement, with or without a semicolon after it.
package func parseStatement(_ text: String) throws(SQLError) -> ParsedStatement {
    let statements = try parseStatements(text)
    if statements.count > 1 {
        throw SQLError(
            .syntaxError, "cannot insert multiple commands into a prepared statement",
            position: statements[1].position.character)
    }
    guard let statement = statements.first else {
        throw SQLError(.syntaxError, "syntax error at end of input", position: text.unicodeScalars.count + 1)
    }
    return statement
}

/// One expression and nothing else: a stored DEFAULT, a test.
package func parseExpression(_ text: String) throws(SQLError) -> Expression {
    try withParser(Array(text.utf8)) { (parser) throws(SQLError) in
        let expression = try parser.expression()
        guard parser.at(.endOfInput) else { throw parser.syntaxError() }
        return expression
    }
}

/// Whether a shell's buffer is ready to run: a semicolon ends it, and no quote, comment or parenthesis is open.
/// A buffer of blanks and comments alone is not.
package func isCompleteInput(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        guard bytes.count <= Int32.max else { return true }
        var lexer = Lexer(bytes)
        lexer.run()
        return lexer.unterminated == nil && lexer.endsWithSemicolon
    }
}

func withParser<Result>(
    _ utf8: [UInt8], _ body: (inout Parser) throws(SQLError) -> Result
) throws(SQLError) -> Result {
    try utf8.withUnsafeBufferPointer { (bytes) throws(SQLError) in
        // Token offsets are 32-bit.
        guard bytes.count < Int32.max else { throw statementTooLarge(bytes.count, at: nil) }
        try checkEncoding(bytes)
        var parser = try Parser(bytes)
        return try body(&parser)
    }
}

private func statementTooLarge(_ size: Int, at position: Int?) -> SQLError {
    SQLError(
        .programLimitExceeded, "statement is too large",
        detail: "It has \(size) bytes; the limit is \(Parser.statementBytesMaximum).", position: position)
}

extension Parser {
    mutating func statements() throws(SQLError) -> [ParsedStatement] {
        var statements: [ParsedStatement] = []
        while !at(.endOfInput) {
            if take(.semicolon) { continue }
            statements.append(try parsedStatement())
            guard at(.endOfInput) || at(.semicolon) else { throw syntaxError() }
        }
        return statements
    }

    private mutating func parsedStatement() throws(SQLError) -> ParsedStatement {
        let first = current
        try checkSize()
        parameterCount = 0
        secrets = []
        statementStart = index
        let statement = try statement()
        let end = index > 0 ? Int(tokens[index - 1].end) : Int(first.end)
        return ParsedStatement(
            statement, at: first.source, range: Int(first.start)..<max(end, Int(first.end)),
            parameterCount: parameterCount, secrets: secrets)
    }

    /// A text that is short enough needs no look at where its statements end.
    private func checkSize() throws(SQLError) {
        guard bytes.count > Self.statementBytesMaximum else { return }
        let start = Int(current.start)
        var last = index
        while tokens[last].kind != .semicolon, tokens[last].kind != .endOfInput { last += 1 }
        let size = Int(tokens[last].start) - start
        if size > Self.statementBytesMaximum { throw statementTooLarge(size, at: position.character) }
    }
}
