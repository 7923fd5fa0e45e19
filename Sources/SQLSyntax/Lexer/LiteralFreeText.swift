/// What is left of a statement without its literals, blanks and comments: statements that differ in nothing else are alike.
package enum LiteralFreeText {
    /// Tokens with a blank between them, `?` for each number and string. Of text that ends inside a token: all of it.
    package static func of(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { bytes in
            var lexer = Lexer(bytes)
            lexer.run()
            guard lexer.unterminated == nil else { return Array(bytes) }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            for token in lexer.tokens where token.kind != .endOfInput {
                if !output.isEmpty { output.append(UInt8(ascii: " ")) }
                switch token.kind {
                case .string, .dollarString, .integerLiteral, .decimalLiteral, .doubleLiteral:
                    output.append(UInt8(ascii: "?"))
                default: output += bytes[Int(token.start)..<Int(token.end)]
                }
            }
            return output
        }
    }
}
