/// Brings the entries of several dictionaries into one, each string once, as stored: rows that came from different slices
/// or batches stay codes when they are put together.
struct DictionaryJoin {
    private var views: [StringView] = []
    private var owners: [Buffer] = []
    /// Open addressing, at most half full; 0 is an empty slot, else entry + 1.
    private var slots: [UInt32]

    /// - Parameter entriesMax: of all dictionaries together.
    init(entriesMax: Int) {
        var size = 16
        while size < 2 * entriesMax { size *= 2 }
        slots = [UInt32](repeating: 0, count: size)
    }

    var count: Int { views.count }

    /// The new code of each of the dictionary's.
    mutating func add(_ dictionary: StringDictionary) -> [UInt32] {
        let before = views.count
        let codes = dictionary.entries.map { code(of: $0) }
        if views.count > before { owners += dictionary.owners }
        return codes
    }

    private mutating func code(of view: StringView) -> UInt32 {
        let bytes = view.bytes
        var slot = 0
        if let start = bytes.baseAddress {
            slot = Int(truncatingIfNeeded: DistinctStrings.hash(start, count: bytes.count)) & (slots.count - 1)
        }
        while slots[slot] != 0 {
            if views[Int(slots[slot]) - 1].hasSameBytes(as: view) { return slots[slot] - 1 }
            slot = (slot + 1) & (slots.count - 1)
        }
        views.append(view)
        slots[slot] = UInt32(views.count)
        return UInt32(views.count - 1)
    }

    func dictionary() -> StringDictionary { StringDictionary(views: Buffer(views), owners: owners) }
}

extension Vector {
    /// Rows of several dictionaries as codes into one; nil if a part has none, or if the entries are so many beside the
    /// rows that bringing them together would cost more than it saves.
    static func joinedDictionaries(_ parts: [Vector], count: Int) -> Form? {
        var numbers: [ObjectIdentifier: Int] = [:]
        var dictionaries: [StringDictionary] = []
        var numberOfPart: [Int] = []
        var entryCount = 0
        for part in parts {
            guard case .dictionary(_, let dictionary) = part.form else { return nil }
            if let known = numbers[ObjectIdentifier(dictionary)] {
                numberOfPart.append(known)
                continue
            }
            entryCount += dictionary.count
            guard entryCount * 4 <= count else { return nil }
            numbers[ObjectIdentifier(dictionary)] = dictionaries.count
            numberOfPart.append(dictionaries.count)
            dictionaries.append(dictionary)
        }
        var join = DictionaryJoin(entriesMax: entryCount)
        let maps = dictionaries.map { join.add($0) }
        let joined = join.dictionary()
        let mapOfPart = numberOfPart.map { maps[$0] }
        if joined.count <= 1 << 8 { return .dictionary(.u8(recoded(UInt8.self, parts, mapOfPart, count)), joined) }
        if joined.count <= 1 << 16 { return .dictionary(.u16(recoded(UInt16.self, parts, mapOfPart, count)), joined) }
        return .dictionary(.u32(recoded(UInt32.self, parts, mapOfPart, count)), joined)
    }

    private static func recoded<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ type: Code.Type, _ parts: [Vector], _ maps: [[UInt32]], _ count: Int
    ) -> Buffer {
        Buffer.filled(count: count, of: Code.self) { target in
            var start = 0
            for (part, map) in zip(parts, maps) {
                guard case .dictionary(let codes, _) = part.form else { continue }
                map.withUnsafeBufferPointer { map in
                    switch codes {
                    case .u8(let buffer):
                        recode(buffer.pointer(as: UInt8.self) + part.offset, map, target + start, part.count)
                    case .u16(let buffer):
                        recode(buffer.pointer(as: UInt16.self) + part.offset, map, target + start, part.count)
                    case .u32(let buffer):
                        recode(buffer.pointer(as: UInt32.self) + part.offset, map, target + start, part.count)
                    }
                }
                start += part.count
            }
        }
    }

    /// The filler of a null row need not be a code of the dictionary.
    private static func recode<Source: FixedWidthInteger & UnsignedInteger, Code: FixedWidthInteger>(
        _ source: UnsafePointer<Source>, _ map: UnsafeBufferPointer<UInt32>, _ target: UnsafeMutablePointer<Code>,
        _ count: Int
    ) {
        guard !map.isEmpty else { return target.update(repeating: 0, count: count) }
        let last = map.count - 1
        for row in 0..<count { target[row] = Code(truncatingIfNeeded: map[Swift.min(Int(source[row]), last)]) }
    }
}
