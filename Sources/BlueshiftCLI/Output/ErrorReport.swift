import Blueshift

/// An error as psql shows it, with the line of the statement and a caret under the place:
///
///     ERROR:  column "pricepayd" does not exist
///     LINE 2: where pricepayd > 10
///                   ^
func errorReport(_ error: SQLError, statement: String) -> String {
    var lines = ["ERROR:  \(error.message)"]
    if let position = error.position { lines += caret(at: position, in: statement) }
    if let detail = error.detail { lines.append("DETAIL:  \(detail)") }
    if let hint = error.hint { lines.append("HINT:  \(hint)") }
    lines.append("SQLSTATE: \(error.state.code)")
    return lines.joined(separator: "\n")
}

/// - Parameter position: 1-based, in Unicode scalars; past the end points behind the last character.
private func caret(at position: Int, in statement: String) -> [String] {
    let scalars = Array(statement.unicodeScalars)
    guard position >= 1, position <= scalars.count + 1 else { return [] }
    let before = scalars[..<(position - 1)]
    let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let lineEnd = scalars[lineStart...].firstIndex(of: "\n") ?? scalars.count
    let number = before.count { $0 == "\n" } + 1
    let head = "LINE \(number): "
    // A long line is cut to what a terminal shows, the place in its middle.
    let widthShown = 100
    let from = position - 1 - lineStart > widthShown * 2 / 3 ? position - 1 - widthShown / 2 : lineStart
    let to = min(lineEnd, from + widthShown)
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: scalars[from..<to].map { $0 == "\t" ? " " : $0 })
    let indent = scalars[from..<(position - 1)].reduce(0) { $0 + displayWidth($1) }
    return [head + String(shown), spaces(head.count + indent) + "^"]
}
