/// Which parts of a spill file are free: ranges of blocks, ascending, neighbours joined, and all behind the end.
struct SpillSpace {
    private static let block: Int64 = 4_096
    /// Free ranges that are looked at before the file is made longer.
    private static let lookMaximum = 64

    private(set) var free: [Range<Int64>] = []
    private(set) var end: Int64 = 0

    private static func rounded(_ byteCount: Int) -> Int64 { (Int64(byteCount) + block - 1) / block * block }

    /// Where so many bytes may be written.
    mutating func take(_ byteCount: Int) -> Int64 {
        let size = SpillSpace.rounded(byteCount)
        for index in free.indices.prefix(SpillSpace.lookMaximum)
        where free[index].upperBound - free[index].lowerBound >= size {
            let start = free[index].lowerBound
            if start + size == free[index].upperBound {
                free.remove(at: index)
            } else {
                free[index] = start + size..<free[index].upperBound
            }
            return start
        }
        defer { end += size }
        return end
    }

    mutating func giveBack(_ byteCount: Int, at offset: Int64) {
        let range = offset..<offset + SpillSpace.rounded(byteCount)
        var low = 0
        var high = free.count
        while low < high {
            let middle = (low + high) / 2
            if free[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
        }
        free.insert(range, at: low)
        join(low)
        if low > 0 { join(low - 1) }
        if let last = free.last, last.upperBound == end {
            end = last.lowerBound
            free.removeLast()
        }
    }

    private mutating func join(_ index: Int) {
        guard index + 1 < free.count, free[index].upperBound == free[index + 1].lowerBound else { return }
        free[index] = free[index].lowerBound..<free[index + 1].upperBound
        free.remove(at: index + 1)
    }
}
