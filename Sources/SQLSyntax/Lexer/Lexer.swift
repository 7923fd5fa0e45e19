import SQLTypes

/// Cuts a text into tokens in one pass over its bytes. Blanks and comments leave no token.
///
/// What a literal or name means is not worked out here: the parser asks `TokenText` for the few that it needs.
struct Lexer {
    /// Why the text ends in the middle of a token.
    enum Unterminated: String {
        case string = "unterminated quoted string", name = "unterminated quoted identifier"
        case dollarString = "unterminated dollar-quoted string", comment = "unterminated /* comment"
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let keywords = KeywordTable.shared
    private var offset = 0
    /// Continuation bytes of UTF-8 before `countedTo`: what the byte offset is ahead of the scalar offset.
    private var continuationBytes = 0
    private var countedTo = 0
    private let isASCII: Bool
    private var openParentheses: [Int32] = []
    private(set) var tokens: [Token] = []
    private(set) var unterminated: (what: Unterminated, start: Int)?

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        isASCII = bytes.allSatisfy { $0 < 0x80 }
        tokens.reserveCapacity(bytes.count / 4 + 8)
    }

    /// A semicolon ends the text, outside all parentheses.
    private(set) var endsWithSemicolon = false

    /// Reads the whole text. The last token is `endOfInput`; where a token is unterminated, the text ends before it.
    mutating func run() {
        while skipBlanks(), offset < bytes.count, unterminated == nil {
            readToken()
        }
        let end = unterminated?.start ?? bytes.count
        offset = end
        endsWithSemicolon = tokens.last?.kind == .semicolon && openParentheses.isEmpty
        append(.endOfInput, from: end)
    }

    /// 1-based place of a byte, in scalars. Places must be asked for in ascending order.
    private mutating func position(ofByte start: Int) -> Int32 {
        if isASCII { return Int32(start + 1) }
        while countedTo < start {
            if bytes[countedTo] & 0xC0 == 0x80 { continuationBytes += 1 }
            countedTo += 1
        }
        return Int32(start - continuationBytes + 1)
    }

    private mutating func append(
        _ kind: Token.Kind, from start: Int, keyword: Keyword = .notAKeyword, isReserved: Bool = false
    ) {
        tokens.append(
            Token(
                kind: kind, keyword: keyword, isReserved: isReserved, start: Int32(start), end: Int32(offset),
                position: position(ofByte: start)))
    }

    private func peek(_ distance: Int = 0) -> UInt8 {
        let place = offset + distance
        return place < bytes.count ? bytes[place] : 0
    }

    /// False when a comment does not end.
    private mutating func skipBlanks() -> Bool {
        while offset < bytes.count {
            let byte = bytes[offset]
            if isBlank(byte) {
                offset += 1
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                skipLine()
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                guard skipBlockComment() else { return false }
            } else {
                return true
            }
        }
        return true
    }

    private mutating func skipLine() {
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
    }

    /// Block comments nest.
    private mutating func skipBlockComment() -> Bool {
        let start = offset
        var depth = 0
        while offset < bytes.count {
            if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                offset += 2
            } else if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                offset += 2
                if depth == 0 { return true }
            } else {
                offset += 1
            }
        }
        unterminated = (.comment, start)
        return false
    }

    private mutating func readToken() {
        let byte = bytes[offset]
        if lowercased(byte) == UInt8(ascii: "e"), peek(1) == UInt8(ascii: "'") {
            readEscapeString()
        } else if isNameStart(byte) {
            readWord()
        } else if isDigit(byte) || byte == UInt8(ascii: ".") && isDigit(peek(1)) {
            readNumber()
        } else if byte == UInt8(ascii: "'") {
            readString()
        } else if byte == UInt8(ascii: "\"") {
            readQuotedName()
        } else if byte == UInt8(ascii: "$") {
            readDollar()
        } else if byte == UInt8(ascii: "#"), isNameStart(peek(1)), !lastTokenEndsOperand {
            readWord()
        } else {
            readSymbol()
        }
    }

    /// After an operand `#` is the operator XOR, elsewhere it begins the name of a temporary table.
    private var lastTokenEndsOperand: Bool {
        guard let last = tokens.last else { return false }
        switch last.kind {
        case .word: return last.keyword == .notAKeyword
        case .quotedName, .string, .dollarString, .integerLiteral, .decimalLiteral, .doubleLiteral, .parameter,
            .rightParenthesis:
            return true
        default: return false
        }
    }

    private mutating func readWord() {
        let start = offset
        var hash = KeywordTable.step(0, lowercased(bytes[offset]))
        offset += 1
        while offset < bytes.count, isNamePart(bytes[offset]) {
            hash = KeywordTable.step(hash, lowercased(bytes[offset]))
            offset += 1
        }
        if let found = keywords.find(bytes[start..<offset], hash: hash) {
            append(.word, from: start, keyword: found.keyword, isReserved: found.isReserved)
        } else {
            append(.word, from: start)
        }
    }

    private mutating func skipDigits() {
        while isDigit(peek()) { offset += 1 }
    }

    private mutating func readNumber() {
        let start = offset
        var kind = Token.Kind.integerLiteral
        skipDigits()
        if peek() == UInt8(ascii: "."), peek(1) != UInt8(ascii: ".") {
            kind = .decimalLiteral
            offset += 1
            skipDigits()
        }
        if lowercased(peek()) == UInt8(ascii: "e") {
            let hasSign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
            if isDigit(peek(hasSign ? 2 : 1)) {
                kind = .doubleLiteral
                offset += hasSign ? 2 : 1
                skipDigits()
            }
        }
        append(kind, from: start)
    }

    /// A string and those that continue it: only blanks and `--` comments, with a line break, between them.
    private mutating func readString() {
        let start = offset
        var end: Int
        repeat {
            guard skipQuoted(UInt8(ascii: "'"), honoursBackslash: true) else {
                unterminated = (.string, start)
                return
            }
            end = offset
        } while skipToContinuation()
        offset = end
        append(.string, from: start)
    }

    /// From an opening quote past its closing one. A doubled quote is part of the text.
    private mutating func skipQuoted(_ quote: UInt8, honoursBackslash: Bool) -> Bool {
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == quote {
                if peek(1) != quote {
                    offset += 1
                    return true
                }
                offset += 2
            } else if honoursBackslash, byte == UInt8(ascii: "\\"), TokenText.isEscapable(peek(1)) {
                offset += 2
            } else {
                offset += 1
            }
        }
        return false
    }

    /// `E'…'`: where it ends is told by the same two escapes as of any string.
    private mutating func readEscapeString() {
        let start = offset
        offset += 1
        guard skipQuoted(UInt8(ascii: "'"), honoursBackslash: true) else {
            unterminated = (.string, start)
            return
        }
        append(.string, from: start)
    }

    private mutating func skipToContinuation() -> Bool {
        var sawLineBreak = false
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "'") { return sawLineBreak }
            if isBlank(byte) {
                sawLineBreak = sawLineBreak || byte == 0x0A || byte == 0x0D
                offset += 1
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                skipLine()
            } else {
                return false
            }
        }
        return false
    }

    private mutating func readQuotedName() {
        let start = offset
        guard skipQuoted(UInt8(ascii: "\""), honoursBackslash: false) else {
            unterminated = (.name, start)
            return
        }
        append(.quotedName, from: start)
    }

    /// `$1`, `$$text$$` or `$tag$text$tag$`.
    private mutating func readDollar() {
        let start = offset
        offset += 1
        if isDigit(peek()) {
            skipDigits()
            append(.parameter, from: start)
            return
        }
        if isNameStart(peek()) {
            while isNamePart(peek()), peek() != UInt8(ascii: "$") { offset += 1 }
        }
        guard peek() == UInt8(ascii: "$") else {
            offset = start + 1
            append(.unknown, from: start)
            return
        }
        offset += 1
        let tag = bytes[start..<offset]
        while offset + tag.count <= bytes.count {
            if bytes[offset] == UInt8(ascii: "$"), bytes[offset..<(offset + tag.count)].elementsEqual(tag) {
                offset += tag.count
                append(.dollarString, from: start)
                return
            }
            offset += 1
        }
        unterminated = (.dollarString, start)
    }

    private mutating func readSymbol() {
        let start = offset
        let (kind, length) = symbol(peek(), peek(1), peek(2), peek(3))
        offset += length
        if kind == .unknown {
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        append(kind, from: start)
        if kind == .leftParenthesis {
            openParentheses.append(Int32(tokens.count - 1))
        } else if kind == .rightParenthesis, let open = openParentheses.popLast() {
            tokens[Int(open)].partner = Int32(tokens.count - 1)
        }
    }

    /// The longest symbol that these bytes begin with.
    private func symbol(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> (Token.Kind, length: Int) {
        switch a {
        case UInt8(ascii: "("): (.leftParenthesis, 1)
        case UInt8(ascii: ")"): (.rightParenthesis, 1)
        case UInt8(ascii: "["): (.leftBracket, 1)
        case UInt8(ascii: "]"): (.rightBracket, 1)
        case UInt8(ascii: ","): (.comma, 1)
        case UInt8(ascii: ";"): (.semicolon, 1)
        case UInt8(ascii: "."): (.point, 1)
        case UInt8(ascii: ":"): b == UInt8(ascii: ":") ? (.typecast, 2) : (.colon, 1)
        case UInt8(ascii: "="): (.equal, 1)
        case UInt8(ascii: "+"): (.plus, 1)
        case UInt8(ascii: "-"): (.minusSign, 1)
        case UInt8(ascii: "*"): (.star, 1)
        case UInt8(ascii: "/"): (.slash, 1)
        case UInt8(ascii: "%"): (.percentSign, 1)
        case UInt8(ascii: "^"): (.caret, 1)
        case UInt8(ascii: "&"): (.ampersand, 1)
        case UInt8(ascii: "#"): (.hash, 1)
        case UInt8(ascii: "@"): (.atSign, 1)
        case UInt8(ascii: "<"), UInt8(ascii: ">"): comparisonSymbol(a, b)
        case UInt8(ascii: "|"): pipeSymbol(b, c)
        case UInt8(ascii: "~"), UInt8(ascii: "!"): matchSymbol(a, b, c, d)
        default: (.unknown, 1)
        }
    }

    private func comparisonSymbol(_ a: UInt8, _ b: UInt8) -> (Token.Kind, length: Int) {
        if a == UInt8(ascii: "<") {
            switch b {
            case UInt8(ascii: "="): return (.lessOrEqual, 2)
            case UInt8(ascii: ">"): return (.notEqual, 2)
            case UInt8(ascii: "<"): return (.shiftLeft, 2)
            default: return (.less, 1)
            }
        }
        switch b {
        case UInt8(ascii: "="): return (.greaterOrEqual, 2)
        case UInt8(ascii: ">"): return (.shiftRight, 2)
        default: return (.greater, 1)
        }
    }

    private func pipeSymbol(_ b: UInt8, _ c: UInt8) -> (Token.Kind, length: Int) {
        if b == UInt8(ascii: "|") {
            return c == UInt8(ascii: "/") ? (.cubeRoot, 3) : (.concatenate, 2)
        }
        return b == UInt8(ascii: "/") ? (.squareRoot, 2) : (.pipe, 1)
    }

    private func matchSymbol(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> (Token.Kind, length: Int) {
        let tilde = UInt8(ascii: "~"), star = UInt8(ascii: "*")
        if a == UInt8(ascii: "!") {
            if b == UInt8(ascii: "=") { return (.notEqual, 2) }
            if b != tilde { return (.unknown, 1) }
            if c == tilde { return d == star ? (.ilikeNot, 4) : (.likeNot, 3) }
            return c == star ? (.matchFoldedNot, 3) : (.matchNot, 2)
        }
        if b == tilde { return c == star ? (.ilikeSign, 3) : (.likeSign, 2) }
        return b == star ? (.matchFolded, 2) : (.tilde, 1)
    }
}

@inline(__always)
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

@inline(__always)
func isNameStart(_ byte: UInt8) -> Bool { lowercased(byte) &- 0x61 < 26 || byte == UInt8(ascii: "_") || byte >= 0x80 }

@inline(__always)
func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$") }
