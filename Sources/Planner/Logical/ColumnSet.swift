/// A set of column numbers, as bits: unions and containment are what planning does most.
struct ColumnSet: Hashable {
    private var words: [UInt64] = []

    init() {}

    init(_ columns: some Sequence<Int>) { for column in columns { insert(column) } }

    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    func contains(_ column: Int) -> Bool {
        let word = column >> 6
        return word < words.count && words[word] & (1 << UInt64(column & 63)) != 0
    }

    mutating func insert(_ column: Int) {
        let word = column >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(column & 63)
    }

    mutating func remove(_ column: Int) {
        let word = column >> 6
        if word < words.count { words[word] &= ~(1 << UInt64(column & 63)) }
    }

    mutating func formUnion(_ other: ColumnSet) {
        while words.count < other.words.count { words.append(0) }
        for word in other.words.indices { words[word] |= other.words[word] }
    }

    func union(_ other: ColumnSet) -> ColumnSet {
        var result = self
        result.formUnion(other)
        return result
    }

    func intersection(_ other: ColumnSet) -> ColumnSet {
        var result = self
        for word in result.words.indices { result.words[word] &= word < other.words.count ? other.words[word] : 0 }
        return result
    }

    func isSubset(of other: ColumnSet) -> Bool {
        for word in words.indices where words[word] & ~(word < other.words.count ? other.words[word] : 0) != 0 {
            return false
        }
        return true
    }

    func isDisjoint(with other: ColumnSet) -> Bool {
        for word in 0..<min(words.count, other.words.count) where words[word] & other.words[word] != 0 { return false }
        return true
    }

    /// Ascending.
    var elements: [Int] {
        var result: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                result.append(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return result
    }

    static func == (left: ColumnSet, right: ColumnSet) -> Bool {
        left.isSubset(of: right) && right.isSubset(of: left)
    }

    func hash(into hasher: inout Hasher) { for element in elements { hasher.combine(element) } }
}
