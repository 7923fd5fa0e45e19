import Catalog
import QueryPlan
import SQLTypes

extension LoggedQuery {
    /// The plan by which a SHOW statement is answered, which stands in the log by itself.
    var isListing: Bool { summary.isPart && !usesNodes }
}

/// A piece of a statement's text.
struct TextPiece {
    let statement: QueryRecord
    /// From 0.
    let number: Int
    let text: SQLValue

    /// Line ends are written as `\n`, as in Redshift, and no character is cut.
    static func each(of statement: QueryRecord, bytes limit: Int = 200, _ body: (TextPiece) -> Void) {
        var piece: [UInt8] = []
        var number = 0
        func hand() {
            body(TextPiece(statement: statement, number: number, text: .string(piece)))
            number += 1
            piece.removeAll(keepingCapacity: true)
        }
        for scalar in statement.trace.text.unicodeScalars {
            let character =
                scalar == "\n" ? Array("\\n".utf8) : Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if piece.count + character.count > limit { hand() }
            piece += character
        }
        if !piece.isEmpty || number == 0 { hand() }
    }
}
