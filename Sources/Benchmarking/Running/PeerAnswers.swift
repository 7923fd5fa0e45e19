import Blueshift

/// Whether DuckDB's answer to a query is ours. Types differ in small things: AVG of a decimal keeps its argument's
/// scale with us (as with Redshift) and is a FLOAT there, CHAR is padded or not.
enum PeerAnswers {
    /// nil if they agree: as many rows, in the same order or, where the query leaves that open, in another one.
    static func difference(_ ours: [Row], _ theirs: [[String?]]) -> String? {
        guard ours.count == theirs.count else { return "\(ours.count) rows, DuckDB has \(theirs.count)" }
        let texts = ours.map { row in
            (0..<row.count).map { column in
                let value = row[column]
                return value.isNull ? nil : String(decoding: value.text(as: row.columns[column].type), as: UTF8.self)
            }
        }
        return difference(texts, theirs)
    }

    static func difference(_ ours: [[String?]], _ theirs: [[String?]]) -> String? {
        guard let first = zip(ours, theirs).enumerated().first(where: { !isSame($1.0, $1.1) }) else { return nil }
        var rest = theirs
        for row in ours {
            guard let place = rest.firstIndex(where: { isSame(row, $0) }) else {
                let text = row.map { $0 ?? "NULL" }.joined(separator: "|")
                return "row \(first.offset + 1) or later is \(text), which DuckDB has not"
            }
            rest.remove(at: place)
        }
        return nil
    }

    private static func isSame(_ ours: [String?], _ theirs: [String?]) -> Bool {
        ours.count == theirs.count && zip(ours, theirs).allSatisfy { isSame($0, $1) }
    }

    private static func isSame(_ ours: String?, _ theirs: String?) -> Bool {
        guard let ours, let theirs else { return ours == theirs }
        if ours == theirs { return true }
        guard let left = Double(ours), let right = Double(theirs) else {
            return trimmed(ours) == trimmed(theirs)
        }
        let digits = ours.contains("e") ? 0 : ours.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0
        // A decimal of ours may be the other's number cut to its scale.
        let rounding = digits > 0 ? power(10, -Double(digits)) : 0
        return abs(left - right) <= 1e-5 * max(abs(left), abs(right), 1e-9) + rounding
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return text
    }
}
