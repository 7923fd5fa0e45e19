import SQLTypes

extension ColumnEncoder {
    func encodeStrings(_ source: BlockSource) throws(SQLError) -> EncodedBlock {
        switch choice {
        case .only(.raw): return try encodeRaw(source, by: .none)
        case .only(.deflate): return try encodeRaw(source, by: compressor.map { .general($0) } ?? .none)
        case .only(.symbols): return try encodeRaw(source, by: .symbols)
        case .only(.text255), .only(.text32k):
            if let block = try encodeWords(source) { return block }
            return try encodeRaw(source, by: .none)
        case .only, .smallest: break
        }
        guard let distinct = DistinctStrings(source), let codec = dictionaryCodec(distinct, source) else {
            return try encodeRaw(source, by: compression)
        }
        return try encode(source, distinct, codec)
    }

    /// Strings that came as codes; nil if they are better stored as text.
    func encodeCodes(_ source: BlockSource, of dictionary: StringDictionary) throws(SQLError) -> EncodedBlock? {
        let distinct = DistinctStrings(source, of: dictionary)
        guard let codec = dictionaryCodec(distinct, source) else { return nil }
        return try encode(source, distinct, codec)
    }

    /// Whether codes are an answer to the choice at all.
    var allowsDictionary: Bool {
        switch choice {
        case .smallest, .only(.dictionary), .only(.runLength): true
        case .only: false
        }
    }

    /// nil: a dictionary saves less than a third of the text, which is not worth the look-ups.
    private func dictionaryCodec(_ distinct: DistinctStrings, _ source: BlockSource) -> BlockCodec? {
        let codeBytes = BitPacking.byteCount(source.count, width: distinct.codeWidth)
        let codec: BlockCodec
        switch choice {
        case .only(.runLength): codec = .runLength
        case .smallest:
            let runBytes = RunLengths.byteCountMax(
                runs: distinct.runCount, width: distinct.codeWidth, rows: source.count)
            codec = runBytes < codeBytes / 2 ? .runLength : .dictionary
        case .only: codec = .dictionary
        }
        let plain = distinct.rowBytes(of: source) + source.count * 2
        let dictionary = distinct.textBytes + distinct.entries.count * 2 + codeBytes
        return dictionary < plain * 2 / 3 || codec == .runLength ? codec : nil
    }

    /// A declared encoding means just that.
    private var compression: StringSection.Compression {
        guard choice == .smallest else { return .none }
        return compressor.map { .general($0) } ?? .symbols
    }

    /// Lengths and bytes, compressed if that pays.
    private func encodeRaw(
        _ source: BlockSource, by compression: StringSection.Compression
    ) throws(SQLError) -> EncodedBlock {
        var payload = ByteWriter(capacity: source.textRange.count + source.count * 2)
        let bytes = UnsafeRawBufferPointer(source.text(source.textRange))
        let form = try StringSection.encode(lengths: source.lengths, bytes: bytes, by: compression, to: &payload)
        let codec: BlockCodec =
            switch form {
            case .plain: .raw
            case .deflated: .deflate
            case .symbols: .symbols
            }
        var output = source.begin(codec, capacity: payload.count)
        output.raw(payload.bytes)
        return finish(source, codec, output)
    }

    /// The distinct strings, and each row's code among them: packed, or as runs.
    private func encode(
        _ source: BlockSource, _ distinct: DistinctStrings, _ codec: BlockCodec
    ) throws(SQLError) -> EncodedBlock {
        var text: [UInt8] = []
        text.reserveCapacity(distinct.textBytes)
        for entry in distinct.entries { text.append(contentsOf: entry) }
        var output = source.begin(codec, capacity: text.count + source.count * 2)
        let lengths = distinct.entries.map { UInt32($0.count) }
        var section = ByteWriter(capacity: text.count)
        let result = text.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in
                try StringSection.encode(lengths: lengths, bytes: bytes, by: compression, to: &section)
            }
        }
        _ = try result.get()
        output.raw(section.bytes)
        if codec == .runLength {
            RunLengths.encode(distinct.codes, to: &output)
        } else {
            distinct.codes.withUnsafeBufferPointer { BitPacking.pack($0, width: distinct.codeWidth, to: &output) }
        }
        var bounds = StringBounds(type: type)
        for entry in distinct.entries { bounds.add(entry) }
        return source.finish(codec, output, minimum: bounds.lower(type: type), maximum: bounds.upper(type: type))
    }

    /// nil: the words do not repeat enough, or do not suit.
    private func encodeWords(_ source: BlockSource) throws(SQLError) -> EncodedBlock? {
        guard case .only(let codec) = choice else { return nil }
        guard let payload = try WordDictionary.encode(source, codec) else { return nil }
        var output = source.begin(codec, capacity: payload.count)
        output.raw(payload.bytes)
        return finish(source, codec, output)
    }

    private func finish(_ source: BlockSource, _ codec: BlockCodec, _ output: ByteWriter) -> EncodedBlock {
        var bounds = StringBounds(type: type)
        let validity = source.validity
        for row in 0..<source.count where validity.map({ $0[row] != 0 }) ?? true {
            bounds.add(source.text(source.textRange(row)))
        }
        return source.finish(codec, output, minimum: bounds.lower(type: type), maximum: bounds.upper(type: type))
    }
}
