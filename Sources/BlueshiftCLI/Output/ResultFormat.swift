import ArgumentParser
import Blueshift

/// `--format`.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json, markdown

    func makeWriter(to output: BufferedOutput, isExpanded: Bool = false) -> any ResultWriter {
        switch self {
        case .table: isExpanded ? ExpandedWriter(output: output) : TableWriter(output: output)
        case .csv: CSVWriter(output: output)
        case .json: JSONWriter(output: output)
        case .markdown: MarkdownWriter(output: output)
        }
    }
}

/// Prints one result as its rows arrive; none keeps more of it than a screenful.
protocol ResultWriter {
    mutating func begin(_ columns: [Column])
    /// One value per column; nil is NULL. Text as the server would send it.
    mutating func row(_ cells: [[UInt8]?])
    /// The same from a row of the result.
    mutating func row(_ row: Row, zone: SessionTimeZone)
    mutating func end(rowCount: Int)
    /// The query failed after `begin`: its error follows elsewhere.
    mutating func fail()
}

extension ResultWriter {
    mutating func row(_ row: Row, zone: SessionTimeZone) {
        self.row(
            (0..<row.count).map { column in
                var text: [UInt8] = []
                return row.appendText(of: column, zone: zone, to: &text) ? text : nil
            })
    }

    mutating func fail() {}
}
