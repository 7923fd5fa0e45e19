import Blueshift

/// RFC 4180 with a header line; NULL is an empty field, an empty string is `""`.
struct CSVWriter: ResultWriter {
    let output: BufferedOutput

    mutating func begin(_ columns: [Column]) { line(columns.map { Array($0.name.utf8) }) }
    mutating func row(_ cells: [[UInt8]?]) { line(cells) }
    mutating func end(rowCount: Int) {}

    /// Straight into the output's buffer: results of many rows are read by programs.
    mutating func row(_ row: Row, zone: SessionTimeZone) {
        output.fill { buffer in
            for column in 0..<row.count {
                if column > 0 { buffer.append(0x2C) }
                let start = buffer.count
                guard row.appendText(of: column, zone: zone, to: &buffer) else { continue }
                CSVWriter.quote(&buffer, from: start)
            }
            buffer.append(0x0A)
        }
    }

    private func line(_ cells: [[UInt8]?]) {
        output.fill { buffer in
            for (index, cell) in cells.enumerated() {
                if index > 0 { buffer.append(0x2C) }
                guard let cell else { continue }
                let start = buffer.count
                buffer.append(contentsOf: cell)
                CSVWriter.quote(&buffer, from: start)
            }
            buffer.append(0x0A)
        }
    }

    /// Puts quotes around the cell that begins at `start`, if it needs them.
    private static func quote(_ buffer: inout [UInt8], from start: Int) {
        guard needsQuotes(buffer, from: start) else { return }
        let cell = Array(buffer[start...])
        buffer.removeSubrange(start...)
        buffer.append(0x22)
        for byte in cell {
            if byte == 0x22 { buffer.append(0x22) }
            buffer.append(byte)
        }
        buffer.append(0x22)
    }

    private static func needsQuotes(_ buffer: [UInt8], from start: Int) -> Bool {
        var found = start == buffer.count
        for index in start..<buffer.count {
            let byte = buffer[index]
            found = found || byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D
        }
        return found
    }
}

/// One array of objects. Numbers and booleans are bare (a NaN or an infinity is a string), all else is a string.
struct JSONWriter: ResultWriter {
    let output: BufferedOutput
    private var columns: [Column] = []
    private var rowCount = 0

    init(output: BufferedOutput) { self.output = output }

    mutating func begin(_ columns: [Column]) {
        self.columns = columns
        output.write("[")
    }

    mutating func row(_ cells: [[UInt8]?]) {
        output.write(rowCount == 0 ? "\n {" : ",\n {")
        rowCount += 1
        for (index, (column, cell)) in zip(columns, cells).enumerated() {
            if index > 0 { output.write(", ") }
            output.write(jsonString(Array(column.name.utf8)))
            output.write(": ")
            output.write(value(cell, of: column.type))
        }
        output.write("}")
    }

    mutating func end(rowCount: Int) { output.line(rowCount == 0 ? "]" : "\n]") }

    /// What was printed is an array all the same.
    mutating func fail() { end(rowCount: rowCount) }

    private func value(_ cell: [UInt8]?, of type: SQLType) -> [UInt8] {
        guard let cell else { return Array("null".utf8) }
        if type == .boolean { return Array((cell == [0x74] ? "true" : "false").utf8) }
        let isNumber = type.isNumeric && (cell.last.map { (0x30...0x39).contains($0) } ?? false)
        return isNumber ? cell : jsonString(cell)
    }
}

/// A string literal of JSON (RFC 8259), its UTF-8 kept as it is.
func jsonString(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x22]
    for byte in text {
        switch byte {
        case 0x22, 0x5C: result += [0x5C, byte]
        case 0x0A: result += Array("\\n".utf8)
        case 0x0D: result += Array("\\r".utf8)
        case 0x09: result += Array("\\t".utf8)
        case 0..<0x20:
            let hexadecimal = Array("0123456789abcdef".utf8)
            result += Array("\\u00".utf8) + [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        default: result.append(byte)
        }
    }
    result.append(0x22)
    return result
}

/// A GitHub table; numbers to the right.
struct MarkdownWriter: ResultWriter {
    let output: BufferedOutput

    mutating func begin(_ columns: [Column]) {
        output.line("| " + columns.map { escaped($0.name) }.joined(separator: " | ") + " |")
        output.line("|" + columns.map { $0.type.isNumeric ? "---:" : "---" }.joined(separator: "|") + "|")
    }

    mutating func row(_ cells: [[UInt8]?]) {
        let texts = cells.map { $0.map { escaped(String(decoding: $0, as: UTF8.self)) } ?? "" }
        output.line("| " + texts.joined(separator: " | ") + " |")
    }

    mutating func end(rowCount: Int) {}

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "|": result += "\\|"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
