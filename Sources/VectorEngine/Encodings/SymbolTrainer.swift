/// Makes a symbol table for a text: encodes a sample with the table so far, counts which symbols and which pairs of
/// neighbours occur, and takes those that stand for the most bytes; some rounds of it, from bytes up.
/// - Source: Boncz, Neumann, Leis, "FSST: Fast Random Access String Compression", VLDB 2020, section 4.3.
enum SymbolTrainer {
    private static let sampleBytes = 16_384
    private static let pieceBytes = 512
    private static let rounds = 5
    /// Single bytes count so many times: without them each occurrence takes two.
    private static let byteWeight = 8
    /// A pair that occurs less often is no symbol.
    private static let pairMinimum: UInt16 = 3

    private typealias Symbol = SymbolTable.Symbol

    static func table(for bytes: UnsafeRawBufferPointer) -> SymbolTable {
        let pieces = sample(bytes)
        var symbols: [Symbol] = []
        var pairCounts = [UInt16](repeating: 0, count: 512 * 512)
        for round in 0..<rounds {
            symbols = next(symbols, pieces, bytes, &pairCounts, addsPairs: round < rounds - 1)
        }
        return SymbolTable(symbols)
    }

    /// Pieces evenly spread over the text.
    private static func sample(_ bytes: UnsafeRawBufferPointer) -> [Range<Int>] {
        guard bytes.count > sampleBytes else { return [0..<bytes.count] }
        let count = sampleBytes / pieceBytes
        return (0..<count).map { piece in
            let start = (bytes.count - pieceBytes) / (count - 1) * piece
            return start..<start + pieceBytes
        }
    }

    private struct Candidate {
        var symbol: Symbol
        var gain: Int
    }

    private static func next(
        _ symbols: [Symbol], _ pieces: [Range<Int>], _ bytes: UnsafeRawBufferPointer, _ pairCounts: inout [UInt16],
        addsPairs: Bool
    ) -> [Symbol] {
        var counts = [Int](repeating: 0, count: 512)
        var pairs: [Int32] = []
        pairs.reserveCapacity(sampleBytes)
        let matcher = SymbolMatcher(symbols)
        pairCounts.withUnsafeMutableBufferPointer { pairCounts in
            matcher.withReader { reader in
                for piece in pieces {
                    let text = UnsafeRawBufferPointer(rebasing: bytes[piece])
                    var previous = -1
                    var position = 0
                    while position < text.count {
                        let word = SymbolMatcher.word(text, position)
                        let found = reader.longest(word, left: text.count - position)
                        counts[found.code] += 1
                        // The byte alone stays in the running.
                        if found.length > 1 { counts[Int(SymbolMatcher.bytes) | Int(word & 0xFF)] += 1 }
                        if previous >= 0 {
                            let pair = previous << 9 | found.code
                            if pairCounts[pair] == 0 { pairs.append(Int32(truncatingIfNeeded: pair)) }
                            if pairCounts[pair] < .max { pairCounts[pair] &+= 1 }
                        }
                        previous = found.code
                        position &+= found.length
                    }
                }
            }
        }
        func symbol(_ code: Int) -> Symbol {
            code < Int(SymbolMatcher.bytes) ? symbols[code] : Symbol(word: UInt64(code & 0xFF), length: 1)
        }
        var candidates: [Candidate] = []
        for code in counts.indices where counts[code] > 0 {
            let symbol = symbol(code)
            let weight = symbol.length == 1 ? byteWeight : symbol.length
            candidates.append(Candidate(symbol: symbol, gain: counts[code] * weight))
        }
        for pair in pairs {
            let count = pairCounts[Int(pair)]
            pairCounts[Int(pair)] = 0
            guard addsPairs, count >= pairMinimum else { continue }
            let first = symbol(Int(pair) >> 9)
            let second = symbol(Int(pair) & 0x1FF)
            guard first.length < SymbolTable.lengthMaximum else { continue }
            let length = min(first.length + second.length, SymbolTable.lengthMaximum)
            let kept = UInt64(8 * (length - first.length))
            let rest = kept == 64 ? second.word : second.word & ((1 << kept) - 1)
            let joined = Symbol(word: first.word | rest << UInt64(8 * first.length), length: length)
            candidates.append(Candidate(symbol: joined, gain: Int(count) * length))
        }
        return best(of: candidates)
    }

    /// The candidates of the largest gain, each symbol once.
    private static func best(of candidates: [Candidate]) -> [Symbol] {
        // The same symbol may be made of several pairs: brought together by sorting.
        var ordered = candidates.sorted {
            $0.symbol.word != $1.symbol.word
                ? $0.symbol.word < $1.symbol.word : $0.symbol.length < $1.symbol.length
        }
        var kept = 0
        for index in ordered.indices {
            if kept > 0, ordered[kept - 1].symbol.word == ordered[index].symbol.word,
                ordered[kept - 1].symbol.length == ordered[index].symbol.length
            {
                ordered[kept - 1].gain += ordered[index].gain
            } else {
                ordered[kept] = ordered[index]
                kept += 1
            }
        }
        return ordered[..<kept].sorted { $0.gain > $1.gain }.prefix(SymbolTable.symbolMaximum).map(\.symbol)
    }
}
