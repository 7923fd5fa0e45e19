/// A picture of dots in a terminal: each character holds 2 × 4 of them (Unicode block U+2800).
struct BrailleCanvas {
    let columns: Int
    let rows: Int
    private var cells: [UInt8]
    /// Characters that stand over the dots: marks of measured points.
    private var marks: [Int: Character] = [:]

    var width: Int { columns * 2 }
    var height: Int { rows * 4 }

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = [UInt8](repeating: 0, count: columns * rows)
    }

    /// - Parameters: 0, 0 is the lower left dot. What lies outside is not drawn.
    mutating func dot(_ x: Int, _ y: Int) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let fromTop = height - 1 - y
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        cells[fromTop / 4 * columns + x / 2] |= bits[fromTop % 4][x % 2]
    }

    mutating func mark(_ x: Int, _ y: Int, _ character: Character) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        marks[(height - 1 - y) / 4 * columns + x / 2] = character
    }

    var lines: [String] {
        (0..<rows).map { row in
            var line = ""
            for column in 0..<columns {
                let cell = row * columns + column
                if let mark = marks[cell] {
                    line.append(mark)
                } else if let scalar = Unicode.Scalar(0x2800 + UInt32(cells[cell])) {
                    line.append(cells[cell] == 0 ? " " : Character(scalar))
                }
            }
            return line
        }
    }
}
