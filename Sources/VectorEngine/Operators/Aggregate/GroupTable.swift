import SQLTypes

/// Numbers the distinct keys that it is shown, from 0 in the order of their first row.
///
/// Linear probing over a power of two of slots, at most half full; a slot holds the upper half of the hash, so that
/// most strangers are told apart without touching their keys, and group number + 1. Batches are looked up as a whole:
/// find the slot of every row, then compare the keys column by column, then go on with the rows that met a stranger.
final class GroupTable {
    let keys: GroupKeys
    private let block: KeyBlock
    private var slots: Column<UInt64>
    private let hashes = Column<UInt64>()
    private var mask: Int
    // Rows of the batch that are still looking, where they look next, and what they found.
    private let pending = Scratch<UInt32>()
    private let place = Scratch<UInt32>()
    private let candidates = Scratch<UInt32>()
    private let candidateRows = Scratch<UInt32>()
    private let newRows = Scratch<UInt32>()
    private let equal = Scratch<UInt8>()

    init(_ types: [SQLType]) {
        keys = GroupKeys(types)
        block = KeyBlock(keys.kinds)
        slots = Column(capacity: 64)
        slots.grow(to: 64, filling: 0)
        mask = 63
    }

    var count: Int { keys.count }
    /// So many rows more may double it.
    func mayGrow(by rows: Int) -> Bool { (keys.count + rows) * 2 > mask + 1 }
    var byteCount: Int { keys.byteCount + slots.byteCount + hashes.byteCount }

    /// Writes the group number of each row to `groups`; new keys become new groups.
    func assign(_ columns: [Vector], count: Int, groups: UnsafeMutablePointer<UInt32>) throws(SQLError) {
        guard keys.count + count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) groups on one slice")
        }
        block.load(columns, count: count)
        reserve(keys.count + count)
        if let words = keys.soleWords, !block.hasNulls, !hadNulls {
            return assignWords(words, columns, count: count, groups: groups)
        }
        hadNulls = hadNulls || block.hasNulls
        let pending = self.pending.reserve(count)
        let place = self.place.reserve(count)
        let rowHashes = block.hashes
        let mask = self.mask
        for row in 0..<count {
            pending[row] = UInt32(truncatingIfNeeded: row)
            place[row] = UInt32(truncatingIfNeeded: Int(truncatingIfNeeded: rowHashes[row]) & mask)
        }
        var left = count
        while left > 0 { left = round(left, columns, groups) }
    }

    private var hadNulls = false

    /// One key column of words without nulls: the key is compared on the spot.
    private func assignWords(
        _ words: UnsafeMutablePointer<Int64>, _ columns: [Vector], count: Int, groups: UnsafeMutablePointer<UInt32>
    ) {
        let own = block.words(0)
        let newRows = self.newRows.reserve(count)
        var newCount = 0
        let first = keys.count
        let slots = self.slots.pointer
        let rowHashes = block.hashes
        let mask = self.mask
        for row in 0..<count {
            let hash = rowHashes[row]
            let tag = hash & 0xFFFF_FFFF_0000_0000
            var position = Int(truncatingIfNeeded: hash) & mask
            while true {
                let slot = slots[position]
                if slot == 0 {
                    let group = first + newCount
                    slots[position] = tag | UInt64(truncatingIfNeeded: group + 1)
                    newRows[newCount] = UInt32(truncatingIfNeeded: row)
                    newCount += 1
                    groups[row] = UInt32(truncatingIfNeeded: group)
                    break
                }
                if slot & 0xFFFF_FFFF_0000_0000 == tag {
                    let group = Int(slot & 0xFFFF_FFFF) - 1
                    // Groups of this batch have their key in the batch still.
                    let key = group < first ? words[group] : own[Int(newRows[group - first])]
                    if key == own[row] {
                        groups[row] = UInt32(truncatingIfNeeded: group)
                        break
                    }
                }
                position = (position + 1) & mask
            }
        }
        append(newRows, newCount, columns)
    }

    /// Takes each pending row to the next slot that is free or has its tag; adds new groups, compares the others.
    /// Returns how many rows met a stranger and are pending still.
    private func round(_ count: Int, _ columns: [Vector], _ groups: UnsafeMutablePointer<UInt32>) -> Int {
        let pending = self.pending.pointer
        let place = self.place.pointer
        let candidates = self.candidates.reserve(count)
        let candidateRows = self.candidateRows.reserve(count)
        let newRows = self.newRows.reserve(count)
        let slots = self.slots.pointer
        var candidateCount = 0
        var newCount = 0
        let first = keys.count
        let rowHashes = block.hashes
        let mask = self.mask
        for index in 0..<count {
            let row = Int(pending[index])
            let hash = rowHashes[row]
            let tag = hash & 0xFFFF_FFFF_0000_0000
            var position = Int(place[row])
            while true {
                let slot = slots[position]
                if slot == 0 {
                    slots[position] = tag | UInt64(truncatingIfNeeded: first + newCount + 1)
                    groups[row] = UInt32(truncatingIfNeeded: first + newCount)
                    newRows[newCount] = UInt32(truncatingIfNeeded: row)
                    newCount += 1
                    break
                }
                if slot & 0xFFFF_FFFF_0000_0000 == tag {
                    candidateRows[candidateCount] = UInt32(truncatingIfNeeded: row)
                    candidates[candidateCount] = UInt32(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1
                    candidateCount += 1
                    break
                }
                position = (position + 1) & mask
            }
            place[row] = UInt32(truncatingIfNeeded: position)
        }
        append(newRows, newCount, columns)
        let equal = self.equal.reserve(candidateCount)
        keys.compare(candidateRows, of: block, candidates, count: candidateCount, equal: equal)
        var left = 0
        for index in 0..<candidateCount {
            let row = candidateRows[index]
            if equal[index] != 0 {
                groups[Int(row)] = candidates[index]
            } else {
                place[Int(row)] = UInt32(truncatingIfNeeded: (Int(place[Int(row)]) + 1) & mask)
                pending[left] = row
                left += 1
            }
        }
        return left
    }

    private func append(_ rows: UnsafePointer<UInt32>, _ count: Int, _ columns: [Vector]) {
        let source = block.hashes
        let target = hashes.extend(by: count)
        for index in 0..<count { target[index] = source[Int(rows[index])] }
        keys.append(UnsafeBufferPointer(start: rows, count: count), of: block, originals: columns)
    }

    /// Room for that many groups with the slots at most half full.
    private func reserve(_ groups: Int) {
        guard groups * 2 > mask + 1 else { return }
        var size = mask + 1
        while size < groups * 2 { size *= 2 }
        let larger = Column<UInt64>(capacity: size)
        larger.grow(to: size, filling: 0)
        mask = size - 1
        let hashes = self.hashes.pointer
        let places = larger.pointer
        let mask = self.mask
        for group in 0..<self.hashes.count {
            let hash = hashes[group]
            var position = Int(truncatingIfNeeded: hash) & mask
            while places[position] != 0 { position = (position + 1) & mask }
            places[position] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(truncatingIfNeeded: group + 1)
        }
        slots = larger
    }
}
