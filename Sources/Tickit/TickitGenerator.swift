package import Ingest
package import SQLTypes

/// Makes a sample database of TICKIT's shape: same tables, row counts, key ranges and relations, with rows of its own.
/// The same seed gives the same text on every platform and in every run.
///
/// Two columns are uneven on purpose, for the lesson on skewed keys: a quarter of the users live in `CA`, so that
/// DISTKEY(state) leaves slices empty and one overfull, and one event (`popularEventID`) has a sixteenth of all
/// listings.
package struct TickitGenerator: Sendable {
    package static let standardSeed: UInt64 = 2_008
    /// The event that everybody wants to see.
    package static let popularEventID = 1_301

    private let model: TickitModel

    /// Makes the keys of all rows: some 10 MB.
    package init(seed: UInt64 = TickitGenerator.standardSeed) { model = TickitModel(seed: seed) }

    /// Writes the parts of all tables, as gzip text with `;` between fields.
    package func write(to store: any ObjectStore, bucket: String = TickitTable.bucket) throws(SQLError) {
        for table in TickitTable.allCases { try write(table, to: store, bucket: bucket) }
    }

    /// Writes the parts of one table.
    package func write(
        _ table: TickitTable, to store: any ObjectStore, bucket: String = TickitTable.bucket
    ) throws(SQLError) {
        for part in 0..<table.partCount {
            let address = ObjectAddress(bucket: bucket, key: table.key(ofPart: part))
            // Level 1: these files are made while somebody waits, and read once.
            let writer = try GzipWriter(to: try store.create(address), level: 1)
            try writer.write(text(of: table, part: part))
            try writer.finish()
        }
    }

    /// The text of one part, not compressed.
    package func text(of table: TickitTable, part: Int) -> [UInt8] {
        precondition((0..<table.partCount).contains(part), "part \(part) of \(table.partCount)")
        let rows = part * table.rowCount / table.partCount..<(part + 1) * table.rowCount / table.partCount
        var text = RowText()
        switch table {
        case .category: model.writeCategories(rows, to: &text)
        case .date: model.writeDates(rows, to: &text)
        case .venue: model.writeVenues(rows, to: &text)
        case .users: model.writeUsers(rows, to: &text)
        case .event: model.writeEvents(rows, to: &text)
        case .listing: model.writeListings(rows, to: &text)
        case .sales: model.writeSales(rows, to: &text)
        }
        return text.bytes
    }
}

/// Delimited text in the making.
struct RowText {
    private(set) var bytes: [UInt8] = []
    private var isAtRowStart = true

    init() { bytes.reserveCapacity(2 << 20) }

    private mutating func separate() {
        if !isAtRowStart { bytes.append(UInt8(ascii: ";")) }
        isAtRowStart = false
    }

    mutating func add(_ value: some BinaryInteger) {
        separate()
        TextWriter.append(Int64(value), to: &bytes)
    }

    mutating func add(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func add(utf8 text: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
    }

    mutating func addNull() { separate() }

    /// 12345 as 123.45.
    mutating func add(cents: Int) {
        separate()
        TextWriter.append(Int128(cents), scale: 2, to: &bytes)
    }

    mutating func add(date days: Int32) {
        separate()
        TextWriter.append(date: days, to: &bytes)
    }

    /// `YYYY-MM-DD HH:MI:SS`
    mutating func add(date days: Int32, second: Int) {
        separate()
        TextWriter.append(timestamp: (Int64(days) * 86_400 + Int64(second)) * 1_000_000, to: &bytes)
    }

    mutating func add(_ flag: Bool?) {
        switch flag {
        case true?: add("TRUE")
        case false?: add("FALSE")
        case nil: addNull()
        }
    }

    mutating func endRow() {
        bytes.append(UInt8(ascii: "\n"))
        isAtRowStart = true
    }
}
