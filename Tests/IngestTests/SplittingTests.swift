import Catalog
import Ingest
import SQLTypes
import Testing

/// Ranges of a file give what the whole file gives.
@Suite struct SplittingTests {
    static let columns = table([("k", .integer, true), ("v", .varchar(length: 200), true)])

    private static func text(rows: Int, csv: Bool, by random: inout SplitMix64) -> [UInt8] {
        var text = ""
        for row in 0..<rows {
            var value = String(repeating: ["é", "ab", " x"][random.below(3)], count: random.below(30))
            if csv {
                value += ["", "\n", "\"\"", "a,b\n\n", "\r\n\"\"\n"][random.below(5)]
                text += "\(row),\"\(value)\"\n"
            } else {
                text += "\(row)|\(value)\(random.below(9) == 0 ? "\r" : "")\n"
            }
        }
        if random.below(2) == 0, !text.isEmpty { text.removeLast() }
        return Array(text.utf8)
    }

    @Test(arguments: UInt64(0)..<8, [false, true])
    func rangesGiveTheRowsOfTheFile(seed: UInt64, csv: Bool) {
        var random = SplitMix64(seed: seed)
        let text = SplittingTests.text(rows: [1, 2, 60, 900][Int(seed % 4)], csv: csv, by: &random)
        var options = CopyOptions()
        options.format = csv ? .csv : .delimited
        options.ignoredHeaderLines = csv ? 0 : 1
        let whole = load([text], into: SplittingTests.columns, options: options)
        #expect(whole.thrown == nil)
        let isShort = text.count < 5_000
        for rangeBytes in isShort ? [1, 7, 50, 400] : [400, 5_000, 100_000] {
            let cut = load(
                [text], into: SplittingTests.columns, options: options,
                splitting: FileSplitting(thresholdBytes: 0, rangeBytes: rangeBytes))
            #expect(cut.thrown == nil)
            #expect(cut.rows == whole.rows, "ranges of \(rangeBytes)")
            #expect(cut.progress.textBytes == whole.progress.textBytes)
            #expect(cut.files.allSatisfy { $0.isPartial == (cut.files.count > 1) })
            if whole.rows.count > 50, rangeBytes < text.count / 4 { #expect(cut.files.count > 1) }
        }
    }

    @Test func linesOfRangesAreNotNumbered() {
        let text = Array("1|a\n2|b\nx|c\n4|d\ny|e\n".utf8)
        let options = CopyOptions.with { $0.maximumErrors = 10 }
        let whole = load([text], into: SplittingTests.columns, options: options)
        #expect(whole.errors.map(\.lineNumber) == [3, 5])
        let cut = load(
            [text], into: SplittingTests.columns, options: options,
            splitting: FileSplitting(thresholdBytes: 10, rangeBytes: 12))
        #expect(cut.errors.map(\.lineNumber) == [3, -1])
        #expect(cut.rows.count == 3)
        #expect(cut.files.map(\.startOffset) == [0, 16])
    }

    @Test func whatIsNotCut() throws {
        var store = MemoryObjectStore()
        let address = ObjectAddress(bucket: "lab", key: "f")
        store.objects[address] = Array(String(repeating: "1|a\n", count: 100).utf8)
        let objects = try store.list(bucket: "lab", prefix: "f")
        let small = FileSplitting(thresholdBytes: 400, rangeBytes: 40)
        func count(_ splitting: FileSplitting, _ change: (inout CopyOptions) -> Void) throws -> Int {
            try splitting.parts(of: objects, in: store, options: .with(change)).count
        }
        #expect(try count(small) { _ in } == 10)
        #expect(try count(FileSplitting(thresholdBytes: 401, rangeBytes: 40)) { _ in } == 1)
        #expect(try count(small) { $0.escape = true } == 1)
        #expect(try count(small) { $0.removeQuotes = true } == 1)
        #expect(try count(small) { $0.compression = .gzip } == 1)
        #expect(try count(small) { $0.format = .fixedWidth("a:1") } == 1)
        #expect(FileSplitting.standard == FileSplitting(thresholdBytes: 134_217_728, rangeBytes: 67_108_864))
    }
}
