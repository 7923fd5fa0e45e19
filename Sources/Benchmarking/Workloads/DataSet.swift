/// A database that this module makes rows for: the same seed and scale give the same text everywhere and in every run.
package protocol DataSet: Sendable {
    /// `tpch`, `ssb`
    var name: String { get }
    var scale: Double { get }
    var seed: UInt64 { get }
    /// Changed whenever the same seed and scale would give other rows: data that was made before is made again.
    var version: Int { get }
    /// In an order in which each one's references come first.
    var tables: [DataTable] { get }

    /// Appends the text of some rows: as many lines as `unit`s, or several lines each (the lines of an order).
    /// - Parameter units: of the table's `unitCount`.
    func write(_ units: Range<Int>, of table: DataTable, to text: inout DataText)
}

/// A table of a data set.
package struct DataTable: Hashable, Sendable {
    package var name: String
    /// What is generated at a time: rows, but orders for the table of their lines.
    package var unitCount: Int
    /// Files that a generator spreads the rows over, contiguously and evenly.
    package var partCount: Int
    /// `CREATE TABLE`, with the keys that a Redshift user would choose.
    package var createStatement: String

    init(_ name: String, units: Int, parts: Int, _ createStatement: String) {
        self.name = name
        unitCount = units
        partCount = max(1, min(parts, units))
        self.createStatement = createStatement
    }

    /// What part `part` of `parts` holds.
    package func units(ofPart part: Int, of parts: Int) -> Range<Int> {
        precondition((0..<parts).contains(part), "part \(part) of \(parts)")
        return part * unitCount / parts..<(part + 1) * unitCount / parts
    }
}

extension DataSet {
    /// The text of one part as a whole, for tests and small tables.
    package func text(of table: DataTable, part: Int = 0, of parts: Int = 1) -> [UInt8] {
        var text = DataText()
        write(table.units(ofPart: part, of: parts), of: table, to: &text)
        return text.bytes
    }
}
