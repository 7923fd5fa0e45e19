import SQLTypes
import Testing

@testable import VectorEngine

/// What a load hands on instead of wide values, and what becomes of it on the way to a block.
@Suite struct NarrowColumnsTests {
    private func narrow<Value: BitwiseCopyable & FixedWidthInteger>(
        _ values: [Value], _ kind: StorageKind
    ) -> Vector? {
        values.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { Vector.narrowForm(of: $0, count: values.count, kind: kind) }
        }.map { Vector(kind: kind, count: values.count, form: $0) }
    }

    /// Values, bytes of a code (nil: their own width), base.
    @Test(
        arguments: [
            ([0, 255], 1, 0), ([0, 256], 2, 0), ([7, 65_535], 2, 0), ([0, 65_536], 4, 0), ([0, 0xFFFF_FFFF], 4, 0),
            ([0, 0x1_0000_0000], nil, 0), ([-1, 254], 1, -1), ([-300, -45], 1, -300), ([-300, -44], 2, -300),
            ([.min, .max], nil, 0), ([.min, .min + 9], 1, .min), ([5], 1, 0), ([-5], 1, -5),
        ] as [([Int64], Int?, Int64)])
    func width(values: [Int64], bytes: Int?, base: Int64) throws {
        guard let vector = narrow(values, .int64) else {
            #expect(bytes == nil)
            return
        }
        guard case .coded(let codes, let found) = vector.form else {
            Issue.record("no codes")
            return
        }
        #expect(codes.width == bytes)
        #expect(found == base)
        #expect(values.indices.map { vector.value(at: $0, as: .bigint) } == values.map { .integer($0) })
    }

    @Test func neverAsWideAsTheValues() {
        #expect(narrow([Int16(3), 400], .int16) == nil)
        #expect(narrow([Int16(3), 200], .int16) != nil)
        #expect(narrow([Int32(0), 70_000], .int32) == nil)
        #expect(narrow([Int8(3)], .int8) == nil)
        #expect(narrow([Int64](), .int64) == nil)
    }

    private func dictionary(_ entries: [String]) -> StringDictionary {
        let bytes = Buffer(entries.flatMap { Array($0.utf8) })
        var start = bytes.pointer(as: UInt8.self)
        let views = entries.map { entry in
            defer { start += entry.utf8.count }
            return StringView(start, count: entry.utf8.count)
        }
        return StringDictionary(views: Buffer(views), owners: [bytes])
    }

    private func strings(_ vector: Vector) -> [String?] {
        (0..<vector.count).map { row in
            guard case .string(let bytes) = vector.value(at: row, as: .varchar(length: 99)) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test func dictionariesOfManyPartsBecomeOne() throws {
        let first = dictionary(["b", "", "a "])
        let second = dictionary(["a", "b"])
        let rows = 40
        let left = Vector(
            kind: .bytes, count: rows,
            form: .dictionary(.u8(Buffer((0..<rows).map { UInt8($0 % 3) })), first))
        // A null row's code need not be one of the dictionary's.
        let right = Vector(
            kind: .bytes, count: rows,
            form: .dictionary(.u16(Buffer((0..<rows).map { $0 % 3 == 2 ? 999 : UInt16($0 % 3) })), second),
            validity: Buffer((0..<rows).map { $0 % 3 == 2 ? 0 : 1 as UInt8 }))
        let nothing = Vector(
            kind: .bytes, count: 2, form: .dictionary(.u8(Buffer([7, 9] as [UInt8])), dictionary([])),
            validity: Buffer([0, 0] as [UInt8]))
        let joined = Vector.concatenated([left, right.slice(1..<rows), nothing, left], kind: .bytes)
        guard case .dictionary(let codes, let all) = joined.form else {
            Issue.record("no dictionary")
            return
        }
        #expect(codes.width == 1)
        #expect(all.count == 4, "strings differ as stored, trailing blanks included")
        let expected = strings(left) + strings(right).dropFirst() + [nil, nil] + strings(left)
        #expect(strings(joined) == expected)
    }

    @Test func largeDictionariesAreNotBroughtTogether() {
        let parts = (0..<4).map { part in
            Vector(
                kind: .bytes, count: 8,
                form: .dictionary(
                    .u8(Buffer((0..<8).map { UInt8($0) })),
                    dictionary((0..<8).map { "\(part) \($0)" })))
        }
        let joined = Vector.concatenated(parts, kind: .bytes)
        guard case .views = joined.form else {
            Issue.record("32 entries for 32 rows")
            return
        }
        #expect(strings(joined) == parts.flatMap(strings))
    }

    /// The encoder makes the same bytes of codes as of the strings that they stand for.
    @Test(
        arguments: ["constant", "few", "runs", "empty", "distinct"],
        [Choice.smallest, .only(.dictionary), .only(.runLength), .only(.raw), .only(.deflate), .only(.text255)])
    func codesAreEncodedAsTheirStrings(shape: String, choice: Choice) throws {
        for nulls in [Nulls.none, .some] {
            let column = TestColumn(.varchar(length: 4_000), shape, 3_000, nulls, 5)
            let plain = column.vector
            let coded = asCodes(plain)
            let encoder = ColumnEncoder(
                type: column.type, choice: choice, compressor: RunCompressor(), blockBytesMax: 2_000)
            let expected = try encoder.encode(plain)
            let found = try encoder.encode(coded)
            // A text that seems to have too many strings for a dictionary is not looked at to its end.
            if shape != "distinct" { #expect(found.map(\.bytes) == expected.map(\.bytes), "\(column)") }
            #expect(found.map(\.rows).first?.lowerBound == 0)
            #expect(try decode(found, .bytes).bits == column.bits, "\(column)")
            // A chunk that gets another dictionary, or none, goes on as text.
            let chunk = ColumnChunk(kind: .bytes)
            for part in [coded, plain, coded, asCodes(plain)] { try chunk.append(part) }
            #expect(chunk.textByteCount == 4 * (try text(of: coded)))
            #expect(
                try decode(encoder.encode(chunk), .bytes).bits == column.bits + column.bits + column.bits + column.bits)
        }
    }
    typealias Choice = ColumnEncoder.Choice

    private func text(of vector: Vector) throws -> Int {
        let chunk = ColumnChunk(kind: .bytes)
        try chunk.append(vector)
        return chunk.textByteCount
    }

    private func asCodes(_ vector: Vector) -> Vector {
        var numbers: [String: UInt16] = [:]
        var entries: [String] = []
        let codes = strings(vector).map { string in
            guard let string else { return UInt16.max }
            if let known = numbers[string] { return known }
            numbers[string] = UInt16(entries.count)
            entries.append(string)
            return UInt16(entries.count - 1)
        }
        return Vector(
            kind: .bytes, count: vector.count, form: .dictionary(.u16(Buffer(codes)), dictionary(entries)),
            validity: vector.validity)
    }

    /// Short and long strings that lie anywhere, copied together.
    @Test func textIsCopiedExactly() throws {
        let text = Buffer((0..<400).map { UInt8(truncatingIfNeeded: $0 * 7) })
        var random = SplitMix64(seed: 3)
        let views = (0..<500).map { _ in
            let count = Int(random.next() % 90)
            return StringView(text.pointer(as: UInt8.self) + Int(random.next() % UInt64(400 - count)), count: count)
        }
        let vector = Vector(kind: .bytes, count: views.count, form: .views(Buffer(views), owners: [text]))
        let chunk = ColumnChunk(kind: .bytes)
        try chunk.append(vector)
        try chunk.append(vector.slice(100..<117))
        let copied = Array(UnsafeBufferPointer(start: chunk.text.pointer, count: chunk.text.count))
        #expect(copied == views.flatMap { Array($0.bytes) } + views[100..<117].flatMap { Array($0.bytes) })
        #expect(chunk.ends.count == 517)
    }

    @Test(arguments: [1, 63, 64, 65, 5_000])
    func countingSortIsStable(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        for (spread, isDescending) in [(1, false), (40, false), (40, true), (count + 9, true)] {
            let values = (0..<count).map { _ in Int32(truncatingIfNeeded: random.next() % UInt64(spread)) - 20 }
            let vector = Vector(kind: .int32, count: count, form: .flat(Buffer(values)))
            let order = SortOrder(column: 0, type: .date, isDescending: isDescending, nullsFirst: false)
            var sorter = RowSorter(Batch(columns: [vector], count: count), by: [order])
            let rows = try sorter.sortedRows { () throws(SQLError) in }
            let expected = (0..<count).sorted { left, right in
                values[left] == values[right]
                    ? left < right : (values[left] < values[right]) != isDescending
            }
            #expect(rows == expected.map { UInt32($0) })
            if spread <= 40, count > 64 { #expect(sorter.algorithm == "counting") }
        }
    }
}
