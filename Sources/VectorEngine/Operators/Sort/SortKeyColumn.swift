import SQLTypes

/// One sort column of some rows as numbers whose unsigned order is the order asked for, direction and nulls included.
///
///     type                words                                             exact?
///     integers, dates     value with the sign bit flipped                   yes
///     floats              bits, made monotonic; NaN last                    yes
///     dictionary strings  rank of the entry among the sorted entries        yes, within the dictionary
///     other strings       first 8 bytes without trailing blanks             no: the rest decides ties
///     128-bit integers    as 64 bits, or the nearest that there is          unless there was none nearer
///
/// DESC inverts the words. Nulls have a mark of their own in `nullRank`, before (0) or after (2) the values (1).
final class SortKeyColumn {
    let order: SortOrder
    let count: Int
    let words: Scratch<UInt64>
    /// nil: no row is null.
    let nullRank: Scratch<UInt8>?
    let isExact: Bool
    // What decides between equal words, if they are not exact.
    private let views: Scratch<StringView>?
    private let wides: Scratch<Int128>?
    private let owners: [Buffer]

    /// - Parameter usesRanks: words of dictionary strings may be ranks, which other batches' words cannot be compared
    ///   with.
    init(_ vector: Vector, _ order: SortOrder, usesRanks: Bool) {
        self.order = order
        count = vector.count
        words = Scratch(capacity: vector.count)
        let target = words.pointer
        var isExact = true
        var views: Scratch<StringView>?
        var wides: Scratch<Int128>?
        var owners: [Buffer] = []
        let kind = KeyKind(order.type)
        switch kind {
        case .word:
            vector.copyIntegers(to: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Int64.self))
            for row in 0..<vector.count { target[row] ^= 1 << 63 }
        case .float:
            let memory = Scratch<Double>(capacity: vector.count)
            let source = memory.pointer
            vector.copyDoubles(to: source)
            withExtendedLifetime(memory) {
                for row in 0..<vector.count { target[row] = SortKeyColumn.monotonic(source[row]) }
            }
        case .wide:
            let memory = Scratch<Int128>(capacity: vector.count)
            let source = memory.pointer
            vector.copyIntegers(to: source)
            for row in 0..<vector.count {
                let near = Int64(clamping: source[row])
                target[row] = UInt64(bitPattern: near) ^ 1 << 63
                if near == .max || near == .min { isExact = false }
            }
            wides = memory
        case .text, .bytes:
            let trims = kind == .text
            if usesRanks, SortKeyColumn.writeRanks(vector, trims: trims, to: target) { break }
            let memory = Scratch<StringView>(capacity: vector.count)
            let source = memory.pointer
            owners = vector.copyViews(to: source)
            for row in 0..<vector.count {
                if trims { source[row] = source[row].trimmed }
                target[row] = SortKeyColumn.head(of: source[row])
            }
            views = memory
            isExact = false
        }
        self.isExact = isExact
        self.views = views
        self.wides = wides
        self.owners = owners
        if order.isDescending { for row in 0..<vector.count { target[row] = ~target[row] } }
        nullRank = SortKeyColumn.ranksOfNulls(vector, order, words)
    }

    private static func ranksOfNulls(_ vector: Vector, _ order: SortOrder, _ words: Scratch<UInt64>) -> Scratch<UInt8>?
    {
        guard vector.mayHaveNulls else { return nil }
        let ranks = Scratch<UInt8>(capacity: vector.count)
        vector.copyValidity(to: ranks.pointer)
        let nullRank: UInt8 = order.nullsFirst ? 0 : 2
        for row in 0..<vector.count where ranks.pointer[row] == 0 {
            ranks.pointer[row] = nullRank
            words.pointer[row] = 0
        }
        return ranks
    }

    @inline(__always)
    private static func monotonic(_ value: Double) -> UInt64 {
        let bits = UInt64(bitPattern: KeyBlock.floatBits(value))
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    @inline(__always)
    private static func head(of view: StringView) -> UInt64 {
        let bytes = view.bytes
        if bytes.count >= 8, let start = bytes.baseAddress {
            return UInt64(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        }
        var word = UInt64(view.prefix) << 32
        var index = 4
        while index < Swift.min(bytes.count, 8) {
            word |= UInt64(bytes[index]) << UInt64(8 * (7 - index))
            index += 1
        }
        return word
    }

    /// False unless the vector has a dictionary that is small beside it.
    private static func writeRanks(_ vector: Vector, trims: Bool, to target: UnsafeMutablePointer<UInt64>) -> Bool {
        guard case .dictionary(_, let dictionary) = vector.form, dictionary.count > 0,
            dictionary.count <= Swift.max(vector.count, 256)
        else { return false }
        let entries = dictionary.entries.map { trims ? $0.trimmed : $0 }
        let sorted = entries.indices.sorted { entries[$0].compared(to: entries[$1]) < 0 }
        var ranks = [UInt64](repeating: 0, count: entries.count)
        var rank: UInt64 = 0
        for (position, entry) in sorted.enumerated() {
            if position > 0 && !entries[entry].hasSameBytes(as: entries[sorted[position - 1]]) { rank += 1 }
            ranks[entry] = rank
        }
        let codes = Scratch<UInt32>(capacity: vector.count)
        vector.copyCodes(to: codes.pointer)
        let last = UInt32(ranks.count - 1)
        ranks.withUnsafeBufferPointer { ranks in
            for row in 0..<vector.count { target[row] = ranks[Int(Swift.min(codes.pointer[row], last))] }
        }
        return true
    }

    /// Negative, 0 or positive. `other` may be of another batch if neither has ranks.
    func compare(_ row: Int, _ other: SortKeyColumn, _ otherRow: Int) -> Int {
        let null = nullRank?.pointer[row] ?? 1
        let otherNull = other.nullRank?.pointer[otherRow] ?? 1
        if null != otherNull { return null < otherNull ? -1 : 1 }
        if null != 1 { return 0 }
        let word = words.pointer[row]
        let otherWord = other.words.pointer[otherRow]
        if word != otherWord { return word < otherWord ? -1 : 1 }
        if isExact { return 0 }
        let result = compareRest(row, other, otherRow)
        return order.isDescending ? -result : result
    }

    /// What a comparison of many rows reads, while the column lives.
    var open: OpenSortKey {
        OpenSortKey(
            words: UnsafePointer(words.pointer), nullRanks: nullRank.map { UnsafePointer($0.pointer) },
            views: views.map { UnsafePointer($0.pointer) }, wides: wides.map { UnsafePointer($0.pointer) },
            isExact: isExact, isDescending: order.isDescending)
    }

    /// What row `row` is sorted by, apart from the column. Words must not be ranks, and the row not be null.
    func copy(of row: Int) -> SortKeyCopy {
        SortKeyCopy(
            word: words.pointer[row], wide: wides?.pointer[row] ?? 0,
            bytes: isExact ? [] : views.map { Array($0.pointer[row].bytes) } ?? [], isDescending: order.isDescending)
    }

    private func compareRest(_ row: Int, _ other: SortKeyColumn, _ otherRow: Int) -> Int {
        if let views, let others = other.views { return views.pointer[row].compared(to: others.pointer[otherRow]) }
        if let wides, let others = other.wides {
            let left = wides.pointer[row]
            let right = others.pointer[otherRow]
            return left < right ? -1 : left > right ? 1 : 0
        }
        return 0
    }
}

/// A `SortKeyColumn` without its owner, for loops: whoever keeps it keeps the column.
struct OpenSortKey: BitwiseCopyable {
    let words: UnsafePointer<UInt64>
    let nullRanks: UnsafePointer<UInt8>?
    let views: UnsafePointer<StringView>?
    let wides: UnsafePointer<Int128>?
    let isExact: Bool
    let isDescending: Bool

    /// As `SortKeyColumn.compare`.
    @inline(__always)
    func compare(_ row: Int, _ other: OpenSortKey, _ otherRow: Int) -> Int {
        if nullRanks != nil || other.nullRanks != nil {
            let null = nullRanks?[row] ?? 1
            let otherNull = other.nullRanks?[otherRow] ?? 1
            if null != otherNull { return null < otherNull ? -1 : 1 }
            if null != 1 { return 0 }
        }
        let word = words[row]
        let otherWord = other.words[otherRow]
        if word != otherWord { return word < otherWord ? -1 : 1 }
        if isExact && other.isExact { return 0 }
        let result = compareRest(row, other, otherRow)
        return isDescending ? -result : result
    }

    private func compareRest(_ row: Int, _ other: OpenSortKey, _ otherRow: Int) -> Int {
        if let views, let others = other.views {
            let left = views[row]
            let right = others[otherRow]
            // All their bytes are in the words, which are equal.
            if left.count <= 8 && right.count <= 8 { return left.count - right.count }
            return left.compared(to: right)
        }
        if let wides, let others = other.wides {
            let left = wides[row]
            let right = others[otherRow]
            return left < right ? -1 : left > right ? 1 : 0
        }
        return 0
    }
}
