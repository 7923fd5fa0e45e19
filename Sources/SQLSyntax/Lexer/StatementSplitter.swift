/// Cuts a script that arrives in pieces into statements, at semicolons that stand in no quote, comment or parenthesis.
/// A statement's text is untouched, its semicolon left out; what holds only blanks and comments is dropped.
///
/// It looks at brackets of text only, so that a shell can run a file of any size as it comes; what a statement means, and
/// whether it is one, the parser says.
package struct StatementSplitter: Sendable {
    private enum State: Equatable {
        case text
        /// Of a string or a quoted name: the quote that ends it.
        case quoted(UInt8)
        case lineComment
        case blockComment(depth: Int)
        /// Between `$tag$` and the same again.
        case dollarQuoted(tag: [UInt8])
    }

    private var state = State.text
    private var parentheses = 0
    private var pending: [UInt8] = []
    /// Where in `pending` the statement in hand begins, and how far it has been looked at.
    private var start = 0
    private var position = 0
    /// Something other than blanks and comments is pending.
    private var hasContent = false

    package init() {}

    /// True while a statement has begun that no semicolon has ended.
    package var isInsideStatement: Bool { hasContent || state != .text }

    /// The statements that these bytes complete.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        pending.append(contentsOf: bytes)
        var statements: [[UInt8]] = []
        // The last byte may be the first half of `--`, `/*`, `*/` or a dollar quote: it waits for the next.
        while position + 1 < pending.count, scan(isLast: false, &statements) {}
        pending.removeSubrange(..<start)
        position -= start
        start = 0
        return statements
    }

    /// The last statement, which needs no semicolon; nil if nothing is left.
    package mutating func finish() -> [[UInt8]] {
        var statements: [[UInt8]] = []
        while position < pending.count, scan(isLast: true, &statements) {}
        if hasContent { statements.append(Array(pending[start...])) }
        self = StatementSplitter()
        return statements
    }

    /// Goes on by one token of brackets or one byte. False if more bytes are needed.
    private mutating func scan(isLast: Bool, _ statements: inout [[UInt8]]) -> Bool {
        let byte = pending[position]
        let next: UInt8 = position + 1 < pending.count ? pending[position + 1] : 0
        switch state {
        case .text: return scanText(byte, next, isLast, &statements)
        case .quoted(let quote):
            if byte == quote {
                state = .text
            } else if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "'") {
                // `\'` and `\\` do not end a string.
                position += 1
            }
        case .lineComment:
            if byte == UInt8(ascii: "\n") { state = .text }
        case .blockComment(let depth):
            if byte == UInt8(ascii: "/") && next == UInt8(ascii: "*") {
                state = .blockComment(depth: depth + 1)
                position += 1
            } else if byte == UInt8(ascii: "*") && next == UInt8(ascii: "/") {
                state = depth == 1 ? .text : .blockComment(depth: depth - 1)
                position += 1
            }
        case .dollarQuoted(let tag):
            guard byte == UInt8(ascii: "$") else { break }
            if !isLast && pending.count - position < tag.count { return false }
            if pending[position...].starts(with: tag) {
                state = .text
                position += tag.count - 1
            }
        }
        position += 1
        return true
    }

    private mutating func scanText(
        _ byte: UInt8, _ next: UInt8, _ isLast: Bool, _ statements: inout [[UInt8]]
    ) -> Bool {
        switch byte {
        case UInt8(ascii: ";") where parentheses == 0:
            if hasContent { statements.append(Array(pending[start..<position])) }
            position += 1
            start = position
            hasContent = false
            return true
        case UInt8(ascii: "'"), UInt8(ascii: "\""): state = .quoted(byte)
        case UInt8(ascii: "-") where next == byte:
            state = .lineComment
            position += 2
            return true
        case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
            state = .blockComment(depth: 1)
            position += 2
            return true
        case UInt8(ascii: "$"):
            switch dollarTag(isLast: isLast) {
            case .tag(let tag):
                state = .dollarQuoted(tag: tag)
                position += tag.count - 1
            case .needsMore: return false
            case .none: break
            }
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses = max(0, parentheses - 1)
        default: break
        }
        if !(byte == 0x20 || (0x09...0x0D).contains(byte)) { hasContent = true }
        position += 1
        return true
    }

    private enum DollarTag { case tag([UInt8]), none, needsMore }

    /// `$$` or `$name$` at the position; a `$1` or a dollar inside a name is none.
    private func dollarTag(isLast: Bool) -> DollarTag {
        if position > start, isName(pending[position - 1]) { return .none }
        var end = position + 1
        while end < pending.count, isName(pending[end]) { end += 1 }
        guard end < pending.count else { return isLast ? .none : .needsMore }
        guard pending[end] == UInt8(ascii: "$"), !(0x30...0x39).contains(pending[position + 1]) else { return .none }
        return .tag(Array(pending[position...end]))
    }

    private func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39, 0x5F, 0x80...:
            true
        default: false
        }
    }
}
