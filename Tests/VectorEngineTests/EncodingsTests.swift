import SQLTypes
import Testing

@testable import VectorEngine

/// Squeezes runs of equal bytes, so that tests of the codecs need no library.
struct RunCompressor: ByteCompressor {
    func compress(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            if output.count >= 2, output[output.count - 2] == byte, output[output.count - 1] < 255 {
                output[output.count - 1] += 1
            } else {
                output += [byte, 1]
            }
        }
        return output
    }

    func decompress(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        var position = 0
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            for _ in 0..<bytes[index + 1] {
                guard position < target.count else { throw .corrupt("too long") }
                target[position] = bytes[index]
                position += 1
            }
        }
        guard position == target.count else { throw .corrupt("too short") }
    }
}

let choices: [ColumnEncoder.Choice] = [
    .smallest, .only(.raw), .only(.packed), .only(.delta), .only(.mostly8), .only(.mostly16), .only(.mostly32),
    .only(.runLength), .only(.dictionary), .only(.text255), .only(.text32k), .only(.deflate), .only(.symbols),
]

func encode(_ column: TestColumn, _ choice: ColumnEncoder.Choice, blockBytesMax: Int = 1 << 20) throws -> [EncodedBlock]
{
    try ColumnEncoder(type: column.type, choice: choice, compressor: RunCompressor(), blockBytesMax: blockBytesMax)
        .encode(column.vector)
}

func decode(_ blocks: [EncodedBlock], _ kind: StorageKind) throws -> Vector {
    let decoder = ColumnDecoder(kind: kind, decompressor: RunCompressor())
    var vectors: [Vector] = []
    for block in blocks { vectors.append(try decoder.decode(Buffer(block.bytes))) }
    return Vector.concatenated(vectors, kind: kind)
}

@Suite("Encodings") struct EncodingsTests {
    @Test("what is encoded is decoded", arguments: [0, 1, 2, 2_047, 2_048, 2_049], Nulls.allCases)
    func roundTrip(count: Int, nulls: Nulls) throws {
        for column in TestColumn.all(count: count, nulls: nulls, seed: UInt64(count)) {
            let expected = column.bits
            // The large ones with a quarter of the codecs each, all of them in turn.
            let turn = count + (Nulls.allCases.firstIndex(of: nulls) ?? 0)
            for (index, choice) in choices.enumerated() where count < 2_047 || (index + turn) % 4 == 0 {
                let blocks = try encode(column, choice)
                let vector = try decode(blocks, column.type.storage)
                #expect(vector.bits == expected, "\(column) as \(choice): \(blocks.map(\.codec))")
                #expect(nulls != .none || vector.validity == nil, "\(column): validity without nulls")
            }
        }
    }

    @Test("a full row group", arguments: [SQLType.bigint, .decimal(precision: 38, scale: 4), .varchar(length: 4_000)])
    func fullGroup(type: SQLType) throws {
        for shape in type.storage == .bytes ? ["words", "distinct"] : ["sorted", "wide"] {
            let column = TestColumn(type, shape, 65_536, .some, 1)
            let blocks = try encode(column, .smallest)
            #expect(try decode(blocks, type.storage).bits == column.bits, "\(column)")
            #expect(blocks.allSatisfy { $0.bytes.count <= 1 << 20 }, "\(column)")
        }
    }

    @Test("chunks are cut into blocks that fit, down to a row")
    func severalBlocks() throws {
        for column in TestColumn.all(count: 999, nulls: .some, seed: 5) {
            for choice in [ColumnEncoder.Choice.smallest, .only(.raw)] {
                let blocks = try encode(column, choice, blockBytesMax: 300)
                #expect(try decode(blocks, column.type.storage).bits == column.bits, "\(column)")
                #expect(blocks.allSatisfy { $0.bytes.count <= 300 || $0.rows.count == 1 }, "\(column)")
                var next = 0
                for block in blocks {
                    #expect(block.rows.lowerBound == next, "\(column)")
                    next = block.rows.upperBound
                }
                #expect(next == 999, "\(column)")
                let joined = ZoneMap(joining: blocks.map(\.zone))
                let whole = try encode(column, choice)[0].zone
                #expect(joined.rowCount == whole.rowCount && joined.nullCount == whole.nullCount, "\(column)")
                expectEnclosed(column.values, by: joined, "\(column)")
            }
        }
    }

    @Test("zone maps enclose all values", arguments: [1, 2, 500], Nulls.allCases)
    func zoneMaps(count: Int, nulls: Nulls) throws {
        for column in TestColumn.all(count: count, nulls: nulls, seed: 9) {
            for block in try encode(column, .smallest) {
                let values = Array(column.values[block.rows])
                #expect(block.zone.rowCount == values.count, "\(column)")
                #expect(block.zone.nullCount == values.count { $0 == nil }, "\(column)")
                expectEnclosed(values, by: block.zone, "\(column)")
                if !values.contains(where: { $0 != nil }) { #expect(block.zone.minimum == nil, "\(column)") }
            }
        }
    }

    /// Bounds that are there enclose every value, and those of numbers are there.
    private func expectEnclosed(_ values: [SQLValue?], by zone: ZoneMap, _ context: String) {
        for case let value? in values {
            switch (value, zone.minimum, zone.maximum) {
            case (.string(let bytes), .string(let low)?, .string(let high)?):
                let trimmed = bytes.trimmed
                #expect(
                    !trimmed.lexicographicallyPrecedes(low) && !high.lexicographicallyPrecedes(trimmed), "\(context)")
            case (.varbyte(let bytes), .varbyte(let low)?, .varbyte(let high)?):
                #expect(!bytes.lexicographicallyPrecedes(low) && !high.lexicographicallyPrecedes(bytes), "\(context)")
            case (.real(let value), .real(let low)?, .real(let high)?):
                #expect(value.isNaN ? high.isNaN : low <= value && (high.isNaN || value <= high), "\(context)")
            case (.double(let value), .double(let low)?, .double(let high)?):
                #expect(value.isNaN ? high.isNaN : low <= value && (high.isNaN || value <= high), "\(context)")
            case (_, let low?, let high?):
                let number = TestColumn.integer(value)
                #expect(TestColumn.integer(low) <= number && number <= TestColumn.integer(high), "\(context)")
            default: Issue.record("no bounds: \(context)")
            }
        }
    }

    @Test("bounds of long strings are cut outwards")
    func longBounds() throws {
        let long = [UInt8](repeating: 0x61, count: 40)
        let edge = [UInt8](repeating: 0x61, count: 31) + [0x1F] + [0x62, 0x62]
        let top = [UInt8](repeating: 0xFF, count: 50)
        #expect(try zone([long]).minimum == .string(Array(long.prefix(32))))
        #expect(try zone([long]).maximum == .string(Array(long.prefix(31)) + [0x62]))
        // A blank as last byte would be trimmed away by who compares.
        #expect(try zone([edge]).maximum == .string(Array(edge.prefix(31)) + [0x21]))
        #expect(try zone([top]).maximum == nil)
        #expect(try zone([Array("ab  ".utf8)]).maximum == .string(Array("ab".utf8)))
    }

    private func zone(_ strings: [[UInt8]]) throws -> ZoneMap {
        let column = TestColumn(type: .varchar(length: 100), name: "bounds", values: strings.map { .string($0) })
        return try encode(column, .smallest)[0].zone
    }

    @Test("integers come back as narrow as their range, strings as a dictionary where few differ")
    func narrowForms() throws {
        func form(_ type: SQLType, _ values: [SQLValue]) throws -> Vector.Form {
            try decode(encode(TestColumn(type: type, name: "narrow", values: values), .smallest), type.storage).form
        }
        let offset: Int64 = 1 << 40
        guard case .coded(.u8, offset) = try form(.bigint, [.integer(offset), .integer(offset + 255)]) else {
            Issue.record("8 bits")
            return
        }
        guard case .coded(.u16, offset) = try form(.bigint, [.integer(offset), .integer(offset + 256)]),
            case .coded(.u32, 0) = try form(.bigint, [.integer(0), .integer(0xFFFF_FFFF)]),
            case .flat = try form(.bigint, [.integer(0), .integer(0x1_0000_0000)]),
            case .coded(.u32, -2_147_483_648) = try form(.integer, [.integer(-1 << 31), .integer(1 << 31 - 1)])
        else {
            Issue.record("16 bits and more")
            return
        }
        let few = (0..<3_000).map { SQLValue("value \($0 * 7_919 % 300)") }
        let distinct = (0..<3_000).map { SQLValue("value \($0)") }
        guard case .dictionary(.u16, let dictionary) = try form(.text, few), dictionary.count == 300,
            case .views = try form(.text, distinct)
        else {
            Issue.record("strings")
            return
        }
    }

    @Test("the smallest codec is found")
    func choice() throws {
        func codec(_ type: SQLType, _ shape: String) throws -> BlockCodec {
            try encode(TestColumn(type, shape, 2_048, .none, 3), .smallest)[0].codec
        }
        #expect(try codec(.integer, "narrow") == .packed)
        #expect(try codec(.bigint, "sorted") == .delta)
        #expect(try codec(.bigint, "runs") == .runLength)
        #expect(try codec(.integer, "few") == .dictionary)
        #expect(try codec(.double, "wide") == .raw)
        #expect(try codec(.text, "few") == .dictionary)
        #expect(try codec(.text, "runs") == .runLength)
    }

    @Test("declared codecs are used where they suit")
    func declared() throws {
        func codec(_ type: SQLType, _ shape: String, _ codec: BlockCodec) throws -> BlockCodec {
            try encode(TestColumn(type, shape, 2_048, .some, 3), .only(codec))[0].codec
        }
        #expect(try codec(.integer, "narrow", .mostly16) == .mostly16)
        #expect(try codec(.bigint, "few", .mostly8) == .mostly8)
        #expect(try codec(.bigint, "wide", .mostly32) == .raw)
        #expect(try codec(.double, "runs", .runLength) == .runLength)
        #expect(try codec(.varchar(length: 4_000), "words", .text255) == .text255)
        #expect(try codec(.varchar(length: 4_000), "words", .text32k) == .text32k)
        #expect(try codec(.bigint, "wide", .dictionary) == .raw)
    }

    @Test("the worked example of docs/storage-format.md")
    func workedExample() throws {
        let column = TestColumn(type: .integer, name: "example", values: [.integer(7), .integer(9), nil, .integer(8)])
        let frame = [7] + [UInt8](repeating: 0, count: 15) + [2] + [UInt8](repeating: 0, count: 7)
        #expect(try encode(column, .smallest)[0].bytes == [1, 3, 1, 0, 4, 0, 0, 0, 0x0B] + frame + [0x68])
    }

    @Test("any form of a vector can be encoded")
    func inputForms() throws {
        for column in TestColumn.all(count: 700, nulls: .some, seed: 11) {
            let narrow = try decode(try encode(column, .smallest), column.type.storage).slice(100..<600)
            let encoder = ColumnEncoder(type: column.type, choice: .smallest, compressor: nil)
            let again = try decode(try encoder.encode(narrow), column.type.storage)
            #expect(again.bits == Array(column.bits[100..<600]), "\(column)")
        }
        let constant = Vector.constant(.date(-5), kind: .int32, count: 9)
        let encoder = ColumnEncoder(type: .date, choice: .smallest, compressor: nil)
        #expect(try decode(encoder.encode(constant), .int32).bits == Array(repeating: .number(-5), count: 9))
    }

    @Test("corrupt blocks throw, whatever is flipped or cut off", arguments: UInt64(0)..<8)
    func corruption(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for column in TestColumn.all(count: 70, nulls: seed % 2 == 0 ? .some : .none, seed: seed) {
            for choice in choices {
                guard let block = try encode(column, choice).first else { continue }
                for _ in 0..<3 {
                    var bytes = block.bytes
                    for _ in 0...random.next() % 3 {
                        bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8))
                    }
                    // The header is where the lengths are.
                    if random.next() % 2 == 0 {
                        bytes[Int(random.next() % UInt64(min(48, bytes.count)))] = UInt8(random.next() & 0xFF)
                    }
                    if random.next() % 3 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
                    touch(bytes, column.type.storage)
                }
            }
        }
    }

    /// Decodes, and reads every row that is said to be there.
    private func touch(_ bytes: [UInt8], _ kind: StorageKind) {
        do throws(SQLError) {
            let vector = try ColumnDecoder(kind: kind, decompressor: RunCompressor()).decode(Buffer(bytes))
            #expect(vector.bits.count == vector.count)
        } catch {
            #expect(error.state == .dataCorrupted, "\(error)")
        }
    }
}

@Suite("Bit packing") struct EncodingsBitPackingTests {
    @Test("every width, every tail", arguments: Array(0...57) + [64])
    func widths(width: Int) {
        var random = SplitMix64(seed: UInt64(width))
        let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
            let codes = (0..<count).map { _ in random.next() & mask }
            var output = ByteWriter()
            codes.withUnsafeBufferPointer { BitPacking.pack($0, width: width, to: &output) }
            #expect(output.count == BitPacking.byteCount(count, width: width))
            #expect(unpacked(output.bytes, width, count, UInt64.self) == codes, "\(count) codes of \(width) bits")
            if width <= 16 { #expect(unpacked(output.bytes, width, count, UInt16.self).map(UInt64.init) == codes) }
            if width <= 8 { #expect(unpacked(output.bytes, width, count, UInt8.self).map(UInt64.init) == codes) }
        }
    }

    private func unpacked<Code: FixedWidthInteger & UnsignedInteger>(
        _ bytes: [UInt8], _ width: Int, _ count: Int, _: Code.Type
    ) -> [Code] {
        bytes.withUnsafeBytes { source in
            [Code](unsafeUninitializedCapacity: count) { target, initialized in
                BitPacking.unpack(source, width: width, into: UnsafeMutableBufferPointer(rebasing: target[..<count]))
                initialized = count
            }
        }
    }
}

extension [UInt8] {
    fileprivate var trimmed: [UInt8] {
        var copy = self
        while copy.last == 0x20 { copy.removeLast() }
        return copy
    }
}
