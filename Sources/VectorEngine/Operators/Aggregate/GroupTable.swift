import SQLTypes

/// Numbers the distinct keys that it is shown, from 0 in the order of their first row.
///
///     ordered runs     one word key, rows in its order so far      compared with the row before: no table at all
///     direct           one integer key, not too far apart          `DirectGroups`
///     linear probing   all others
///
/// A table starts with runs and goes on to what the keys ask for when a row is out of order; groups keep their numbers.
///
/// Linear probing is over a power of two of slots, at most half full; a slot holds the upper half of the hash, so that
/// most strangers are told apart without touching their keys, and group number + 1. Batches are looked up as a whole:
/// find the slot of every row, then compare the keys column by column, then go on with the rows that met a stranger.
final class GroupTable {
    private enum Index {
        case runs
        case direct(DirectGroups)
        case hashed
    }
    private let types: [SQLType]
    private var keys: GroupKeys
    private var block: KeyBlock
    private var index: Index
    /// Of text columns that are grouped by number: `keys` and `block` have a BIGINT in their place.
    private var texts: [TextNumbers?]
    private let numbersText: Bool
    private var hasStarted = false
    /// Groups that the planner expects here: ranges worth an array are judged by it before the groups are there.
    var expectedGroups: Int
    private var slots = Column<UInt64>(capacity: 0)
    /// By group, while `index` is `hashed`.
    private let hashes = Column<UInt64>(capacity: 0)
    private var mask = -1
    // Rows of the batch that are still looking, where they look next, and what they found.
    private let pending = Scratch<UInt32>(capacity: 0)
    private let place = Scratch<UInt32>(capacity: 0)
    private let candidates = Scratch<UInt32>(capacity: 0)
    private let candidateRows = Scratch<UInt32>(capacity: 0)
    private let newRows = Scratch<UInt32>(capacity: 0)
    private let equal = Scratch<UInt8>(capacity: 0)

    /// - Parameter numbersText: a column that comes in codes of small dictionaries is grouped by `TextNumbers`.
    init(_ types: [SQLType], expectedGroups: Int = 0, numbersText: Bool = true) {
        self.types = types
        self.expectedGroups = expectedGroups
        self.numbersText = numbersText
        texts = types.map { _ in nil }
        keys = GroupKeys(types)
        block = KeyBlock(keys.kinds)
        index = GroupTable.firstIndex(keys.kinds)
    }

    private static func firstIndex(_ kinds: [KeyKind]) -> Index {
        kinds == [.word] || kinds == [.float] ? .runs : .hashed
    }

    /// The first rows show which text columns are worth numbers.
    private func start(_ columns: [Vector]) {
        hasStarted = true
        guard numbersText else { return }
        texts = zip(types, columns).map { type, column in
            KeyKind(type) == .text && TextNumbers.suit(column) ? TextNumbers(type) : nil
        }
        guard texts.contains(where: { $0 != nil }) else { return }
        keys = GroupKeys(zip(types, texts).map { $1 == nil ? $0 : .bigint })
        block = KeyBlock(keys.kinds)
        index = GroupTable.firstIndex(keys.kinds)
    }

    private func numbered(_ columns: [Vector]) throws(SQLError) -> [Vector] {
        var result = columns
        for (index, text) in texts.enumerated() {
            if let text { result[index] = try text.numbers(of: columns[index]) }
        }
        return result
    }

    /// The keys of all groups, a row each, as vectors of their types. No group may follow.
    func finish() -> [Vector] {
        var columns = keys.finish()
        for (index, text) in texts.enumerated() {
            if let text { columns[index] = text.strings(of: columns[index]) }
        }
        return columns
    }

    /// The keys of some groups; nil: only all together.
    func keys(of groups: Range<Int>) -> [Vector]? {
        texts.allSatisfy { $0 == nil } ? keys.keys(of: groups) : nil
    }

    /// As new, but for the memory that is kept. False: it is of no use for other rows than those that it has seen.
    func empty() -> Bool {
        guard !texts.contains(where: { $0 != nil }) else { return false }
        keys.empty()
        block.empty()
        index = GroupTable.firstIndex(keys.kinds)
        hasStarted = false
        hadNulls = false
        if mask >= 0 { slots = Column(capacity: 0) }
        hashes.removeAll()
        mask = -1
        return true
    }

    /// With the memory of the batch.
    var scratchByteCount: Int { byteCount + block.byteCount }

    var count: Int { keys.count }
    var byteCount: Int {
        var direct = 0
        if case .direct(let places) = index { direct = places.byteCount }
        let strings = texts.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        return keys.byteCount + slots.byteCount + hashes.byteCount + direct + strings
    }

    /// Rows find their group without being hashed; codes of few values need no other short way.
    var isDirect: Bool {
        if case .hashed = index { false } else { true }
    }

    /// nil: runs have no places.
    var slotUse: SlotUse? {
        switch index {
        case .runs: nil
        case .direct(let places): SlotUse(slots: places.byteCount / 4, occupied: count)
        case .hashed: SlotUse(slots: slots.count, occupied: count)
        }
    }

    /// For the trace.
    var algorithm: String {
        switch index {
        case .runs: "ordered runs"
        case .direct: "dense array"
        case .hashed: "linear probing"
        }
    }

    /// So many rows more may double it. Without a hash table it grows by and by.
    func mayGrow(by rows: Int) -> Bool {
        guard case .hashed = index else { return false }
        return (keys.count + rows) * 2 > mask + 1
    }

    /// Writes the group number of each row to `groups`; new keys become new groups.
    func assign(_ columns: [Vector], count: Int, groups: UnsafeMutablePointer<UInt32>) throws(SQLError) {
        guard keys.count + count < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) groups on one slice")
        }
        guard count > 0 else { return }
        if !hasStarted { start(columns) }
        let columns = try numbered(columns)
        if case .hashed = index {
            block.load(columns, count: count)
        } else {
            block.load(columns, count: count, needsHashes: false)
            if assignUnhashed(columns, count: count, groups: groups) { return }
            becomeHashed()
            block.load(columns, count: count)
        }
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

    // MARK: Without hashes

    /// False: the batch's keys ask for a hash table; those that were new are groups already, the others wait.
    private func assignUnhashed(_ columns: [Vector], count: Int, groups: UnsafeMutablePointer<UInt32>) -> Bool {
        guard !block.hasNulls else { return false }
        if case .runs = index {
            if assignRuns(columns, count: count, groups: groups) { return true }
            guard keys.kinds == [.word] else { return false }
            let direct = DirectGroups(around: keys.count > 0 ? keys.soleWords?[0] ?? 0 : block.words(0)[0])
            if let words = keys.soleWords, !direct.enter(words, count: keys.count, expected: expectedGroups) {
                return false
            }
            index = .direct(direct)
        }
        guard case .direct(let direct) = index else { return false }
        let own = block.words(0)
        let newRows = self.newRows.reserve(count)
        let firstNew = keys.count
        var newCount = 0
        var row = 0
        var fits = true
        while fits {
            row = direct.assign(
                own, from: row, count: count, groups: groups, newRows: newRows, newCount: &newCount, firstNew: firstNew)
            if row == count { break }
            // For all that are left: of keys in no order the first batch spans most of what will come.
            var (low, high) = (own[row], own[row])
            for other in row..<count {
                low = Swift.min(low, own[other])
                high = Swift.max(high, own[other])
            }
            let groups = Swift.max(expectedGroups, firstNew + newCount + count)
            fits = direct.makeRoom(for: low...high, groups: groups)
        }
        keys.append(UnsafeBufferPointer(start: newRows, count: newCount), of: block, originals: columns)
        return fits
    }

    /// False, and nothing done, if a row is out of order.
    private func assignRuns(_ columns: [Vector], count: Int, groups: UnsafeMutablePointer<UInt32>) -> Bool {
        let own = block.words(0)
        let known = keys.count
        // Before the first key there is none that the first row could continue.
        let last = known > 0 ? keys.soleWords?[known - 1] ?? 0 : own[0]
        var isOrdered = own[0] >= last
        for row in 1..<count { isOrdered = isOrdered && own[row] >= own[row - 1] }
        guard isOrdered else { return false }
        let newRows = self.newRows.reserve(count)
        var newCount = 0
        var isNew = known == 0 || own[0] != last
        let before = UInt32(truncatingIfNeeded: known) &- 1
        for row in 0..<count {
            if row > 0 { isNew = own[row] != own[row - 1] }
            newRows[newCount] = UInt32(truncatingIfNeeded: row)
            newCount &+= isNew ? 1 : 0
            groups[row] = before &+ UInt32(truncatingIfNeeded: newCount)
        }
        keys.append(UnsafeBufferPointer(start: newRows, count: newCount), of: block, originals: columns)
        return true
    }

    private func becomeHashed() {
        index = .hashed
        guard let words = keys.soleWords else { return }
        let target = hashes.extend(by: keys.count)
        for group in 0..<keys.count { target[group] = KeyHash.hash(words[group]) }
    }

    // MARK: Hashed

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
        var size = Swift.max(mask + 1, 64)
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
