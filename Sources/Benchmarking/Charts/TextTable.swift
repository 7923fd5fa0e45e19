/// Rows of cells with their columns aligned: the first column to the left, the others to the right.
struct TextTable {
    private var rows: [[String]]
    private let leftAligned: Set<Int>

    init(_ titles: [String], leftAligned: Set<Int> = [0]) {
        rows = [titles]
        self.leftAligned = leftAligned
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count, "\(cells.count) cells for \(rows[0].count) columns")
        rows.append(cells)
    }

    /// Lines with a rule below the titles, two blanks between columns.
    var lines: [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return leftAligned.contains(column) ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ").trimmedAtEnd
        }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "──"), at: 1)
        return lines
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
