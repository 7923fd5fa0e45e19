import SQLTypes

/// Up to 255 frequent strings of one to eight bytes, each of which a byte stands for; 255 is followed by a byte that
/// stands for itself. Unpacks at one store of eight bytes a symbol.
///
///     offset  bytes
///     0       1      symbols
///     1       …      their lengths, a byte each; then their bytes, one symbol after the other
///     …       …      codes
/// - Source: Boncz, Neumann, Leis, "FSST: Fast Random Access String Compression", VLDB 2020.
struct SymbolTable {
    struct Symbol {
        /// First byte lowest; zeros above the last.
        var word: UInt64
        var length: Int
    }
    private(set) var symbols: [Symbol]

    static let symbolMaximum = 255
    static let escape: UInt8 = 255
    static let lengthMaximum = 8

    init(_ symbols: [Symbol]) {
        assert(symbols.count <= SymbolTable.symbolMaximum, "\(symbols.count) symbols")
        self.symbols = symbols
    }

    /// The bytes by a table made for them; nil if that saves less than a tenth.
    static func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.count > 64 else { return nil }
        let table = SymbolTrainer.table(for: bytes)
        let limit = bytes.count / 10 * 9
        var output = ByteWriter(capacity: limit)
        output.u8(UInt8(table.symbols.count))
        for symbol in table.symbols { output.u8(UInt8(symbol.length)) }
        for symbol in table.symbols {
            for index in 0..<symbol.length { output.u8(UInt8(truncatingIfNeeded: symbol.word >> UInt64(8 * index))) }
        }
        let header = output.bytes
        guard header.count < limit else { return nil }
        var isSmall = false
        let packed = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
            guard let start = target.baseAddress else { return }
            _ = target.update(fromContentsOf: header)
            let used = SymbolMatcher(table.symbols).encode(bytes, to: start + header.count, limit: limit - header.count)
            isSmall = used != nil
            count = header.count + (used ?? 0)
        }
        return isSmall ? packed : nil
    }

    /// Fills all of `target`; anything but exactly so many bytes is an error.
    static func decompress(
        _ stored: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) throws(SQLError) {
        var reader = ByteReader(stored)
        let count = Int(try reader.u8())
        var lengths = [UInt8](repeating: 0, count: 256)
        for symbol in 0..<count {
            lengths[symbol] = try reader.u8()
            guard lengths[symbol] >= 1, lengths[symbol] <= lengthMaximum, symbol < symbolMaximum else {
                throw .corrupt("a symbol of \(lengths[symbol]) bytes")
            }
        }
        var words = [UInt64](repeating: 0, count: 256)
        for symbol in 0..<count {
            for index in 0..<Int(lengths[symbol]) { words[symbol] |= UInt64(try reader.u8()) << UInt64(8 * index) }
        }
        let codes = try reader.raw(stored.count - reader.position)
        let isWhole = words.withUnsafeBufferPointer { words in
            lengths.withUnsafeBufferPointer { lengths in decode(codes, words, lengths, into: target) }
        }
        guard isWhole else { throw .corrupt("symbols that do not unpack to \(target.count) bytes") }
    }

    /// False: other than exactly as many bytes came out, or a code that is no symbol was met (its length is 0).
    private static func decode(
        _ codes: UnsafeRawBufferPointer, _ words: UnsafeBufferPointer<UInt64>, _ lengths: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let output = target.baseAddress, let input = codes.baseAddress else { return target.count == codes.count }
        let end = target.count
        let codeCount = codes.count
        var position = 0
        var next = 0
        while next < codeCount && position &+ lengthMaximum <= end {
            let code = input.load(fromByteOffset: next, as: UInt8.self)
            next &+= 1
            if code == escape {
                guard next < codeCount else { return false }
                output.storeBytes(
                    of: input.load(fromByteOffset: next, as: UInt8.self), toByteOffset: position, as: UInt8.self)
                next &+= 1
                position &+= 1
            } else {
                output.storeBytes(of: words[Int(code)].littleEndian, toByteOffset: position, as: UInt64.self)
                let length = Int(lengths[Int(code)])
                guard length > 0 else { return false }
                position &+= length
            }
        }
        // The last bytes, which a store of eight would leave.
        while next < codeCount {
            let code = input.load(fromByteOffset: next, as: UInt8.self)
            next &+= 1
            var word = words[Int(code)]
            var length = Int(lengths[Int(code)])
            if code == escape {
                guard next < codeCount else { return false }
                word = UInt64(input.load(fromByteOffset: next, as: UInt8.self))
                length = 1
                next &+= 1
            }
            guard length > 0, position + length <= end else { return false }
            for index in 0..<length {
                output.storeBytes(
                    of: UInt8(truncatingIfNeeded: word >> UInt64(8 * index)), toByteOffset: position + index,
                    as: UInt8.self)
            }
            position += length
        }
        return position == end
    }
}

/// Finds the longest symbol at a place in a text: those of three bytes and more by a hash of their first three, of which
/// each slot has one; shorter ones by their first two bytes.
struct SymbolMatcher {
    fileprivate struct Slot {
        var word: UInt64 = 0
        /// Ones where the symbol has bytes.
        var mask: UInt64 = .max
        var code: UInt16 = 0
        var length: UInt16 = 0
    }
    private static let slotBits: UInt64 = 11
    private var slots = [Slot](repeating: Slot(word: 1, mask: 0), count: 1 << 11)
    /// By two bytes: length · 2^9 + code, of the symbol of two bytes or of the first alone; `bytes` + the first byte if
    /// neither is one.
    private var short: [UInt16]
    /// Codes of symbols are below this; a byte without one is this plus the byte.
    static let bytes: UInt16 = 256

    /// Symbols whose slot is taken by one before them are left out: put the best first.
    init(_ symbols: [SymbolTable.Symbol]) {
        short = [UInt16](repeating: 0, count: 1 << 16)
        var first = [UInt16](repeating: 0, count: 256)
        for byte in 0..<256 { first[byte] = 1 << 9 | SymbolMatcher.bytes | UInt16(byte) }
        for (code, symbol) in symbols.enumerated() where symbol.length == 1 {
            first[Int(symbol.word)] = 1 << 9 | UInt16(code)
        }
        for pair in 0..<1 << 16 { short[pair] = first[pair & 0xFF] }
        for (code, symbol) in symbols.enumerated() {
            if symbol.length == 2 { short[Int(symbol.word)] = 2 << 9 | UInt16(code) }
            guard symbol.length > 2 else { continue }
            let slot = SymbolMatcher.slot(of: symbol.word)
            guard slots[slot].length == 0 else { continue }
            let mask = symbol.length == 8 ? UInt64.max : (1 << UInt64(8 * symbol.length)) - 1
            slots[slot] = Slot(word: symbol.word, mask: mask, code: UInt16(code), length: UInt16(symbol.length))
        }
    }

    @inline(__always)
    private static func slot(of word: UInt64) -> Int {
        let prefix = word & 0xFF_FFFF
        return Int(truncatingIfNeeded: (prefix &* 0x9E37_79B9_7F4A_7C15) >> (64 - slotBits))
    }

    /// The tables as pointers, for a loop.
    struct Reader {
        fileprivate let slots: UnsafePointer<Slot>
        fileprivate let short: UnsafePointer<UInt16>

        /// `word`: the next eight bytes, of which `left` (1 or more) belong to the text and the others are 0.
        @inline(__always)
        func longest(_ word: UInt64, left: Int) -> (code: Int, length: Int) {
            let slot = slots + SymbolMatcher.slot(of: word)
            if word & slot.pointee.mask == slot.pointee.word, Int(slot.pointee.length) <= left {
                return (Int(slot.pointee.code), Int(slot.pointee.length))
            }
            let found = short[Int(truncatingIfNeeded: word & 0xFFFF)]
            let length = Int(found >> 9)
            if length <= left { return (Int(found & 0x1FF), length) }
            // The last byte of the text, which a symbol of two may not take: as it is.
            return (Int(SymbolMatcher.bytes) | Int(word & 0xFF), 1)
        }
    }

    func withReader<R>(_ body: (Reader) -> R) -> R {
        slots.withUnsafeBufferPointer { slots in
            short.withUnsafeBufferPointer { short in
                guard let slotStart = slots.baseAddress, let shortStart = short.baseAddress else {
                    preconditionFailure("tables without memory")
                }
                return body(Reader(slots: slotStart, short: shortStart))
            }
        }
    }

    /// Eight bytes at `position`, zeros past the end.
    @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        if position &+ 8 <= bytes.count {
            return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        }
        var word: UInt64 = 0
        for index in position..<bytes.count { word |= UInt64(bytes[index]) << UInt64(8 * (index - position)) }
        return word
    }

    /// Writes codes; how many bytes they take, nil if more than `limit`.
    func encode(_ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<UInt8>, limit: Int) -> Int? {
        withReader { reader in
            var used = 0
            var position = 0
            while position < bytes.count {
                guard used &+ 2 <= limit else { return nil }
                let found = reader.longest(SymbolMatcher.word(bytes, position), left: bytes.count - position)
                if found.code < Int(SymbolMatcher.bytes) {
                    target[used] = UInt8(truncatingIfNeeded: found.code)
                    used &+= 1
                } else {
                    target[used] = SymbolTable.escape
                    target[used &+ 1] = UInt8(truncatingIfNeeded: found.code)
                    used &+= 2
                }
                position &+= found.length
            }
            return used
        }
    }
}
