import SQLTypes

/// The key columns of some rows in the form in which they are hashed and compared, with their hashes: what tables of
/// joins and groups work on. Refilled for each batch; the memory is reused. Belongs to one task (a frozen join table
/// keeps the block of its build rows, which nobody refills).
final class KeyBlock {
    let kinds: [KeyKind]
    private(set) var count = 0
    /// One per column; only the one that its kind uses is filled: word and float, wide, text and bytes.
    private let words: [Scratch<Int64>]
    private let wides: [Scratch<Int128>]
    private let views: [Scratch<StringView>]
    private var owners: [[Buffer]]
    private let hashScratch = Scratch<UInt64>()
    private let columnHashes = Scratch<UInt64>(capacity: 0)
    private let validScratch = Scratch<UInt8>()
    /// Bit c: column c is null; 64 columns a word. Empty for joins, to which a key with a null is one like another.
    private let nullScratch: [Scratch<UInt64>]
    private let temporary = Scratch<UInt8>()
    private let doubles = Scratch<Double>(capacity: 0)
    private let codes = Scratch<UInt32>(capacity: 0)
    private var dictionaries: [DictionaryHashes?]
    /// Some row has a null among its keys.
    private(set) var hasNulls = false

    /// Hashes of a dictionary's entries, worked out once as long as the dictionary stays.
    private struct DictionaryHashes {
        var dictionary: StringDictionary
        var hashes: [UInt64]
    }

    /// - Parameter tracksNulls: which columns are null, for groups, and not only that one is.
    init(_ kinds: [KeyKind], tracksNulls: Bool = true) {
        self.kinds = kinds
        words = kinds.map { _ in Scratch(capacity: 0) }
        wides = kinds.map { _ in Scratch(capacity: 0) }
        views = kinds.map { _ in Scratch(capacity: 0) }
        owners = kinds.map { _ in [] }
        nullScratch = tracksNulls ? (0..<(kinds.count + 63) / 64).map { _ in Scratch(capacity: 0) } : []
        dictionaries = kinds.map { _ in nil }
    }

    /// Lets go of the batch that was loaded last, and of dictionaries.
    func empty() {
        count = 0
        hasNulls = false
        for index in kinds.indices {
            owners[index] = []
            dictionaries[index] = nil
        }
    }

    // Valid until the next `load`, `count` values each.
    var hashes: UnsafeMutablePointer<UInt64> { hashScratch.pointer }
    /// 1: no key column of the row is null.
    var valid: UnsafeMutablePointer<UInt8> { validScratch.pointer }
    func nullWords(_ index: Int) -> UnsafeMutablePointer<UInt64> { nullScratch[index].pointer }
    func words(_ column: Int) -> UnsafeMutablePointer<Int64> { words[column].pointer }
    func wides(_ column: Int) -> UnsafeMutablePointer<Int128> { wides[column].pointer }
    /// Trimmed for text.
    func views(_ column: Int) -> UnsafeMutablePointer<StringView> { views[column].pointer }

    /// Rows none of whose keys is null.
    var validCount: Int {
        var result = 0
        for row in 0..<count { result += Int(validScratch.pointer[row]) }
        return result
    }

    var byteCount: Int {
        let columns = kinds.indices.reduce(0) { $0 + words[$1].byteCount + wides[$1].byteCount + views[$1].byteCount }
        return columns + hashScratch.byteCount + validScratch.byteCount
    }

    /// `columns` are in the order of `kinds`. A wide column may come as narrower integers.
    func load(_ columns: [Vector], count: Int, needsHashes: Bool = true) {
        assert(columns.count == kinds.count, "\(columns.count) keys for \(kinds.count)")
        self.count = count
        hasNulls = false
        validScratch.reserve(count).update(repeating: 1, count: count)
        for scratch in nullScratch { scratch.reserve(count).update(repeating: 0, count: count) }
        if needsHashes { hashScratch.reserve(count) }
        for (index, column) in columns.enumerated() {
            loadValues(column, index)
            let hasNulls = loadNulls(column, index)
            if needsHashes { hashColumn(column, index, hasNulls: hasNulls) }
            self.hasNulls = self.hasNulls || hasNulls
        }
        if columns.isEmpty && needsHashes { hashScratch.pointer.update(repeating: 0, count: count) }
    }

    private func loadValues(_ column: Vector, _ index: Int) {
        switch kinds[index] {
        case .word: loadWords(column, words[index].reserve(count))
        case .float:
            let target = words[index].reserve(count)
            let source = doubles.reserve(count)
            column.copyDoubles(to: source)
            for row in 0..<count { target[row] = KeyBlock.floatBits(source[row]) }
        case .wide: column.copyIntegers(to: wides[index].reserve(count))
        case .text:
            let target = views[index].reserve(count)
            owners[index] = column.copyViews(to: target)
            for row in 0..<count { target[row] = target[row].trimmed }
        case .bytes: owners[index] = column.copyViews(to: views[index].reserve(count))
        }
    }

    /// A wider probe column meets a table of words: values that do not fit equal nothing, and their rows become
    /// invalid.
    private func loadWords(_ column: Vector, _ target: UnsafeMutablePointer<Int64>) {
        guard column.kind == .int128 else { return column.copyIntegers(to: target) }
        let source = UnsafeMutablePointer<Int128>.allocate(capacity: Swift.max(count, 1))
        defer { source.deallocate() }
        column.copyIntegers(to: source)
        let valid = validScratch.pointer
        for row in 0..<count {
            target[row] = Int64(truncatingIfNeeded: source[row])
            if Int128(target[row]) != source[row] { valid[row] = 0 }
        }
    }

    @inline(__always)
    static func floatBits(_ value: Double) -> Int64 {
        let normal = value.isNaN ? Double.nan : value == 0 ? 0 : value
        return Int64(bitPattern: normal.bitPattern)
    }

    private func loadNulls(_ column: Vector, _ index: Int) -> Bool {
        guard column.mayHaveNulls else { return false }
        let own = temporary.reserve(count)
        column.copyValidity(to: own)
        let valid = validScratch.pointer
        var any: UInt8 = 0
        for row in 0..<count {
            valid[row] &= own[row]
            any |= 1 &- own[row]
        }
        guard any != 0 else { return false }
        if !nullScratch.isEmpty {
            let nulls = nullScratch[index / 64].pointer
            let bit = UInt64(1) << UInt64(index % 64)
            for row in 0..<count { nulls[row] |= own[row] == 0 ? bit : 0 }
        }
        // Nulls of a group are equal whatever their filler is.
        switch kinds[index] {
        case .word, .float: for row in 0..<count where own[row] == 0 { words[index].pointer[row] = 0 }
        case .wide: for row in 0..<count where own[row] == 0 { wides[index].pointer[row] = 0 }
        case .text, .bytes:
            let empty = StringView(nil, count: 0)
            for row in 0..<count where own[row] == 0 { views[index].pointer[row] = empty }
        }
        return true
    }

    // MARK: Hashing

    private func hashColumn(_ column: Vector, _ index: Int, hasNulls: Bool) {
        let target = index == 0 ? hashScratch.pointer : columnHashes.reserve(count)
        switch kinds[index] {
        case .word, .float:
            let source = words[index].pointer
            for row in 0..<count { target[row] = KeyHash.hash(source[row]) }
        case .wide:
            let source = wides[index].pointer
            for row in 0..<count { target[row] = KeyHash.hash(source[row]) }
        case .text, .bytes:
            if !hashDictionary(column, index, to: target) {
                let source = views[index].pointer
                for row in 0..<count { target[row] = KeyHash.hash(source[row].bytes) }
            }
        }
        if hasNulls {
            let own = temporary.pointer
            for row in 0..<count where own[row] == 0 { target[row] = KeyHash.null }
        }
        guard index > 0 else { return }
        let hashes = hashScratch.pointer
        for row in 0..<count { hashes[row] = KeyHash.combine(hashes[row], target[row]) }
    }

    /// False if the column has no dictionary, or one that is larger than the batch and not known yet.
    private func hashDictionary(_ column: Vector, _ index: Int, to target: UnsafeMutablePointer<UInt64>) -> Bool {
        guard case .dictionary(_, let dictionary) = column.form, dictionary.count > 0 else { return false }
        if dictionaries[index]?.dictionary !== dictionary {
            guard dictionary.count <= 4 * Batch.targetRows else { return false }
            let trims = kinds[index] == .text
            let hashes = dictionary.entries.map { KeyHash.hash((trims ? $0.trimmed : $0).bytes) }
            dictionaries[index] = DictionaryHashes(dictionary: dictionary, hashes: hashes)
        }
        guard let known = dictionaries[index]?.hashes else { return false }
        let codes = self.codes.reserve(count)
        column.copyCodes(to: codes)
        known.withUnsafeBufferPointer { known in
            let last = UInt32(known.count - 1)
            for row in 0..<count { target[row] = known[Int(Swift.min(codes[row], last))] }
        }
        return true
    }

    // MARK: Comparing

    /// Brings the keys of rows into the cache, those that slots of a hash table (row + 1 in the lower half; 0: none) lead to.
    /// `slots` is changed.
    func touch(_ slots: UnsafeMutablePointer<UInt64>, count: Int) {
        guard self.count > 0 else { return }
        for index in kinds.indices where kinds[index] == .word || kinds[index] == .float {
            let source = words[index].pointer
            for position in 0..<count {
                let row = Int(slots[position] & 0xFFFF_FFFF)
                let value = UInt64(truncatingIfNeeded: source[row == 0 ? 0 : row &- 1])
                // Kept, so that the load is made; the row stays.
                slots[position] = slots[position] & 0xFFFF_FFFF | value << 32
            }
        }
    }

    /// Row `row` has the same key as row `otherRow` of `other`; nulls are not looked at.
    func areEqual(_ row: Int, _ other: KeyBlock, _ otherRow: Int) -> Bool {
        for index in kinds.indices {
            switch kinds[index] {
            case .word, .float: if words[index].pointer[row] != other.words[index].pointer[otherRow] { return false }
            case .wide: if wides[index].pointer[row] != other.wides[index].pointer[otherRow] { return false }
            case .text, .bytes:
                if !views[index].pointer[row].hasSameBytes(as: other.views[index].pointer[otherRow]) { return false }
            }
        }
        return true
    }

    /// `equal[i] = 1` if row `rows[i]` agrees with row `others[i]` of `other` in all columns, else 0. Column by column.
    func compare(
        _ rows: UnsafePointer<UInt32>, with other: KeyBlock, _ others: UnsafePointer<UInt32>, count: Int,
        equal: UnsafeMutablePointer<UInt8>
    ) {
        equal.update(repeating: 1, count: count)
        for index in kinds.indices {
            switch kinds[index] {
            case .word, .float:
                KeyBlock.compare(words[index].pointer, rows, other.words[index].pointer, others, count, equal)
            case .wide: KeyBlock.compare(wides[index].pointer, rows, other.wides[index].pointer, others, count, equal)
            case .text, .bytes:
                let left = views[index].pointer
                let right = other.views[index].pointer
                for pair in 0..<count where equal[pair] != 0 {
                    equal[pair] = left[Int(rows[pair])].hasSameBytes(as: right[Int(others[pair])]) ? 1 : 0
                }
            }
        }
    }

    @inline(__always)
    static func compare<T: Equatable>(
        _ left: UnsafeMutablePointer<T>, _ rows: UnsafePointer<UInt32>, _ right: UnsafeMutablePointer<T>,
        _ others: UnsafePointer<UInt32>, _ count: Int, _ equal: UnsafeMutablePointer<UInt8>
    ) {
        for pair in 0..<count { equal[pair] &= left[Int(rows[pair])] == right[Int(others[pair])] ? 1 : 0 }
    }
}
