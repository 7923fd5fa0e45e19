import SQLTypes

/// From an integer key straight to its group's number: one place for each integer between the smallest and the largest
/// key seen, so that a row costs one look into memory, and none is hashed.
///
///     keys 1000 1003 1001 1003     base 1000, places 1 3 0 2 (group number + 1; 0: none)
///
/// The array grows to both sides as keys come; it is given up where keys lie too far apart.
final class DirectGroups {
    /// Integers for each group beyond which a hash table takes less memory: 4 bytes each, against at most 40 of a slot and a
    /// hash. (TPC-H uses one order key in four, and two slices have half of those each: 8.)
    private static let rangePerGroup = 10
    /// Ranges up to this are always worth it: 4 MB.
    private static let rangeAlways = 1 << 20

    private var base: Int64
    private var places: UnsafeMutablePointer<UInt32>
    private var size: Int
    /// Rows of a batch whose key had no group when it began.
    private let unknown = Scratch<UInt32>(capacity: 0)

    /// Empty; the first key makes room for itself.
    init(around key: Int64) {
        base = key
        size = 1 << 10
        places = DirectGroups.allocate(size)
    }

    deinit { DirectGroups.release(places, size) }

    // Not touched before it is used: most of a large array may never be.
    private static func allocate(_ size: Int) -> UnsafeMutablePointer<UInt32> {
        RawMemory.allocateZeroed(byteCount: size * 4).bindMemory(to: UInt32.self, capacity: size)
    }

    private static func release(_ places: UnsafeMutablePointer<UInt32>, _ size: Int) {
        RawMemory.deallocate(UnsafeMutableRawPointer(places), byteCount: size * 4)
    }

    var byteCount: Int { size * 4 }

    /// Numbers the rows from `start` on. Rows of new keys are added to `newRows`, and get numbers from
    /// `firstNew + newCount` on.
    /// - Returns: the row whose key has no place yet, or `count`.
    func assign(
        _ keys: UnsafePointer<Int64>, from start: Int, count: Int, groups: UnsafeMutablePointer<UInt32>,
        newRows: UnsafeMutablePointer<UInt32>, newCount: inout Int, firstNew: Int
    ) -> Int {
        let places = self.places
        let base = self.base
        let size = UInt64(self.size)
        var end = start
        while end < count, UInt64(bitPattern: keys[end] &- base) < size { end &+= 1 }
        // First all loads, which do not wait for one another as long as no branch hangs on them; what was 0 is looked at
        // again below, when it is in the cache.
        let unknown = self.unknown.reserve(end)
        var unknownCount = 0
        for row in start..<end {
            let number = places[Int(truncatingIfNeeded: keys[row] &- base)]
            groups[row] = number &- 1
            unknown[unknownCount] = UInt32(truncatingIfNeeded: row)
            unknownCount &+= number == 0 ? 1 : 0
        }
        var found = newCount
        for index in 0..<unknownCount {
            let row = Int(unknown[index])
            let place = Int(truncatingIfNeeded: keys[row] &- base)
            var number = places[place]
            if number == 0 {
                newRows[found] = UInt32(truncatingIfNeeded: row)
                found &+= 1
                number = UInt32(truncatingIfNeeded: firstNew &+ found)
                places[place] = number
            }
            groups[row] = number &- 1
        }
        newCount = found
        return end
    }

    /// Enters groups whose keys are known, from number 0 on. False: they lie too far apart.
    func enter(_ keys: UnsafePointer<Int64>, count: Int, expected: Int) -> Bool {
        for group in 0..<count {
            if UInt64(bitPattern: keys[group] &- base) >= UInt64(size),
                !makeRoom(for: keys[group]...keys[group], groups: Swift.max(count, expected))
            {
                return false
            }
            places[Int(keys[group] &- base)] = UInt32(truncatingIfNeeded: group + 1)
        }
        return true
    }

    /// - Parameter groups: how many there are, or are expected.
    /// - Returns: false, and nothing done, if that would make the array too large.
    func makeRoom(for keys: ClosedRange<Int64>, groups: Int) -> Bool {
        let (last, overflow) = base.addingReportingOverflow(Int64(size - 1))
        let (low, high) = (Swift.min(base, keys.lowerBound), Swift.max(overflow ? .max : last, keys.upperBound))
        let needed = UInt64(bitPattern: high &- low)
        let limit = Swift.max(
            DirectGroups.rangeAlways, groups.multipliedReportingOverflow(by: DirectGroups.rangePerGroup).partialValue)
        guard needed < UInt64(limit) else { return false }
        // Half as much again, so that the copies add up to less than three times the array, and something to spare on the
        // sides that grow.
        let grown = Swift.min(limit, Swift.max(Int(needed) + Int(needed) / 8 + 1, size + size / 2))
        let spare = Int64(grown - Int(needed) - 1)
        var newBase = low
        if keys.lowerBound < base {
            let growsUp = keys.upperBound > (overflow ? .max : last)
            let (lower, underflow) = low.subtractingReportingOverflow(growsUp ? spare / 2 : spare)
            newBase = underflow ? low : lower
        }
        guard base &- newBase >= 0, Int(base &- newBase) + size <= grown else { return false }
        if newBase == base {
            places = RawMemory.growZeroed(UnsafeMutableRawPointer(places), from: size * 4, to: grown * 4)
                .bindMemory(to: UInt32.self, capacity: grown)
        } else {
            let larger = DirectGroups.allocate(grown)
            (larger + Int(base &- newBase)).update(from: places, count: size)
            DirectGroups.release(places, size)
            places = larger
            base = newBase
        }
        size = grown
        return true
    }
}
