import Catalog
import SQLTypes
import Testing
import VectorEngine

@testable import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Slice store") struct SliceStoreTests {
    private let strings = TableDefinition(
        id: TableID(100_000), name: TableName(schema: "public", name: "texts"),
        columns: [
            ColumnDefinition(name: "text", type: .varchar(length: 65_535), encoding: .raw, isEncodingDeclared: true)
        ],
        distribution: Distribution(.even), sortKey: .none)

    private func store(budget: Int) -> (SliceStore, BlockCache) {
        let cache = BlockCache(budgetBytes: budget)
        let shape = ClusterShape(nodes: 1, slicesPerNode: 1)
        let place = SlicePlace(slice: 0, shape: shape, isMirrored: false)
        return (SliceStore(place, files: MemoryFileLayer(), cache: cache, repairs: RepairLog()), cache)
    }

    /// `count` strings of 60,000 bytes, all from one text, each from another place in it.
    private func longStrings(_ count: Int) -> Batch {
        let text = Buffer((0..<64_000).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 7) })
        let views = (0..<count).map { StringView(text.pointer(as: UInt8.self) + $0, count: 60_000) }
        return Batch(
            columns: [Vector(kind: .bytes, count: count, form: .views(Buffer(views), owners: [text]))], count: count)
    }

    private func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count, let a = left.baseAddress, let b = right.baseAddress else { return false }
        return memcmp(a, b, left.count) == 0
    }

    @Test("long strings make several blocks, and row groups that close early")
    func longStrings() throws {
        let (store, _) = store(budget: 1 << 30)
        let batch = longStrings(1_300)
        let writer = try store.makeWriter(for: strings, isSorted: false)
        try writer.append(batch)
        let groups = try writer.finish()
        #expect(groups.count > 1)
        #expect(writer.rowCount == batch.count)
        guard case .views(let expected, _) = batch.columns[0].form else { return }
        var row = 0
        for group in groups {
            #expect(group.chunks[0].blocks.count > 1)
            #expect(group.chunks[0].blocks.allSatisfy { $0.byteCount <= RowGroupWriter.blockBytesMax })
            #expect(group.chunks[0].blocks.reduce(0) { $0 + $1.rowCount } == group.rowCount)
            let column = try store.column(0, of: group, in: strings)
            guard case .views(let views, let owners) = column.form else {
                Issue.record("\(column.form)")
                return
            }
            withExtendedLifetime(owners) {
                for found in views.values(as: StringView.self) {
                    let bytes = expected.pointer(as: StringView.self)[row].bytes
                    #expect(areEqual(found.bytes, bytes), "row \(row)")
                    row += 1
                }
            }
        }
        #expect(row == batch.count)
        withExtendedLifetime(batch) {}
    }

    @Test(
        "small sorted loads are cut finer",
        arguments: [(1_000, [1_000]), (10_000, [4_096, 4_096, 1_808]), (40_000, [Int](repeating: 5_000, count: 8))])
    func sortedGroups(rows: Int, expected: [Int]) throws {
        let table = testTable("t", id: TableID(100_000), sorted: true)
        let writer = try store(budget: 1 << 20).0.makeWriter(for: table, isSorted: true, expectedRowCount: rows)
        try writer.append(testBatch(0..<rows))
        #expect(try writer.finish().map(\.rowCount) == expected)
    }

    @Test("the cache keeps to its budget, and what it drops is read again")
    func eviction() throws {
        let table = testTable("t", id: TableID(100_000))
        let (store, cache) = store(budget: 40_000)
        var groups: [RowGroupDescriptor] = []
        for start in 0..<8 {
            let writer = try store.makeWriter(for: table, isSorted: false)
            try writer.append(testBatch(start * 5_000..<(start + 1) * 5_000))
            groups += try writer.finish()
        }
        for _ in 0..<3 {
            for (index, group) in groups.enumerated() {
                let first = Int64(index) * 5_000
                #expect(integers(try store.column(0, of: group, in: table)) == Array(first..<first + 5_000))
                #expect(cache.usage.bytes <= 40_000)
            }
        }
        #expect(cache.usage.evictions > 0)
        let hits = cache.usage.hits
        _ = try store.column(0, of: groups[7], in: table)
        #expect(cache.usage.hits == hits + 1)
        cache.budgetBytes = 100
        #expect(cache.usage.bytes == 0 && cache.usage.columns == 0)
        #expect(integers(try store.column(0, of: groups[0], in: table)).count == 5_000)
    }

    @Test("a column in use outlives its eviction, one that is used survives the next")
    func clock() throws {
        let cache = BlockCache(budgetBytes: 3_000)
        func vector(_ number: Int64) -> Vector {
            Vector(kind: .int64, count: 100, form: .flat(Buffer([Int64](repeating: number, count: 100))))
        }
        func key(_ number: Int) -> BlockCache.Key {
            .init(table: TableID(1), slice: 0, column: 0, group: Int64(number))
        }
        for number in 0..<3 { _ = cache.insert(vector(Int64(number)), for: key(number)) }
        let held = try #require(cache.vector(for: key(0)))
        _ = cache.insert(vector(3), for: key(3))
        _ = cache.insert(vector(4), for: key(4))
        #expect(cache.vector(for: key(0)) != nil)
        #expect(cache.vector(for: key(1)) == nil)
        cache.removeAll(of: TableID(1))
        #expect(cache.usage.bytes == 0 && cache.vector(for: key(0)) == nil)
        #expect(integers(held) == Array(repeating: 0, count: 100))
    }

    @Test("every declared encoding gives the rows back", arguments: ColumnEncoding.allCases)
    func declaredEncodings(encoding: ColumnEncoding) throws {
        var table = testTable("t", id: TableID(100_000))
        for column in table.columns.indices {
            table.columns[column].encoding = encoding
            table.columns[column].isEncodingDeclared = true
        }
        let (store, _) = store(budget: 1 << 20)
        let writer = try store.makeWriter(for: table, isSorted: false)
        try writer.append(testBatch(0..<3_000))
        for group in try writer.finish() {
            #expect(integers(try store.column(0, of: group, in: table)) == Array(0..<3_000))
            #expect(StorageTests.strings(try store.column(1, of: group, in: table))[1..<3] == ["note 1", "note 2"])
            #expect(group.chunks[0].zone.minimum == .integer(0) && group.chunks[0].zone.maximum == .integer(2_999))
            #expect(group.chunks[1].zone.nullCount == 429)
        }
    }

    @Test("a column that was added later is null; abandoned rows are nowhere; bad batches are refused")
    func edges() throws {
        var table = testTable("t", id: TableID(100_000))
        let (store, _) = store(budget: 1 << 20)
        let abandoned = try store.makeWriter(for: table, isSorted: false)
        try abandoned.append(testBatch(0..<10))
        abandoned.abandon()
        #expect(try abandoned.finish().isEmpty)
        let writer = try store.makeWriter(for: table, isSorted: false)
        try writer.append(testBatch(0..<10))
        let group = try #require(try writer.finish().first)
        table.columns.append(ColumnDefinition(name: "late", type: .date, encoding: .az64))
        let late = try store.column(3, of: group, in: table)
        #expect(late.count == 10 && late.mayHaveNulls && late.kind == .int32)
        #expect(failure { _ = try store.column(4, of: group, in: table) } != nil)
        #expect(failure { try writer.append(self.longStrings(1)) } != nil)
    }

    @Test("CRC32C is that of RFC 3720")
    func checksum() {
        #expect(Checksum.crc32c(Array("123456789".utf8)) == 0xE306_9283)
        #expect(Checksum.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Checksum.crc32c([UInt8](0..<32)) == 0x46DD_794E)
        #expect(Checksum.crc32c([]) == 0)
    }

    @Test("deflate gives back what it took, and refuses what it did not make", arguments: [Deflate.quick, .small])
    func deflate(level: Deflate) throws {
        let text = Array(String(repeating: "carefully final deposits ", count: 400).utf8)
        let packed = try text.withUnsafeBytes { try level.compress($0) }
        #expect(packed.count < text.count / 10)
        func unpack(_ bytes: [UInt8], _ count: Int) throws -> [UInt8] {
            var target = [UInt8](repeating: 0, count: count)
            try bytes.withUnsafeBytes { source in
                try target.withUnsafeMutableBytes { try level.decompress(source, into: $0) }
            }
            return target
        }
        #expect(try unpack(packed, text.count) == text)
        for count in [text.count - 1, text.count + 1, 0] {
            #expect(failure { _ = try unpack(packed, count) }?.state == .dataCorrupted)
        }
        #expect(failure { _ = try unpack(Array(packed.dropLast(3)), text.count) }?.state == .dataCorrupted)
    }
}

@Suite("File layers") struct FileLayerTests {
    private func check(_ files: any FileLayer) throws {
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try files.createDirectory("d")
        try large.withUnsafeBytes { try files.write($0, to: "d/large", at: 0) }
        try files.sync("d/large")
        try files.syncDirectory("d")
        #expect(try files.size("d/large") == 3_000_000)
        #expect(try files.size("d/none") == nil)
        var part = [UInt8](repeating: 0, count: 1_500_000)
        try part.withUnsafeMutableBytes { try files.read("d/large", at: 700_001, into: $0) }
        #expect(part == Array(large[700_001..<2_200_001]))
        try [9, 9].withUnsafeBytes { try files.write($0, to: "d/large", at: 3_000_010) }
        #expect(try files.size("d/large") == 3_000_010 + 16)
        #expect(
            failure { try part.withUnsafeMutableBytes { try files.read("d/large", at: 2_000_000, into: $0) } }?.state
                == .dataCorrupted)
        try files.truncate("d/large", to: 1_048_577)
        #expect(try files.size("d/large") == 1_048_577)
        try files.rename("d/large", to: "d/other")
        #expect(try files.list("d") == ["other"])
        try files.remove("d/other")
        try files.remove("d/other")
        #expect(try files.list("d").isEmpty)
        #expect(try files.list("nowhere").isEmpty)
        #expect(
            failure { try part.withUnsafeMutableBytes { try files.read("d/other", at: 0, into: $0) } }?.state
                == .undefinedFile)
    }

    @Test("in memory") func memory() throws { try check(MemoryFileLayer()) }

    @Test("on disk") func posix() throws {
        let directory = try TemporaryDirectory()
        try check(try PosixFileLayer(root: directory.path + "/a/b", openFilesMax: 1))
    }
}
