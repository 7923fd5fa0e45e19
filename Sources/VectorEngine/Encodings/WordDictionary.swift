import SQLTypes

/// TEXT255 and TEXT32K: words that come again are stored once for the block. A word is what stands between two blanks.
///
///     offset  bytes
///     0       …      the dictionary's words (`StringSection`)
///     …       4      bytes of all strings, unpacked
///     …       1      width of a length in bits
///     …       4      bytes of all tokens
///     …       …      packed lengths of each row's tokens, in bytes
///     …       …      the tokens
///
/// A row is its tokens, joined by single blanks; no token is the empty string. A token is the number of a word, 1 byte
/// in TEXT255 and 2 in TEXT32K, or an escape (255, 65,535), a length in 2 bytes and so many bytes, words and blanks, as
/// they are.
/// - Source: Redshift developer guide, "Text255 and Text32k encodings": the first 245 words; words of 32 KB in all.
enum WordDictionary {
    private static let wordsMax255 = 245
    private static let textMax32K = 32_768
    /// What a token's 16-bit length can tell.
    private static let stringBytesMax = 65_535

    private struct Words {
        var numbers: [ArraySlice<UInt8>: Int] = [:]
        var lengths: [UInt32] = []
        var text: [UInt8] = []
    }

    /// nil: no smaller than the strings themselves, or a string too long.
    static func encode(_ source: BlockSource, _ codec: BlockCodec) throws(SQLError) -> ByteWriter? {
        let strings = Array(source.text(source.textRange))
        let start = source.textRange.lowerBound
        let words = collect(source, strings, start, codec)
        var tokens = ByteWriter(capacity: strings.count / 2)
        var lengths: [UInt32] = []
        lengths.reserveCapacity(source.count)
        for row in 0..<source.count {
            let range = source.textRange(row)
            guard range.count <= stringBytesMax else { return nil }
            let before = tokens.count
            let string = strings[range.lowerBound - start..<range.upperBound - start]
            if !string.isEmpty { encode(string, words, codec, to: &tokens) }
            lengths.append(UInt32(tokens.count - before))
        }
        let lengthWidth = BitPacking.width(for: UInt64(lengths.max() ?? 0))
        var output = ByteWriter(capacity: tokens.count + words.text.count)
        let result = words.text.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in
                try StringSection.encode(lengths: words.lengths, bytes: bytes, by: .none, to: &output)
            }
        }
        _ = try result.get()
        output.u32(UInt32(strings.count))
        output.u8(UInt8(lengthWidth))
        output.u32(UInt32(tokens.count))
        lengths.withUnsafeBufferPointer { BitPacking.pack($0, width: lengthWidth, to: &output) }
        output.raw(tokens.bytes)
        return output.count < strings.count ? output : nil
    }

    private static func collect(
        _ source: BlockSource, _ strings: [UInt8], _ start: Int, _ codec: BlockCodec
    ) -> Words {
        var words = Words()
        for row in 0..<source.count {
            let range = source.textRange(row)
            let string = strings[range.lowerBound - start..<range.upperBound - start]
            for word in string.split(separator: 0x20, omittingEmptySubsequences: true) {
                let isFull =
                    codec == .text255
                    ? words.lengths.count >= wordsMax255 : words.text.count + word.count > textMax32K
                guard !isFull else {
                    if codec == .text255 { return words }
                    continue
                }
                guard words.numbers[word] == nil else { continue }
                words.numbers[word] = words.lengths.count
                words.lengths.append(UInt32(word.count))
                words.text.append(contentsOf: word)
            }
        }
        return words
    }

    private static func encode(
        _ string: ArraySlice<UInt8>, _ words: Words, _ codec: BlockCodec, to tokens: inout ByteWriter
    ) {
        var literal: ArraySlice<UInt8>?
        func flush(_ tokens: inout ByteWriter) {
            guard let pending = literal else { return }
            if codec == .text255 { tokens.u8(.max) } else { tokens.u16(.max) }
            tokens.u16(UInt16(pending.count))
            tokens.raw(Array(pending))
            literal = nil
        }
        for word in string.split(separator: 0x20, omittingEmptySubsequences: false) {
            if let number = words.numbers[word] {
                flush(&tokens)
                if codec == .text255 { tokens.u8(UInt8(number)) } else { tokens.u16(UInt16(number)) }
            } else {
                // Neighbouring words that are not in the dictionary make one literal, blanks included.
                literal = string[(literal?.startIndex ?? word.startIndex)..<word.endIndex]
            }
        }
        flush(&tokens)
    }

    /// The strings, in a buffer of their own.
    static func decode(
        _ reader: inout ByteReader, _ codec: BlockCodec, rowCount: Int, of block: Buffer
    ) throws(SQLError) -> (views: Buffer, owner: Buffer) {
        let words = try StringSection.decode(&reader, of: block, decompressor: nil)
        let byteCount = Int(try reader.u32())
        let lengthWidth = Int(try reader.u8())
        let tokenBytes = Int(try reader.u32())
        guard byteCount <= StringSection.bytesMax, lengthWidth <= 32 else {
            throw .corrupt("\(byteCount) bytes of strings, lengths of \(lengthWidth) bits")
        }
        let packedLengths = try reader.raw(BitPacking.byteCount(rowCount, width: lengthWidth))
        let tokenLengths = [UInt32](unsafeUninitializedCapacity: rowCount) { target, count in
            BitPacking.unpack(
                packedLengths, width: lengthWidth, into: UnsafeMutableBufferPointer(rebasing: target[..<rowCount]))
            count = rowCount
        }
        let tokens = try reader.raw(tokenBytes)
        var lengths: [UInt32] = []
        lengths.reserveCapacity(rowCount)
        let owner = try Buffer(count: byteCount, of: UInt8.self) { (target) throws(SQLError) in
            var decoder = TokenDecoder(
                tokens: ByteReader(tokens), words: words.views.values(as: StringView.self), target: target,
                isNarrow: codec == .text255)
            defer { withExtendedLifetime(words) {} }
            for length in tokenLengths { lengths.append(try decoder.string(tokenBytes: Int(length))) }
            try decoder.expectEnd()
        }
        return (
            try StringSection.views(of: UnsafeRawBufferPointer(owner.values(as: UInt8.self)), lengths: lengths), owner
        )
    }

    private struct TokenDecoder {
        var tokens: ByteReader
        let words: UnsafeBufferPointer<StringView>
        let target: UnsafeMutableBufferPointer<UInt8>
        let isNarrow: Bool
        var position = 0

        init(
            tokens: ByteReader, words: UnsafeBufferPointer<StringView>, target: UnsafeMutableBufferPointer<UInt8>,
            isNarrow: Bool
        ) {
            self.tokens = tokens
            self.words = words
            self.target = target
            self.isNarrow = isNarrow
        }

        /// The length of the string that the next tokens make.
        mutating func string(tokenBytes: Int) throws(SQLError) -> UInt32 {
            let start = position
            let end = tokens.position + tokenBytes
            var isFirst = true
            while tokens.position < end {
                if !isFirst { try append(0x20) }
                isFirst = false
                let number = Int(isNarrow ? UInt16(try tokens.u8()) : try tokens.u16())
                if number == (isNarrow ? 255 : 65_535) {
                    let length = Int(try tokens.u16())
                    try append(try tokens.raw(length))
                } else {
                    guard number < words.count else { throw .corrupt("word \(number) of \(words.count)") }
                    try append(UnsafeRawBufferPointer(words[number].bytes))
                }
            }
            guard tokens.position == end else { throw .corrupt("tokens that end in another row") }
            return UInt32(position - start)
        }

        func expectEnd() throws(SQLError) {
            try tokens.expectEnd()
            guard position == target.count else { throw .corrupt("\(position) bytes of strings for \(target.count)") }
        }

        private mutating func append(_ byte: UInt8) throws(SQLError) {
            guard position < target.count else { throw .corrupt("more than \(target.count) bytes of strings") }
            target[position] = byte
            position += 1
        }

        private mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
            guard bytes.count <= target.count - position else {
                throw .corrupt("more than \(target.count) bytes of strings")
            }
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[position...]).copyMemory(
                from: bytes)
            position += bytes.count
        }
    }
}
