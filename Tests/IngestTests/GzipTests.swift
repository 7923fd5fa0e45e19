import Catalog
import Ingest
import SQLTypes
import Testing

@Suite struct GzipTests {
    static let text = Array((0..<50_000).map { "\($0)|b\($0 % 7)|c\n" }.joined().utf8)
    static let options = CopyOptions.with { $0.compression = .gzip }

    private func loaded(_ bytes: [UInt8]) -> LoadResult {
        load([bytes], into: RecordTests.columns, options: GzipTests.options)
    }

    @Test func oneMember() throws {
        let bytes = try gzip(GzipTests.text)
        let result = loaded(bytes)
        #expect(result.thrown == nil)
        #expect(result.rows.count == 50_000)
        #expect(result.progress.storedBytes == Int64(bytes.count))
        #expect(result.progress.textBytes == Int64(GzipTests.text.count))
        #expect(result.files.map(\.storedBytes) == [Int64(bytes.count)])
    }

    @Test func severalMembers() throws {
        // A member may end anywhere, in the middle of a field, too, and be empty.
        let cuts = [0, 0, 1, 17, 300_000, GzipTests.text.count]
        var bytes: [UInt8] = []
        for (from, to) in zip(cuts, cuts.dropFirst()) { bytes += try gzip(Array(GzipTests.text[from..<to]), level: 1) }
        let result = loaded(bytes)
        #expect(result.thrown == nil)
        #expect(result.rows.map { $0[0] } == (0..<50_000).map { .integer($0) })
    }

    /// Without libdeflate, and without the memory for whole files: the same rows by zlib.
    @Test(arguments: [true, false], [true, false])
    func withoutLibrary(_ isInstalled: Bool, hasMemory: Bool) throws {
        let memory = CountedMemory(limit: hasMemory ? 64 << 20 : 1_000)
        let store = MemoryObjectStore(objects: [
            ObjectAddress(bucket: "lab", key: "0"): try gzip(GzipTests.text),
            ObjectAddress(bucket: "lab", key: "1"): try gzip(Array(GzipTests.text.prefix(1_000_000))),
        ])
        do {
            let reader = try CopyReader(
                parts: try FileSplitting.standard.parts(
                    of: try store.list(bucket: "lab", prefix: ""), in: store, options: GzipTests.options),
                in: store, options: GzipTests.options, table: RecordTests.columns, columns: [0, 1, 2],
                defaults: [.null, .null, .null], memory: memory, libraries: isInstalled ? .system : .none)
            var rows: [[SQLValue]] = []
            while let batch = try reader.next() { rows += IngestTests.rows(of: batch, RecordTests.columns) }
            let lines = GzipTests.text.split(separator: UInt8(ascii: "\n")).count
            #expect(rows.prefix(lines).map { $0[0] } == (0..<lines).map { .integer(Int64($0)) })
            #expect(rows.count > lines)
            let holdsWholes = isInstalled && hasMemory && SystemLibrary.libdeflate.isInstalled
            #expect((memory.used > 0) == holdsWholes)
        }
        #expect(memory.used == 0, "given back")
    }

    @Test func isDeterministic() throws {
        let bytes = try gzip(GzipTests.text)
        #expect(try gzip(GzipTests.text) == bytes)
        // No time stamp.
        #expect(Array(bytes[4..<8]) == [0, 0, 0, 0])
    }

    @Test(arguments: [1, 5, 12, 5_000, -1, -8])
    func truncated(count: Int) throws {
        let bytes = try gzip(GzipTests.text)
        let result = loaded(Array(bytes.prefix(count > 0 ? count : bytes.count + count)))
        #expect(result.thrown?.state == .dataCorrupted)
        #expect(result.thrown?.message.contains("s3://lab/part-0") == true)
    }

    @Test(arguments: UInt64(0)..<30)
    func corrupt(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var bytes = try gzip(Array(GzipTests.text.prefix(20_000)))
        // Past the header, whose time and flags zlib does not check.
        bytes[10 + random.below(bytes.count - 10)] ^= UInt8(1 + random.below(255))
        var options = GzipTests.options
        options.ignoresAllErrors = true
        let result = load([bytes], into: RecordTests.columns, options: options)
        #expect(result.thrown?.state == .dataCorrupted)
    }

    @Test func garbageBehind() throws {
        for garbage in [[UInt8](repeating: 0, count: 3), Array("more text".utf8), [0x1f], [0x1f, 0x8b, 0]] {
            let result = loaded(try gzip(GzipTests.text) + garbage)
            #expect(result.thrown?.state == .dataCorrupted, "\(garbage)")
        }
    }

    @Test func wrongKeyword() throws {
        let plain = loaded(Array("1|b|c\n".utf8))
        #expect(plain.thrown?.message == "the file s3://lab/part-0 is not in gzip format")
        #expect(plain.thrown?.hint == "Leave GZIP out of the COPY command if the file is plain text.")
        let zipped = load([try gzip(GzipTests.text)], into: RecordTests.columns, options: CopyOptions())
        #expect(zipped.thrown?.message == "the file s3://lab/part-0 is compressed by gzip, but COPY does not say so")
        #expect(zipped.thrown?.hint == "Add GZIP to the COPY command.")
        let empty = loaded([])
        #expect(empty.thrown?.message == "the file s3://lab/part-0 is empty, which is no gzip file")
        #expect(load([[]], into: RecordTests.columns, options: CopyOptions()).thrown == nil)
    }

    @Test func assignment() {
        let objects = (0..<10).map {
            ObjectSummary(address: ObjectAddress(bucket: "lab", key: "part-\($0)"), sizeBytes: $0)
        }
        let assignment = CopyAssignment(
            dealing: objects.map { FilePart($0) }, to: ClusterShape(nodes: 2, slicesPerNode: 2))
        #expect(assignment.parts.map { $0.map(\.object.sizeBytes) } == [[0, 4, 8], [2, 6], [1, 5, 9], [3, 7]])
        #expect(assignment.fileCount == 10)
        #expect(assignment.storedBytes == 45)
        let few = CopyAssignment(
            dealing: objects.prefix(2).map { FilePart($0) }, to: ClusterShape(nodes: 2, slicesPerNode: 4))
        #expect(few.parts.map(\.count) == [1, 0, 0, 0, 1, 0, 0, 0])
    }
}
