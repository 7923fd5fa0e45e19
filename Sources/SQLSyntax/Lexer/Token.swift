/// What the lexer makes of the text: a range of its bytes, and what kind of thing stands there.
struct Token {
    enum Kind: UInt8 {
        /// A name or keyword without quotes.
        case word
        case quotedName
        case string, dollarString
        case integerLiteral
        /// With a point, without an exponent.
        case decimalLiteral
        case doubleLiteral
        /// `$1`.
        case parameter

        case leftParenthesis, rightParenthesis, leftBracket, rightBracket
        case comma, semicolon, point, colon, typecast
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case plus, minusSign, star, slash, percentSign, caret
        case concatenate, ampersand, pipe, hash, shiftLeft, shiftRight, tilde, atSign, squareRoot, cubeRoot
        case match, matchNot, matchFolded, matchFoldedNot, likeSign, likeNot, ilikeSign, ilikeNot
        /// A byte that begins no token.
        case unknown
        case endOfInput
    }

    var kind: Kind
    /// `notAKeyword` for all but `word`.
    var keyword: Keyword
    var isReserved: Bool
    /// Bytes of the text, `end` excluded.
    var start: Int32
    var end: Int32
    /// 1-based, in Unicode scalars.
    var position: Int32
    /// For a left parenthesis, the token that closes it; -1 when nothing does, or for other tokens.
    var partner: Int32 = -1

    var source: SourcePosition { SourcePosition(Int(position)) }
}
