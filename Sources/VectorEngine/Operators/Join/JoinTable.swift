package import SQLTypes

/// The build side of a hash join: its rows in columns, and a way from a key to the rows that have it.
///
///     dense            places[key − smallest]                      one word key, range ≤ 8 × rows or ≤ 64 K
///     merge            the rows themselves, in the key's order     one word key, the inner side of a merge join
///     ranked bitmap    places[number of keys below]                one word key, range ≤ 1,024 × rows or ≤ 8 M
///     bitmap           whether the key is there                    the same; nobody asks for rows (`Use`)
///     linear probing   slots[hash], then neighbours                all other keys
///
/// But for the bitmap all lead to the first row of the key; `next` chains the others, in the order in which they came (of
/// a merge they follow it). Rows with a null among their keys are in the payload (a right join shows them) but are found by no key.
///
/// `@unchecked Sendable`: filled in `init` by one task; nothing changes afterwards, so any number of slices may probe
/// it.
package final class JoinTable: @unchecked Sendable {
    /// No row, in `first` and `next`.
    static let none = UInt32.max
    private static let denseRangeAlways: UInt64 = 1 << 16
    /// Chains up to that size are near enough by themselves.
    private static let cachedBytes = 4 << 20
    private static let touchedLinks = 16
    /// Rows that are looked ahead at while a table is built.
    private static let blockRows = 1_024
    private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

    package let payload: Batch
    package let keyKinds: [KeyKind]
    /// Some row has a null among its keys: what a null-aware anti join asks.
    package let hasNullKey: Bool
    /// No key has two rows.
    package let isUnique: Bool
    /// Of all rows, if keys are compared or read once the table is there.
    private let keys: KeyBlock
    /// Without places if no key has two rows.
    private let next: Column<UInt32>
    /// Instead of `next`.
    private let ordered: OrderedKeys?
    /// By key column, what a scan that feeds the join may ask; nil: nobody wants to, or they are no integers.
    package let filters: [KeyFilter?]
    private let lookup: Lookup

    private enum Lookup {
        case empty
        case dense(smallest: Int64, places: Column<UInt32>)
        /// After the places of all keys one more, for keys that are not there.
        case ranked(KeyBitmap, places: Column<UInt32>)
        case present(KeyBitmap)
        case hashed(slots: Column<UInt64>, mask: Int)
        case ordered(OrderedKeys)
    }

    package var rowCount: Int { payload.count }

    package var algorithm: String {
        switch lookup {
        case .empty: "empty"
        case .dense: "dense array"
        case .ranked: "ranked bitmap"
        case .present: "bitmap"
        case .hashed: "linear probing"
        case .ordered: "merge"
        }
    }

    /// nil: keys have no places of their own (`merge`).
    /// - Complexity: O(places).
    package var slotUse: SlotUse? {
        switch lookup {
        case .empty: SlotUse(slots: 0, occupied: 0)
        case .ordered: nil
        case .dense(_, let places): SlotUse(slots: places.count, occupied: JoinTable.used(places, free: JoinTable.none))
        case .ranked(let bitmap, _), .present(let bitmap):
            SlotUse(slots: bitmap.wordBytes * 8, occupied: bitmap.count)
        case .hashed(let slots, _): SlotUse(slots: slots.count, occupied: JoinTable.used(slots, free: 0))
        }
    }

    private static func used<T: Equatable>(_ places: Column<T>, free: T) -> Int {
        let first = UnsafePointer(places.pointer)
        var count = 0
        for place in 0..<places.count where first[place] != free { count += 1 }
        return count
    }

    package var memoryBytes: Int {
        let index =
            switch lookup {
            case .empty, .ordered: 0
            case .dense(_, let places): places.byteCount
            case .ranked(let bitmap, let places): bitmap.byteCount + places.byteCount
            case .present(let bitmap): bitmap.byteCount
            case .hashed(let slots, _): slots.byteCount
            }
        // That of a bitmap's lookup serves as filter as well.
        let isShared =
            switch lookup {
            case .ranked, .present: true
            case .empty, .dense, .hashed, .ordered: false
            }
        let bitmaps = isShared ? 0 : filters.reduce(0) { $0 + ($1?.bitmap?.byteCount ?? 0) }
        let blooms = filters.reduce(0) { $0 + ($1?.bloom?.byteCount ?? 0) }
        return index + bitmaps + blooms + next.byteCount + keys.byteCount + payload.wireByteCount
    }

    /// What the join asks of a probe row's key.
    package enum Use: Sendable {
        /// Which rows have it.
        case rows
        /// How many rows have it.
        case matches
        /// Whether a row has it.
        case presence
    }

    /// - Parameters:
    ///   - rows: batches whose columns `keys` make the key and whose columns `payload` are kept.
    ///   - filtered: positions in `keys` of which a filter is wanted.
    ///   - use: what is asked; with less than rows asked, the payload is not looked at.
    ///   - isOrdered: rows are meant to come in the order of their key, and to be probed in it; if they do not, that is
    ///     found out.
    ///   - checkpoint: called now and then; throws if the query is over.
    package init(
        _ rows: SavedRows, keys keyColumns: [Int], keyTypes: [SQLType], payload payloadColumns: [Int],
        payloadTypes: [SQLType], use: Use = .rows, filtered: [Int] = [], isOrdered: Bool = false,
        checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) {
        guard rows.rowCount < Int(UInt32.max) else {
            throw SQLError(.programLimitExceeded, "more than \(UInt32.max) rows in a hash table")
        }
        keyKinds = keyTypes.map { KeyKind($0) }
        let keyVectors = zip(keyColumns, keyTypes).map { column, type in
            JoinTable.column(column, of: rows.batches, type: type)
        }
        try checkpoint()
        var payloadVectors: [Vector] = []
        for (column, type) in zip(payloadColumns, payloadTypes) {
            payloadVectors.append(JoinTable.column(column, of: rows.batches, type: type))
            try checkpoint()
        }
        payload = Batch(columns: payloadVectors, count: rows.rowCount)
        let keys = KeyBlock(keyKinds, tracksNulls: false)
        let dense = JoinTable.isOneWord(keyKinds)
        keys.load(keyVectors, count: rows.rowCount, needsHashes: !dense)
        try checkpoint()
        hasNullKey = keys.hasNulls
        ordered = isOrdered && dense ? JoinTable.farOrderedKeys(keys) : nil
        next = Column(capacity: 1)
        let bounds = dense && ordered == nil ? KeyFilter.bounds(keys, column: 0) : nil
        let isDense = bounds.map { JoinTable.isDense($0, rowCount: keys.count) } ?? false
        let bitmap =
            isDense && use == .rows
            ? nil
            : bounds.flatMap {
                KeyBitmap(
                    keys.words(0), valid: keys.valid, rowCount: keys.count, within: $0, isRanked: use != .presence)
            }
        let hasOneEach = bitmap.map { $0.count == keys.validCount } ?? false
        filters = keyKinds.indices.map { [keyKinds] column in
            guard filtered.contains(column), keyKinds[column] == .word else { return nil }
            if let bitmap { return KeyFilter(bounds: bounds, bitmap: bitmap) }
            return KeyFilter(keys, column: column)
        }
        try checkpoint()
        let built: (lookup: Lookup, isUnique: Bool)
        if rows.rowCount == 0 {
            built = (.empty, true)
        } else if let ordered {
            built = (.ordered(ordered), ordered.isUnique)
        } else if dense, bounds == nil {
            // Null keys only.
            built = (.empty, true)
        } else if let bitmap, use == .presence || (use == .matches && hasOneEach) {
            built = (.present(bitmap), true)
        } else if let bounds, isDense {
            built = try JoinTable.buildDense(keys, bounds, next, checkpoint)
        } else if let bitmap {
            built = try JoinTable.buildRanked(keys, bitmap, hasOneEach, next, checkpoint)
        } else {
            if dense { keys.load(keyVectors, count: rows.rowCount) }
            built = try JoinTable.buildHashed(keys, next, checkpoint)
        }
        lookup = built.lookup
        isUnique = built.isUnique
        switch built.lookup {
        case .hashed, .ordered: self.keys = keys
        case .empty, .dense, .ranked, .present: self.keys = KeyBlock(keyKinds, tracksNulls: false)
        }
    }

    private static func column(_ column: Int, of batches: [Batch], type: SQLType) -> Vector {
        let parts = batches.map { $0.columns[column] }
        // A wide type may come narrow in some batches: the widest rules.
        let kinds = Set(parts.map(\.kind))
        let kind = kinds.count == 1 ? parts[0].kind : type.storage
        return Vector.concatenated(kinds.count > 1 ? parts.map { $0.widened(to: kind) } : parts, kind: kind)
    }

    private static func isOneWord(_ kinds: [KeyKind]) -> Bool { kinds == [.word] }

    // MARK: Building

    /// nil if a row is out of order, or if keys lie so close together that an array of places is better.
    private static func farOrderedKeys(_ keys: KeyBlock) -> OrderedKeys? {
        guard let ordered = OrderedKeys(keys), ordered.count > 0 else { return nil }
        let words = keys.words(0)
        return isDense(words[0]...words[ordered.count - 1], rowCount: keys.count) ? nil : ordered
    }

    private static func isDense(_ bounds: ClosedRange<Int64>, rowCount: Int) -> Bool {
        let range = UInt64(bitPattern: bounds.upperBound &- bounds.lowerBound)
        return range < denseRangeAlways || range / 8 < UInt64(rowCount)
    }

    private static func buildDense(
        _ keys: KeyBlock, _ range: ClosedRange<Int64>, _ next: Column<UInt32>, _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> (Lookup, Bool) {
        let size = Int(range.upperBound - range.lowerBound) + 1
        let places = Column<UInt32>(capacity: size)
        places.grow(to: size, filling: none)
        let heads = places.pointer
        let words = keys.words(0)
        let valid = keys.valid
        // From the last row to the first: each goes to the head of its chain, which ends up in the order of rows.
        for row in (0..<keys.count).reversed() where valid[row] != 0 {
            if row % 65_536 == 0 { try checkpoint() }
            let place = Int(words[row] - range.lowerBound)
            let old = heads[place]
            if old != none {
                next.grow(to: keys.count, filling: none)
                next.pointer[row] = old
            }
            heads[place] = UInt32(truncatingIfNeeded: row)
        }
        return (.dense(smallest: range.lowerBound, places: places), next.count == 0)
    }

    /// - Parameter isUnique: no key has two rows.
    private static func buildRanked(
        _ keys: KeyBlock, _ bitmap: KeyBitmap, _ isUnique: Bool, _ next: Column<UInt32>,
        _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> (Lookup, Bool) {
        let places = Column<UInt32>(capacity: bitmap.count + 1)
        places.grow(to: bitmap.count + 1, filling: none)
        let heads = places.pointer
        let words = keys.words(0)
        let valid = keys.valid
        let reader = bitmap.reader
        if isUnique {
            for row in 0..<keys.count where valid[row] != 0 {
                if row % 65_536 == 0 { try checkpoint() }
                heads[reader.rank(of: words[row])] = UInt32(truncatingIfNeeded: row)
            }
            return (.ranked(bitmap, places: places), true)
        }
        next.grow(to: keys.count, filling: none)
        let chain = next.pointer
        // Ranks of many rows first, so that their loads are under way at once. A null key is somewhere in the range or not.
        let ranks = Scratch<UInt32>(capacity: blockRows)
        var end = keys.count
        while end > 0 {
            try checkpoint()
            let start = Swift.max(0, end - blockRows)
            for row in start..<end {
                ranks.pointer[row &- start] = UInt32(
                    truncatingIfNeeded: reader.place(of: words[row], orElse: bitmap.count))
            }
            for row in (start..<end).reversed() where valid[row] != 0 {
                let place = Int(ranks.pointer[row &- start])
                chain[row] = heads[place]
                heads[place] = UInt32(truncatingIfNeeded: row)
            }
            end = start
        }
        return (.ranked(bitmap, places: places), false)
    }

    private static func buildHashed(
        _ keys: KeyBlock, _ next: Column<UInt32>, _ checkpoint: () throws(SQLError) -> Void
    ) throws(SQLError) -> (Lookup, Bool) {
        var size = 16
        while size < keys.count * 2 { size *= 2 }
        let slots = Column<UInt64>(capacity: size)
        slots.grow(to: size, filling: 0)
        let heads = slots.pointer
        let hashes = keys.hashes
        let valid = keys.valid
        let mask = size - 1
        let touched = Scratch<UInt64>(capacity: blockRows)
        var end = keys.count
        while end > 0 {
            try checkpoint()
            let start = Swift.max(0, end - blockRows)
            // Slots and the keys they lead to, of many rows at once: then they are in the cache for the loop below, which has
            // to know each before it can go on.
            for row in start..<end {
                touched.pointer[row &- start] = heads[Int(truncatingIfNeeded: hashes[row]) & mask]
            }
            keys.touch(touched.pointer, count: end - start)
            for row in (start..<end).reversed() where valid[row] != 0 {
                let hash = hashes[row]
                var place = Int(truncatingIfNeeded: hash) & mask
                while true {
                    let slot = heads[place]
                    if slot == 0 { break }
                    if slot & tagMask == hash & tagMask {
                        let head = Int(slot & 0xFFFF_FFFF) - 1
                        if keys.areEqual(row, keys, head) {
                            next.grow(to: keys.count, filling: none)
                            next.pointer[row] = UInt32(truncatingIfNeeded: head)
                            break
                        }
                    }
                    place = (place + 1) & mask
                }
                heads[place] = hash & tagMask | UInt64(truncatingIfNeeded: row + 1)
            }
            end = start
        }
        return (.hashed(slots: slots, mask: mask), next.count == 0)
    }

    // MARK: Probing

    /// The row after `row` with the same key, or `none`.
    @inline(__always)
    func following(_ row: UInt32) -> UInt32 {
        if let ordered { return ordered.following(row, keys.words(0)) }
        return isUnique ? JoinTable.none : next.pointer[Int(row)]
    }

    /// Goes along the first links of all chains, of all rows at once: what waits for memory row by row does not wait a second
    /// time. `rows` is changed.
    func touchChains(_ rows: UnsafeMutablePointer<UInt32>, count: Int) {
        guard !isUnique, ordered == nil, next.byteCount > JoinTable.cachedBytes else { return }
        let next = self.next.pointer
        var left = 0
        for row in 0..<count {
            let head = rows[row]
            rows[left] = head
            left &+= head == JoinTable.none ? 0 : 1
        }
        for _ in 0..<JoinTable.touchedLinks where left > 0 {
            var following = 0
            for index in 0..<left {
                let row = next[Int(rows[index])]
                rows[following] = row
                following &+= row == JoinTable.none ? 0 : 1
            }
            left = following
        }
    }

    var needsHashes: Bool { if case .hashed = lookup { true } else { false } }

    /// Writes the first build row of each probe row's key to `first`, `none` where there is none; `probe` was loaded
    /// with hashes if `needsHashes`.
    func find(_ probe: KeyBlock, _ scratch: ProbeScratch, first: UnsafeMutablePointer<UInt32>) {
        switch lookup {
        case .empty: first.update(repeating: JoinTable.none, count: probe.count)
        case .dense(let smallest, let places):
            let words = probe.words(0)
            let valid = probe.valid
            let size = UInt64(places.count)
            let places = places.pointer
            for row in 0..<probe.count {
                let place = UInt64(bitPattern: words[row] &- smallest)
                let isInside = place < size && valid[row] != 0
                first[row] = isInside ? places[Int(truncatingIfNeeded: place)] : JoinTable.none
            }
        case .ranked(let bitmap, let places):
            let words = probe.words(0)
            let valid = probe.valid
            let reader = bitmap.reader
            let places = places.pointer
            let missing = bitmap.count
            // Without branches, and one load a row in each loop: loads of many rows are under way at once.
            for row in 0..<probe.count {
                first[row] = UInt32(truncatingIfNeeded: reader.place(of: words[row], orElse: missing))
            }
            for row in 0..<probe.count { first[row] = places[Int(first[row])] }
            for row in 0..<probe.count where valid[row] == 0 { first[row] = JoinTable.none }
        case .present(let bitmap):
            let words = probe.words(0)
            let valid = probe.valid
            let reader = bitmap.reader
            for row in 0..<probe.count {
                let isThere = UInt32(truncatingIfNeeded: reader.contains(words[row])) & UInt32(valid[row])
                first[row] = isThere &- 1
            }
        case .hashed(let slots, let mask): findHashed(probe, scratch, slots.pointer, mask, first)
        case .ordered(let ordered): ordered.find(probe, in: keys.words(0), from: &scratch.mergePlace, first: first)
        }
    }

    private func findHashed(
        _ probe: KeyBlock, _ scratch: ProbeScratch, _ slots: UnsafePointer<UInt64>, _ mask: Int,
        _ first: UnsafeMutablePointer<UInt32>
    ) {
        let count = probe.count
        let hashes = probe.hashes
        let valid = probe.valid
        let places = scratch.places.reserve(count)
        let rows = scratch.rows.reserve(count)
        let candidates = scratch.candidates.reserve(count)
        let equal = scratch.equal.reserve(count)
        var pending = 0
        for row in 0..<count {
            first[row] = JoinTable.none
            places[row] = UInt32(truncatingIfNeeded: Int(truncatingIfNeeded: hashes[row]) & mask)
            rows[pending] = UInt32(truncatingIfNeeded: row)
            pending += Int(valid[row])
        }
        // The first slot of every row is loaded before any is looked at: loads that do not wait for a branch overlap.
        let heads = scratch.heads.reserve(count)
        for index in 0..<pending { heads[index] = slots[Int(places[Int(rows[index])])] }
        var isFirst = true
        while pending > 0 {
            // Each row on to the next slot with its tag; rows that meet a free slot are done.
            var found = 0
            for index in 0..<pending {
                let row = Int(rows[index])
                let tag = hashes[row] & JoinTable.tagMask
                var place = Int(places[row])
                var slot = isFirst ? heads[index] : slots[place]
                while slot != 0 && slot & JoinTable.tagMask != tag {
                    place = (place + 1) & mask
                    slot = slots[place]
                }
                places[row] = UInt32(truncatingIfNeeded: (place + 1) & mask)
                rows[found] = UInt32(truncatingIfNeeded: row)
                candidates[found] = UInt32(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1
                found += slot != 0 ? 1 : 0
            }
            isFirst = false
            probe.compare(rows, with: keys, candidates, count: found, equal: equal)
            pending = 0
            for index in 0..<found {
                if equal[index] != 0 {
                    first[Int(rows[index])] = candidates[index]
                } else {
                    rows[pending] = rows[index]
                    pending += 1
                }
            }
        }
    }
}

/// What a prober needs to look a batch up; reused.
final class ProbeScratch {
    let places = Scratch<UInt32>()
    let rows = Scratch<UInt32>()
    let candidates = Scratch<UInt32>()
    let equal = Scratch<UInt8>()
    let heads = Scratch<UInt64>()
    /// How far a merge has come on the build side.
    var mergePlace = 0
}
