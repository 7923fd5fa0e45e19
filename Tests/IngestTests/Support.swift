import Catalog
import Ingest
import SQLTypes
import Synchronization
import VectorEngine

/// Objects in memory, for reading only.
struct MemoryObjectStore: ObjectStore {
    var objects: [ObjectAddress: [UInt8]] = [:]
    var regions: [String: String] = [:]

    func list(bucket: String, prefix: String) throws(SQLError) -> [ObjectSummary] {
        objects.filter { $0.key.bucket == bucket && $0.key.key.utf8.starts(with: prefix.utf8) }
            .map { ObjectSummary(address: $0.key, sizeBytes: $0.value.count) }
            .sorted { $0.address.key.utf8.lexicographicallyPrecedes($1.address.key.utf8) }
    }

    func summary(of address: ObjectAddress) throws(SQLError) -> ObjectSummary? {
        objects[address].map { ObjectSummary(address: address, sizeBytes: $0.count) }
    }

    func open(_ address: ObjectAddress) throws(SQLError) -> any ObjectReader {
        guard let bytes = objects[address] else { throw SQLError(.undefinedFile, "no \(address)") }
        return MemoryReader(address: address, bytes: bytes)
    }

    func create(_ address: ObjectAddress) throws(SQLError) -> any ObjectWriter {
        throw SQLError.unsupported("writing to a MemoryObjectStore")
    }

    func delete(_ address: ObjectAddress) throws(SQLError) {
        throw SQLError.unsupported("deleting from a MemoryObjectStore")
    }

    func region(ofBucket bucket: String) throws(SQLError) -> String { regions[bucket] ?? "us-west-2" }
}

/// Grants so many bytes, and knows how many are out.
final class CountedMemory: MemoryGrant {
    private let limit: Int
    private let bytes = Atomic<Int>(0)
    var used: Int { bytes.load(ordering: .relaxed) }

    init(limit: Int) { self.limit = limit }

    func reserve(bytes count: Int) -> Bool {
        guard bytes.add(count, ordering: .relaxed).newValue > limit else { return true }
        release(bytes: count)
        return false
    }

    func release(bytes count: Int) { bytes.subtract(count, ordering: .relaxed) }
    func overdraw(bytes count: Int) { bytes.add(count, ordering: .relaxed) }
    var availableBytes: Int { limit - used }
}

final class MemoryReader: ObjectReader {
    let address: ObjectAddress
    let bytes: [UInt8]
    var sizeBytes: Int { bytes.count }

    init(address: ObjectAddress, bytes: [UInt8]) {
        self.address = address
        self.bytes = bytes
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        let part = bytes[min(offset, bytes.count)..<min(bytes.count, offset + buffer.count)]
        buffer.copyBytes(from: part)
        return part.count
    }
}

final class MemoryWriter: ObjectWriter {
    var bytes: [UInt8] = []
    var isFinished = false
    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) { self.bytes.append(contentsOf: bytes) }
    func prepare() throws(SQLError) {}
    func finish() throws(SQLError) { isFinished = true }
}

func gzip(_ bytes: [UInt8], level: Int = 6) throws(SQLError) -> [UInt8] {
    let target = MemoryWriter()
    let writer = try GzipWriter(to: target, level: level)
    try writer.write(bytes)
    try writer.finish()
    return target.bytes
}

func table(_ columns: [(String, SQLType, Bool)]) -> TableDefinition {
    TableDefinition(
        id: TableID(100_001), name: TableName(schema: "public", name: "t"),
        columns: columns.map { ColumnDefinition(name: $0.0, type: $0.1, isNullable: $0.2, encoding: .raw) },
        distribution: Distribution(.even), sortKey: .none)
}

struct LoadResult {
    var rows: [[SQLValue]] = []
    var errors: [LoadError] = []
    var thrown: SQLError?
    var progress = CopyProgress()
    var files: [LoadedFile] = []
    var batchSizes: [Int] = []
}

/// Loads texts, one object each, and shows all that came of it.
func load(
    _ texts: [[UInt8]], into table: TableDefinition, options: CopyOptions, columns: [Int]? = nil,
    defaults: [SQLValue]? = nil, splitting: FileSplitting = .standard
) -> LoadResult {
    var store = MemoryObjectStore()
    for (index, text) in texts.enumerated() {
        store.objects[ObjectAddress(bucket: "lab", key: "part-\(index)")] = text
    }
    var result = LoadResult()
    do throws(SQLError) {
        try options.validate()
        let reader = try CopyReader(
            parts: try splitting.parts(
                of: try store.list(bucket: "lab", prefix: "part-"), in: store, options: options), in: store,
            options: options, table: table,
            columns: columns ?? Array(table.columns.indices),
            defaults: defaults ?? [SQLValue](repeating: .null, count: table.columns.count))
        defer {
            result.errors = reader.loadErrors
            result.progress = reader.progress
            result.files = reader.loadedFiles
        }
        do throws(SQLError) {
            while let batch = try reader.next() {
                result.batchSizes.append(batch.count)
                result.rows += rows(of: batch, table)
            }
        } catch {
            result.thrown = error
        }
    } catch {
        result.thrown = error
    }
    return result
}

func rows(of batch: Batch, _ table: TableDefinition) -> [[SQLValue]] {
    let columns = zip(batch.columns, table.columns).map { values(of: $0, $1.type) }
    return (0..<batch.count).map { row in columns.map { $0[row] } }
}

func values(of vector: Vector, _ type: SQLType) -> [SQLValue] {
    (0..<vector.count).map { vector.value(at: $0, as: type) }
}

extension CopyOptions {
    static func with(_ change: (inout CopyOptions) -> Void) -> CopyOptions {
        var options = CopyOptions()
        change(&options)
        return options
    }
}
