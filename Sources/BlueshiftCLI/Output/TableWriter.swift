import Blueshift

/// Rows as psql aligns them. Widths come from the header and the first rows, so that a result of any size can be printed as
/// it arrives; a later cell that is wider sticks out.
struct TableWriter: ResultWriter {
    static let rowsMeasured = 1_000
    let output: BufferedOutput
    private var columns: [Column] = []
    private var waiting: [[[UInt8]?]] = []
    private var widths: [Int]?

    init(output: BufferedOutput) { self.output = output }

    mutating func begin(_ columns: [Column]) { self.columns = columns }

    mutating func row(_ cells: [[UInt8]?]) {
        guard let widths else {
            waiting.append(cells)
            if waiting.count == TableWriter.rowsMeasured { printWaiting() }
            return
        }
        print(cells, widths)
    }

    mutating func end(rowCount: Int) {
        if widths == nil { printWaiting() }
        output.line("(\(rowCount) row\(rowCount == 1 ? "" : "s"))")
        output.line()
    }

    private mutating func printWaiting() {
        var widths = columns.map { displayWidth(Array($0.name.utf8)) }
        for cells in waiting {
            for (index, cell) in cells.enumerated() where cell != nil {
                for line in lines(of: cell ?? []) { widths[index] = max(widths[index], displayWidth(Array(line))) }
            }
        }
        self.widths = widths
        printHeader(widths)
        for cells in waiting { print(cells, widths) }
        waiting = []
    }

    private func printHeader(_ widths: [Int]) {
        var names: [UInt8] = []
        var rule: [UInt8] = []
        for (index, column) in columns.enumerated() {
            let surplus = widths[index] - displayWidth(Array(column.name.utf8))
            if index > 0 {
                names.append(contentsOf: "|".utf8)
                rule.append(contentsOf: "+".utf8)
            }
            names.append(contentsOf: " \(spaces(surplus / 2))\(column.name)\(spaces(surplus - surplus / 2)) ".utf8)
            rule.append(contentsOf: String(repeating: "-", count: widths[index] + 2).utf8)
        }
        output.write(names)
        output.line()
        output.write(rule)
        output.line()
    }

    /// A cell with line breaks goes on below itself, marked with `+` as psql does.
    private func print(_ cells: [[UInt8]?], _ widths: [Int]) {
        let parts = cells.map { lines(of: $0 ?? []) }
        for line in 0..<(parts.map(\.count).max() ?? 1) {
            for (index, part) in parts.enumerated() {
                let text = line < part.count ? Array(part[line]) : []
                let padding = spaces(widths[index] - displayWidth(text))
                let mark = line + 1 < part.count ? "+" : " "
                if index > 0 { output.write("|") }
                output.write(" ")
                if columns[index].type.isNumeric { output.write(padding) }
                output.write(text)
                if !columns[index].type.isNumeric && (index + 1 < parts.count || mark == "+") { output.write(padding) }
                if index + 1 < parts.count || mark == "+" { output.write(mark) }
            }
            output.line()
        }
    }

    private func lines(of cell: [UInt8]) -> [ArraySlice<UInt8>] {
        cell.split(separator: 0x0A, omittingEmptySubsequences: false)
    }
}

/// One line per column, as psql's `\x` shows a row.
struct ExpandedWriter: ResultWriter {
    let output: BufferedOutput
    private var columns: [Column] = []
    private var number = 0

    init(output: BufferedOutput) { self.output = output }

    mutating func begin(_ columns: [Column]) { self.columns = columns }

    mutating func row(_ cells: [[UInt8]?]) {
        number += 1
        let width = columns.map { displayWidth(Array($0.name.utf8)) }.max() ?? 0
        output.line("-[ RECORD \(number) ]" + String(repeating: "-", count: max(0, width - 4)))
        for (column, cell) in zip(columns, cells) {
            output.write(column.name + spaces(width - displayWidth(Array(column.name.utf8))) + " | ")
            output.write(cell ?? [])
            output.line()
        }
    }

    mutating func end(rowCount: Int) {
        if rowCount == 0 { output.line("(0 rows)") }
        output.line()
    }
}

func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
