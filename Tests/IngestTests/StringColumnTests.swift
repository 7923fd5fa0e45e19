import Catalog
import Ingest
import SQLTypes
import Testing
import VectorEngine

/// Columns of few and of many different strings: which they are turns out while they are read.
@Suite struct StringColumnTests {
    private static let columns = table([("n", .integer, true), ("s", .varchar(length: 60), true)])

    private func batches(_ texts: [String], _ options: CopyOptions) throws -> [Batch] {
        var text = ""
        for (row, string) in texts.enumerated() { text += "\(row)|\(string)\n" }
        let store = MemoryObjectStore(objects: [ObjectAddress(bucket: "lab", key: "0"): Array(text.utf8)])
        let reader = try CopyReader(
            parts: try FileSplitting.standard.parts(
                of: try store.list(bucket: "lab", prefix: ""), in: store, options: options),
            in: store, options: options, table: StringColumnTests.columns, columns: [0, 1], defaults: [.null, .null])
        var batches: [Batch] = []
        while let batch = try reader.next() { batches.append(batch) }
        return batches
    }

    private func isCoded(_ batch: Batch) -> Bool {
        if case .dictionary = batch.columns[1].form { true } else { false }
    }

    /// Different strings, in all; whether the last batch still has codes.
    @Test(arguments: [(1, true), (7, true), (256, true), (257, true), (1_024, true), (1_025, false), (9_000, false)])
    func fewStringsStayCodes(different: Int, staysCoded: Bool) throws {
        let options = CopyOptions.with { $0.emptyAsNull = true }
        var random = SplitMix64(seed: UInt64(different))
        let texts = (0..<9_000).map { row in
            // Every string once, and then any; lengths on both sides of a word and of two.
            let number = row < different ? row : Int(random.next() % UInt64(different))
            return row % 50 == 49 ? "" : String(repeating: "abcdefghij", count: number % 5) + "\(number)"
        }
        let found = try batches(texts, options)
        #expect(found.map(isCoded).last == staysCoded)
        #expect(found.first.map(isCoded) == true || !staysCoded)
        let loaded = found.flatMap { rows(of: $0, StringColumnTests.columns) }
        let expected = texts.enumerated().map { row, text in
            [SQLValue.integer(Int64(row)), text.isEmpty ? .null : .string(Array(text.utf8))]
        }
        #expect(loaded == expected)
    }

    /// The dictionary fills up in the middle of a batch whose records are partly refused, null or mended.
    @Test func leavesTheDictionaryInTheMiddle() throws {
        var options = CopyOptions.with {
            $0.ignoresAllErrors = true
            $0.replacementCharacter = UInt8(ascii: "?")
            $0.trimBlanks = true
        }
        options.nullMarker = Array("NULL".utf8)
        var texts: [String] = []
        for row in 0..<4_000 {
            switch row % 9 {
            case 0: texts.append("NULL")
            case 1: texts.append("")
            case 2: texts.append("blank \(row)   ")
            case 3: texts.append(String(repeating: "x", count: 61 + row % 40))
            case 4: texts.append("ä\(row)")
            default: texts.append(row < 1_500 ? "few \(row % 90)" : "many \(row)")
            }
        }
        let found = try batches(texts, options).flatMap { rows(of: $0, StringColumnTests.columns) }
        var expected: [[SQLValue]] = []
        for (row, text) in texts.enumerated() where text.utf8.count <= 60 {
            let trimmed = text.hasPrefix("blank") ? String(text.dropLast(3)) : text
            expected.append([
                .integer(Int64(row)), text == "NULL" ? .null : .string(Array(trimmed.utf8)),
            ])
        }
        #expect(found == expected)
    }

    /// Strings that agree in their first and last words, or are each other's beginning.
    @Test func similarStringsDiffer() throws {
        let middle = ["", "a", "b", "\0", "aa", "ab"]
        let texts = middle.flatMap {
            ["12345678\($0)12345678", "1234567\($0)", "\($0)\($0)", "12345678\($0)x12345678"]
        }
        let many = (0..<3_000).map { texts[$0 % texts.count] }
        let found = try batches(many, CopyOptions())
        #expect(found.allSatisfy(isCoded))
        #expect(
            found.flatMap { rows(of: $0, StringColumnTests.columns) }.map { $0[1] }
                == many.map { .string(Array($0.utf8)) })
    }
}
