import SQLTypes

/// A hand-written parser over the tokens of one text: what all statement families share. The grammar itself is in the
/// extensions, one family a file.
///
/// After an error the parser is done for: its stacks hold what was open.
struct Parser {
    /// Levels of brackets, CASE, prefix operators and the like that may be open at once, and the height of an
    /// expression's tree: whoever walks a tree may recurse.
    static let nestingMaximum = 1_000
    /// What a subquery, a derived table or a join in parentheses counts for. These recurse, and in a build without
    /// optimisation one takes up to 16 KB of stack: 28 fit in the 512 KB of a Dispatch thread on Darwin.
    static let queryNestingCost = 35
    /// The same for OVER and WITHIN GROUP, at 21 KB.
    static let windowNestingCost = 46
    /// - Source: Redshift developer guide, "SQL commands": the maximum size of a single statement is 16 MB.
    static let statementBytesMaximum = 16 << 20

    let bytes: UnsafeBufferPointer<UInt8>
    let tokens: [Token]
    var index = 0
    /// What is open, in levels. The outermost query is free.
    var openLevels = -queryNestingCost
    /// The greatest n of `$n` in the statement.
    var parameterCount = 0
    /// Height of the tallest expression of the query that is being read.
    var tallest = 0

    /// The first token of the statement that is being read.
    var statementStart = 0
    /// Bytes of the statement's passwords.
    var secrets: [Range<Int>] = []

    /// The parentheses in a row that were looked at last, so that a thousand of them are not counted a thousand times.
    var parenthesisRun = 0..<0

    // The stacks of `expression()`, shared by all its activations: each uses what lies above its own floor.
    var frames: [Frame] = []
    var operands: [Operand] = []
    var operators: [PendingOperator] = []
    var calls: [FunctionCall] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(SQLError) {
        self.bytes = bytes
        var lexer = Lexer(bytes)
        lexer.run()
        tokens = lexer.tokens
        if let (what, start) = lexer.unterminated {
            let first = (tokens.lastIndex { $0.kind == .semicolon } ?? -1) + 1
            let isSecret = Parser.mayHoldPassword(tokens[first...])
            let rest = isSecret ? "***" : String(decoding: bytes[start...], as: UTF8.self)
            let place = tokens.last.map { Int($0.position) }
            let message = what == .comment ? what.rawValue : "\(what.rawValue) at or near \"\(rest)\""
            throw SQLError(.syntaxError, message, position: place)
        }
    }

    // MARK: Looking

    /// The token at hand. The last token is `endOfInput`, and is never passed.
    var current: Token { tokens[index] }

    func token(_ distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    var position: SourcePosition { current.source }

    func at(_ kind: Token.Kind) -> Bool { tokens[index].kind == kind }
    func at(_ keyword: Keyword) -> Bool { tokens[index].keyword == keyword }
    func at(_ first: Keyword, _ second: Keyword) -> Bool { at(first) && token(1).keyword == second }

    // MARK: Taking

    mutating func advance(_ count: Int = 1) { index = min(index + count, tokens.count - 1) }

    mutating func take(_ kind: Token.Kind) -> Bool {
        guard at(kind) else { return false }
        advance()
        return true
    }

    mutating func take(_ keyword: Keyword) -> Bool {
        guard at(keyword) else { return false }
        advance()
        return true
    }

    mutating func take(_ first: Keyword, _ second: Keyword) -> Bool {
        guard at(first, second) else { return false }
        advance(2)
        return true
    }

    mutating func take(_ first: Keyword, _ second: Keyword, _ third: Keyword) -> Bool {
        guard at(first, second), token(2).keyword == third else { return false }
        advance(3)
        return true
    }

    mutating func expect(_ kind: Token.Kind) throws(SQLError) {
        guard take(kind) else { throw syntaxError() }
    }

    mutating func expect(_ keyword: Keyword) throws(SQLError) {
        guard take(keyword) else { throw syntaxError() }
    }

    // MARK: Small pieces

    /// A name of something: any word but a reserved one, or anything in quotes.
    mutating func identifier() throws(SQLError) -> Identifier {
        guard at(.word) && !current.isReserved || at(.quotedName) else { throw syntaxError() }
        return try anyIdentifier()
    }

    /// A name where only a name can stand (after AS or a point): reserved words too.
    mutating func anyIdentifier() throws(SQLError) -> Identifier {
        let token = current
        guard token.kind == .word || token.kind == .quotedName else { throw syntaxError() }
        let name = TokenText.name(token, bytes)
        if name.isEmpty {
            throw SQLError(.syntaxError, "zero-length delimited identifier", position: Int(token.position))
        }
        advance()
        return Identifier(name, at: token.source)
    }

    /// A word as text, whatever word.
    var currentWord: String? { at(.word) ? TokenText.name(current, bytes) : nil }

    mutating func qualifiedName() throws(SQLError) -> QualifiedName {
        var parts = [try identifier()]
        while take(.point) {
            parts.append(try anyIdentifier())
        }
        return try qualifiedName(parts)
    }

    func qualifiedName(_ parts: [Identifier]) throws(SQLError) -> QualifiedName {
        switch parts.count {
        case 1: return QualifiedName(parts[0])
        case 2: return QualifiedName(schema: parts[0], parts[1])
        case 3: return QualifiedName(database: parts[0], schema: parts[1], parts[2])
        default:
            let name = parts.map(\.name).joined(separator: ".")
            throw SQLError(
                .syntaxError, "improper qualified name (too many dotted names): \(name)",
                position: parts.first?.position.character)
        }
    }

    /// `(a, b)`.
    mutating func identifierList() throws(SQLError) -> [Identifier] {
        try expect(.leftParenthesis)
        var names = [try identifier()]
        while take(.comma) { names.append(try identifier()) }
        try expect(.rightParenthesis)
        return names
    }

    mutating func stringBytes() throws(SQLError) -> [UInt8] {
        guard at(.string) || at(.dollarString) else { throw syntaxError() }
        let text = TokenText.string(current, bytes)
        // The escapes of E'…' can make any byte.
        if UTF8Bytes.firstInvalidOffset(in: text.span) != nil || text.contains(0) {
            throw SQLError(
                .characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"",
                position: position.character)
        }
        advance()
        return text
    }

    mutating func string() throws(SQLError) -> String { String(decoding: try stringBytes(), as: UTF8.self) }

    /// An integer with an optional sign.
    mutating func integer() throws(SQLError) -> Int64 {
        let isNegative = at(.minusSign)
        if isNegative || at(.plus) { advance() }
        guard at(.integerLiteral) else { throw syntaxError() }
        guard case .integer(let value) = try TokenText.number(current, bytes) else {
            throw SQLError(
                .numericValueOutOfRange, "value \"\(text(of: current))\" is out of range for type bigint",
                position: position.character)
        }
        advance()
        return isNegative ? -value : value
    }

    // MARK: Errors

    func text(of token: Token) -> String {
        String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }

    /// In PostgreSQL's words; of the token at hand.
    func syntaxError() -> SQLError { syntaxError(at: current) }

    func syntaxError(at token: Token) -> SQLError {
        let message =
            token.kind == .endOfInput
            ? "syntax error at end of input" : "syntax error at or near \"\(shown(token))\""
        return SQLError(.syntaxError, message, position: Int(token.position))
    }

    /// Anything in the place of a password is none of a message's business.
    private func shown(_ token: Token) -> String {
        let isName = token.kind == .word || token.kind == .semicolon
        return !isName && Parser.mayHoldPassword(tokens[statementStart...]) ? "***" : text(of: token)
    }

    /// CREATE USER, ALTER USER.
    private static func mayHoldPassword(_ tokens: ArraySlice<Token>) -> Bool {
        guard let first = tokens.first, first.keyword == .create || first.keyword == .alter else { return false }
        return tokens.dropFirst().first?.keyword == .user
    }

    func unsupported(_ feature: String) -> SQLError { .unsupported(feature, at: position.character) }

    func tooComplex() -> SQLError {
        SQLError(
            .statementTooComplex, "statement is too complex",
            detail: "More than \(Self.nestingMaximum) levels are nested; a query counts for \(Self.queryNestingCost).",
            position: position.character)
    }

    /// Must be balanced by `leave`, unless the parser gives up.
    mutating func enter(_ cost: Int = 1) throws(SQLError) {
        openLevels += cost
        if openLevels > Self.nestingMaximum { throw tooComplex() }
    }

    mutating func leave(_ cost: Int = 1) { openLevels -= cost }
}
