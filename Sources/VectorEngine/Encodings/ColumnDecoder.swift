package import SQLTypes

/// Unpacks blocks to vectors, as narrow as their values allow: integers to codes of 8, 16 or 32 bits if they span so
/// little, strings to codes into a dictionary if they came with one.
///
/// Bytes that no encoder made give an error (`dataCorrupted`), never a trap or a read outside the block; codes lie
/// within their dictionary, strings within the buffers that own them.
package struct ColumnDecoder: Sendable {
    package let kind: StorageKind
    /// What the encoder's compressor made; nil: a block with compressed strings is refused.
    package let decompressor: (any ByteCompressor)?

    package init(kind: StorageKind, decompressor: (any ByteCompressor)?) {
        self.kind = kind
        self.decompressor = decompressor
    }

    /// All rows of one block. The vector may point into `block`.
    package func decode(_ block: Buffer) throws(SQLError) -> Vector {
        var reader = ByteReader(UnsafeRawBufferPointer(block.values(as: UInt8.self)))
        let header = try BlockHeader(from: &reader)
        guard header.kind == kind else { throw .corrupt("a block of \(header.kind) in a column of \(kind)") }
        if header.codec == .allNull {
            try reader.expectEnd()
            return .nulls(kind: kind, count: header.rowCount)
        }
        let validity =
            header.flags & BlockHeader.hasNulls != 0 ? try unpackValidity(&reader, rowCount: header.rowCount) : nil
        let form =
            kind == .bytes
            ? try strings(&reader, header, block) : try numbers(&reader, header)
        try reader.expectEnd()
        return Vector(kind: kind, count: header.rowCount, form: form, validity: validity)
    }

    private func unpackValidity(_ reader: inout ByteReader, rowCount: Int) throws(SQLError) -> Buffer {
        let bits = try reader.raw(BitPacking.byteCount(rowCount, width: 1))
        return Buffer(count: rowCount, of: UInt8.self) { BitPacking.unpack(bits, width: 1, into: $0) }
    }

    // MARK: Numbers

    private func numbers(_ reader: inout ByteReader, _ header: BlockHeader) throws(SQLError) -> Vector.Form {
        if header.flags & BlockHeader.isWide != 0 { return try wide(&reader, header) }
        let frame = try NumberFrame(from: &reader, kind: kind)
        let count = header.rowCount
        switch kind {
        case .float32: return .flat(try codes(UInt32.self, &reader, header, frame))
        case .float64: return .flat(try codes(UInt64.self, &reader, header, frame))
        case .int128:
            let narrow = try codes(UInt64.self, &reader, header, frame)
            return .flat(
                Buffer(count: count, of: Int128.self) { target in
                    narrow.withSpan(of: UInt64.self) { codes in
                        for row in 0..<count { target[row] = frame.base &+ Int128(codes[row]) }
                    }
                })
        case .int8, .int16, .int32, .int64, .bytes: break
        }
        let base = Int64(truncatingIfNeeded: frame.base)
        switch frame.range {
        case 0...0xFF: return .coded(.u8(try codes(UInt8.self, &reader, header, frame)), base: base)
        case 0...0xFFFF: return .coded(.u16(try codes(UInt16.self, &reader, header, frame)), base: base)
        case 0...0xFFFF_FFFF: return .coded(.u32(try codes(UInt32.self, &reader, header, frame)), base: base)
        default: return .flat(try codes(UInt64.self, &reader, header, frame, plus: UInt64(bitPattern: base)))
        }
    }

    private func wide(_ reader: inout ByteReader, _ header: BlockHeader) throws(SQLError) -> Vector.Form {
        guard kind == .int128, header.codec == .raw else { throw .corrupt("a wide block of \(kind), \(header.codec)") }
        let source = try reader.raw(header.rowCount * 16)
        return .flat(
            Buffer(count: header.rowCount, of: Int128.self) { target in
                for row in 0..<target.count {
                    target[row] = Int128(littleEndian: source.loadUnaligned(fromByteOffset: row * 16, as: Int128.self))
                }
            })
    }

    /// The block's codes, none above the range; `plus` is then added to each, wrapping.
    private func codes<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Code.Type, _ reader: inout ByteReader, _ header: BlockHeader, _ frame: NumberFrame, plus base: Code = 0
    ) throws(SQLError) -> Buffer {
        var rest = reader
        let buffer = try Buffer(count: header.rowCount, of: Code.self) { (target) throws(SQLError) in
            switch header.codec {
            case .raw: try RawNumbers.decode(&rest, frame, kind: kind, into: target)
            case .packed: try PackedNumbers.decode(&rest, frame, into: target)
            case .delta: try DeltaNumbers.decode(&rest, into: target)
            case .mostly8, .mostly16, .mostly32: try MostlyNumbers.decode(&rest, frame, header.codec, into: target)
            case .runLength: try RunLengthNumbers.decode(&rest, into: target)
            case .dictionary: try DictionaryNumbers.decode(&rest, frame, into: target)
            case .text255, .text32k, .deflate, .symbols, .allNull: throw .corrupt("codec \(header.codec) for numbers")
            }
            var highest: Code = 0
            for code in target { highest = max(highest, code) }
            guard UInt64(highest) <= frame.range else {
                throw .corrupt("code \(highest) in a block with a range of \(frame.range)")
            }
            if base != 0 {
                for row in 0..<target.count { target[row] = target[row] &+ base }
            }
        }
        reader = rest
        return buffer
    }

    // MARK: Strings

    private func strings(
        _ reader: inout ByteReader, _ header: BlockHeader, _ block: Buffer
    ) throws(SQLError) -> Vector.Form {
        switch header.codec {
        case .raw, .deflate, .symbols:
            let (views, owner) = try StringSection.decode(&reader, of: block, decompressor: decompressor)
            return try viewsForm(views, owner, header)
        case .text255, .text32k:
            let (views, owner) = try WordDictionary.decode(&reader, header.codec, rowCount: header.rowCount, of: block)
            return try viewsForm(views, owner, header)
        case .dictionary, .runLength:
            let (views, owner) = try StringSection.decode(&reader, of: block, decompressor: decompressor)
            let dictionary = StringDictionary(views: views, owners: [owner])
            return .dictionary(try dictionaryCodes(&reader, header, entries: dictionary.count), dictionary)
        case .packed, .delta, .mostly8, .mostly16, .mostly32, .allNull:
            throw .corrupt("codec \(header.codec) for strings")
        }
    }

    private func viewsForm(_ views: Buffer, _ owner: Buffer, _ header: BlockHeader) throws(SQLError) -> Vector.Form {
        let count = views.count(of: StringView.self)
        guard count == header.rowCount else { throw .corrupt("\(count) strings for \(header.rowCount) rows") }
        return .views(views, owners: [owner])
    }

    private func dictionaryCodes(
        _ reader: inout ByteReader, _ header: BlockHeader, entries: Int
    ) throws(SQLError) -> Codes {
        guard entries > 0 || header.rowCount == 0 else { throw .corrupt("an empty dictionary") }
        return entries <= 256
            ? .u8(try dictionaryCodes(UInt8.self, &reader, header, entries))
            : .u16(try dictionaryCodes(UInt16.self, &reader, header, entries))
    }

    private func dictionaryCodes<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _: Code.Type, _ reader: inout ByteReader, _ header: BlockHeader, _ entries: Int
    ) throws(SQLError) -> Buffer {
        var rest = reader
        let buffer = try Buffer(count: header.rowCount, of: Code.self) { (target) throws(SQLError) in
            if header.codec == .runLength {
                try RunLengths.decode(&rest, into: target)
            } else {
                let width = BitPacking.width(for: UInt64(max(entries - 1, 0)))
                let packed = try rest.raw(BitPacking.byteCount(target.count, width: width))
                BitPacking.unpack(packed, width: width, into: target)
            }
            var highest: Code = 0
            for code in target { highest = max(highest, code) }
            guard target.isEmpty || Int(highest) < entries else {
                throw .corrupt("code \(highest) in a dictionary of \(entries)")
            }
        }
        reader = rest
        return buffer
    }
}

extension NumberFrame {
    /// Checks that all values of the frame are of that kind, so that base + code never overflows it.
    init(from reader: inout ByteReader, kind: StorageKind) throws(SQLError) {
        base = try reader.i128()
        range = try reader.u64()
        let (highest, overflows) = base.addingReportingOverflow(Int128(range))
        let lowerBound: Int128
        let upperBound: Int128
        switch kind {
        case .int8: (lowerBound, upperBound) = (Int128(Int8.min), Int128(Int8.max))
        case .int16: (lowerBound, upperBound) = (Int128(Int16.min), Int128(Int16.max))
        case .int32: (lowerBound, upperBound) = (Int128(Int32.min), Int128(Int32.max))
        case .int64: (lowerBound, upperBound) = (Int128(Int64.min), Int128(Int64.max))
        case .int128: (lowerBound, upperBound) = (Int128.min, Int128.max)
        case .float32: (lowerBound, upperBound) = (0, Int128(UInt32.max))
        case .float64: (lowerBound, upperBound) = (0, Int128(UInt64.max))
        case .bytes: throw .corrupt("a frame of strings")
        }
        guard !overflows, base >= lowerBound, highest <= upperBound, !kind.isFloat || base == 0 else {
            throw .corrupt("values \(base) and up to \(range) more in a column of \(kind)")
        }
    }
}

extension StorageKind {
    fileprivate var isFloat: Bool { self == .float32 || self == .float64 }
}
