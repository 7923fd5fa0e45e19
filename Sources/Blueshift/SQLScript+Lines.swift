import SQLSyntax

extension SQLScript {
    /// A statement and where it stands.
    public struct Statement: Hashable, Sendable {
        /// From its first word on, without its semicolon: positions of errors count from there.
        public let text: String
        /// The line of its first word, from 1.
        public let line: Int
    }

    /// The statements of a whole text with their lines, for reports that lead back to a file. Blanks and comments before a
    /// statement are no part of it.
    /// - Complexity: linear in the text.
    public static func located(in text: String) -> [Statement] {
        var splitter = StatementSplitter()
        var statements: [Statement] = []
        var line = 0
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for part in lines {
            line += 1
            // With its line break, so that no semicolon of the line is still to be looked at behind it.
            let bytes = line < lines.count ? Array(part) + [UInt8(ascii: "\n")] : Array(part)
            for statement in splitter.append(bytes) { statements.append(Statement(statement, endingOn: line)) }
        }
        for statement in splitter.finish() { statements.append(Statement(statement, endingOn: line)) }
        return statements
    }
}

extension SQLScript.Statement {
    /// - Parameter bytes: all since the semicolon before it.
    fileprivate init(_ bytes: [UInt8], endingOn end: Int) {
        let first = SQLScript.Statement.firstWord(of: bytes)
        line = end - bytes[first...].count { $0 == UInt8(ascii: "\n") }
        var rest = bytes[first...]
        while let last = rest.last, last == 0x20 || (0x09...0x0D).contains(last) { rest.removeLast() }
        text = String(decoding: rest, as: UTF8.self)
    }

    /// Behind blanks and comments; comments in `/* */` may hold others.
    private static func firstWord(of bytes: [UInt8]) -> Int {
        var (place, depth) = (0, 0)
        while place < bytes.count {
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            switch (bytes[place], next) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                place += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")) where depth > 0:
                depth -= 1
                place += 2
            case _ where depth > 0: place += 1
            case (UInt8(ascii: "-"), UInt8(ascii: "-")):
                while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
            case (0x20, _), (0x09...0x0D, _): place += 1
            default: return place
            }
        }
        return place
    }
}
