/// Finds the distinct strings of a block, byte by byte as stored, in the order of their first row.
struct DistinctStrings {
    /// Each row's entry; a null row has that of the row before.
    private(set) var codes: [UInt64] = []
    /// Each entry's bytes, in the text of the chunk or in its dictionary.
    private(set) var entries: [UnsafeBufferPointer<UInt8>] = []
    private(set) var runCount = 0

    /// nil once there are so many that a dictionary cannot pay: more than three quarters of the rows seen, after the
    /// first 1,024.
    init?(_ source: BlockSource) {
        guard let text = source.text(0..<0).baseAddress else { return nil }
        let validity = source.validity
        // At most half full with as many entries as rows; 0 is an empty slot, else entry + 1.
        var slotBits = 8
        while 1 << slotBits < 2 * source.count { slotBits += 1 }
        var slots = [UInt32](repeating: 0, count: 1 << slotBits)
        codes.reserveCapacity(source.count)
        var previous: UInt64 = 0
        for row in 0..<source.count {
            if let validity, validity[row] == 0 {
                // A block of strings has one that is not null, so entry 0 will be there.
                codes.append(previous)
                if row == 0 { runCount = 1 }
                continue
            }
            let range = source.textRange(row)
            let hash = DistinctStrings.hash(text + range.lowerBound, count: range.count)
            var slot = Int(truncatingIfNeeded: hash >> UInt64(64 - slotBits))
            while slots[slot] != 0 {
                let entry = entries[Int(slots[slot]) - 1]
                if entry.count == range.count, let start = entry.baseAddress,
                    DistinctStrings.equal(start, text + range.lowerBound, count: range.count)
                {
                    break
                }
                slot = (slot + 1) & (slots.count - 1)
            }
            if slots[slot] == 0 {
                entries.append(source.text(range))
                slots[slot] = UInt32(entries.count)
                if row >= 1_024 && entries.count * 4 > row * 3 { return nil }
            }
            let code = UInt64(slots[slot] - 1)
            if row == 0 || code != previous { runCount += 1 }
            codes.append(code)
            previous = code
        }
    }

    /// Of a chunk that came with a dictionary: only which of its entries occur is left to find.
    init(_ source: BlockSource, of dictionary: StringDictionary) {
        let given = UnsafePointer(source.chunk.codes.pointer + source.rows.lowerBound)
        let views = dictionary.entries
        var numbers = [Int32](repeating: -1, count: views.count)
        var previous: UInt64 = 0
        codes = [UInt64](unsafeUninitializedCapacity: source.count) { target, filled in
            for row in 0..<source.count {
                if source.validity.map({ $0[row] != 0 }) ?? true {
                    let entry = Int(given[row])
                    if numbers[entry] < 0 {
                        numbers[entry] = Int32(entries.count)
                        entries.append(views[entry].bytes)
                    }
                    let code = UInt64(truncatingIfNeeded: numbers[entry])
                    if row == 0 || code != previous { runCount += 1 }
                    previous = code
                } else if row == 0 {
                    runCount = 1
                }
                target[row] = previous
            }
            filled = source.count
        }
    }

    /// Bytes of the rows' strings.
    func rowBytes(of source: BlockSource) -> Int {
        guard source.chunk.dictionary != nil else { return source.textRange.count }
        return codes.indices.reduce(0) { sum, row in
            let isValid = source.validity.map { $0[row] != 0 } ?? true
            return isValid ? sum + entries[Int(codes[row])].count : sum
        }
    }

    /// Bytes of all entries.
    var textBytes: Int { entries.reduce(0) { $0 + $1.count } }
    var longest: Int { entries.reduce(0) { max($0, $1.count) } }
    var codeWidth: Int { BitPacking.width(for: UInt64(max(entries.count - 1, 0))) }

    @inline(__always)
    static func hash(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(bytes)
        var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index &+ 8 <= count {
            hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        var tail: UInt64 = 0
        while index < count {
            tail = tail << 8 | UInt64(bytes[index])
            index &+= 1
        }
        return mix(hash ^ tail)
    }

    @inline(__always)
    private static func mix(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low &+ 0x2545_F491_4F6C_DD1D
    }

    @inline(__always)
    static func equal(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
        let a = UnsafeRawPointer(left)
        let b = UnsafeRawPointer(right)
        var index = 0
        while index &+ 8 <= count {
            if a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                != b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index &+= 8
        }
        while index < count {
            if left[index] != right[index] { return false }
            index &+= 1
        }
        return true
    }
}
