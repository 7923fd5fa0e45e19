/// A value that is not null as its `SortKeyColumn` orders it, by itself.
struct SortKeyCopy {
    var word: UInt64 = 0
    var wide: Int128 = 0
    var bytes: [UInt8] = []
    var isDescending = false

    /// Comes before `other` in the order asked for. Both are of columns of one order.
    func precedes(_ other: SortKeyCopy) -> Bool {
        if word != other.word { return word < other.word }
        let (low, high) = isDescending ? (other, self) : (self, other)
        if wide != other.wide { return low.wide < high.wide }
        return low.bytes.lexicographicallyPrecedes(high.bytes)
    }
}
