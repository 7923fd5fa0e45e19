import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A directory for one test, removed with the object.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/blueshift-storage-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SQLError(.ioError, "no temporary directory") }
        path = String(cString: made)
    }

    deinit { TemporaryDirectory.removeTree(path) }

    private static func removeTree(_ path: String) {
        for name in (try? names(path)) ?? [] { removeTree("\(path)/\(name)") }
        remove(path)
    }

    static func names(_ path: String) throws -> [String] {
        let files = try PosixFileLayer(root: path, openFilesMax: 4)
        return try files.list("")
    }

    func names(_ directory: String = "") throws -> [String] {
        try PosixFileLayer(root: path, openFilesMax: 4).list(directory)
    }

    /// Names of a slice's files and of their mirrors.
    func dataFiles(ofSlice slice: Int) throws -> [String] {
        try names("nodes").flatMap { try names("nodes/\($0)") }.filter { $0.hasPrefix("\(slice).") }.sorted()
    }

    /// The bytes of a file, for tests that damage them.
    func read(_ name: String) throws -> [UInt8] {
        let files = try PosixFileLayer(root: path, openFilesMax: 4)
        let size = try #require(try files.size(name))
        var bytes = [UInt8](repeating: 0, count: Int(size))
        try bytes.withUnsafeMutableBytes { try files.read(name, at: 0, into: $0) }
        return bytes
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        let files = try PosixFileLayer(root: path, openFilesMax: 4)
        try bytes.withUnsafeBytes { try files.write($0, to: name, at: 0) }
        try files.truncate(name, to: Int64(bytes.count))
    }
}

let testShape = ClusterShape(nodes: 2, slicesPerNode: 2)

/// In a cluster of that shape, or of one node with two slices.
func dataPath(_ table: TableID, slice: Int, file: Int = 1) -> String {
    "nodes/\(slice / 2)/\(slice).\(table.rawValue).\(file).dat"
}

/// In a cluster of that shape.
func mirrorPath(_ table: TableID, slice: Int, file: Int = 1) -> String {
    "nodes/\(1 - slice / 2)/\(slice).\(table.rawValue).\(file).mirror"
}

func testTable(_ name: String, id: TableID, sorted: Bool = false) -> TableDefinition {
    TableDefinition(
        id: id, name: TableName(schema: "public", name: name),
        columns: [
            ColumnDefinition(name: "id", type: .bigint, isNullable: false, encoding: .az64),
            ColumnDefinition(name: "note", type: .varchar(length: 100), defaultText: "'x'", encoding: .lzo),
            ColumnDefinition(
                name: "amount", type: .decimal(precision: 12, scale: 2), encoding: .mostly16, isEncodingDeclared: true),
        ],
        distribution: Distribution(.key(column: 0)), sortKey: sorted ? .compound([0]) : .none,
        constraints: [.primaryKey(name: nil, columns: [0])])
}

/// Rows `range`: id = row, note = `note <row mod 50>` or null in each seventh, amount = row × 3.
func testBatch(_ range: Range<Int>) -> Batch {
    let rows = Array(range)
    let text = rows.map { Array("note \($0 % 50)".utf8) }
    let owner = Buffer(text.flatMap { $0 })
    var next = owner.pointer(as: UInt8.self)
    var views: [StringView] = []
    for string in text {
        views.append(StringView(next, count: string.count))
        next += string.count
    }
    return Batch(
        columns: [
            Vector(kind: .int64, count: rows.count, form: .flat(Buffer(rows.map { Int64($0) }))),
            Vector(
                kind: .bytes, count: rows.count, form: .views(Buffer(views), owners: [owner]),
                validity: Buffer(rows.map { $0 % 7 == 0 ? UInt8(0) : 1 })),
            Vector(kind: .int64, count: rows.count, form: .flat(Buffer(rows.map { Int64($0) * 3 }))),
        ], count: rows.count)
}

/// Writes rows to a slice, in batches, without committing them.
func write(
    _ range: Range<Int>, of table: TableDefinition, to storage: ClusterStorage, slice: Int, isReplacing: Bool = false,
    allowsTail: Bool = false
) throws -> [RowGroupDescriptor] {
    let writer = try storage.slice(slice).makeWriter(
        for: table, isSorted: false, isReplacing: isReplacing, allowsTail: allowsTail)
    var start = range.lowerBound
    while start < range.upperBound {
        let end = min(start + 5_000, range.upperBound)
        try writer.append(testBatch(start..<end))
        start = end
    }
    return try writer.finish()
}

/// All ids of a table on a slice, after checking the other columns against them.
func ids(
    _ table: TableID, in version: DatabaseVersion, of storage: ClusterStorage, slice: Int
) throws -> [Int64] {
    let definition = try #require(version.catalog.tables[table])
    let store = storage.slice(slice)
    var all: [Int64] = []
    for group in try #require(version.tables[table]).partitions[slice] {
        let ids = integers(try store.column(0, of: group, in: definition))
        let notes = try store.column(1, of: group, in: definition)
        let amounts = integers(try store.column(2, of: group, in: definition))
        #expect(amounts == ids.map { $0 * 3 })
        #expect(strings(notes) == ids.map { $0 % 7 == 0 ? nil : "note \($0 % 50)" })
        all += ids
    }
    return all
}

func integers(_ vector: Vector) -> [Int64] {
    (vector.offset..<vector.offset + vector.count).map { row in
        switch vector.form {
        case .coded(let codes, let base): base + Int64(codes[row])
        case .flat(let buffer): buffer.pointer(as: Int64.self)[row]
        default: -1
        }
    }
}

func strings(_ vector: Vector) -> [String?] {
    (vector.offset..<vector.offset + vector.count).map { row in
        if let validity = vector.validity, validity.pointer(as: UInt8.self)[row] == 0 { return nil }
        switch vector.form {
        case .dictionary(let codes, let dictionary):
            return String(decoding: dictionary.entries[codes[row]].bytes, as: UTF8.self)
        case .views(let buffer, _):
            return String(decoding: buffer.pointer(as: StringView.self)[row].bytes, as: UTF8.self)
        default: return nil
        }
    }
}

/// Creates the table and commits rows 0 ..< `rows` on slice 1.
@discardableResult
func createTestTable(_ name: String, rows: Int, in storage: ClusterStorage) throws -> TableDefinition {
    let table = testTable(name, id: storage.reserveTableID())
    var changes: [CommitRecord.Change] = [.createTable(table)]
    if rows > 0 { changes.append(.append(table.id, slice: 1, try write(0..<rows, of: table, to: storage, slice: 1))) }
    _ = try storage.commit(CommitRecord(transaction: 1, changes: changes))
    return table
}

/// The error that `body` must throw.
func failure(_ body: () throws -> Void) -> SQLError? {
    do {
        try body()
        return nil
    } catch {
        return error as? SQLError
    }
}

func removeDirectory(_ path: String) -> Bool { rmdir(path) == 0 }
