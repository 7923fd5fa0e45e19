import VectorEngine

/// The distinct strings of a column of few values, found while it is parsed: a row is then a code of one or two bytes
/// all the way to the encoder, which has no strings left to compare. Belongs to one column of one reader.
///
/// A slot holds the first and the last eight bytes of an entry, which overlap in short ones: with the length they are
/// all of an entry of up to 16 bytes, so that most look-ups never touch the entry itself.
struct DictionaryBuilder: ~Copyable {
    /// With more entries, or more bytes of them, a dictionary saves too little.
    private static let entriesMax = 1_024
    private static let bytesMax = 64 << 10
    private static let slotBits: UInt64 = 12

    private struct Slot {
        var head: UInt64 = 0
        var tail: UInt64 = 0
        var length: UInt32 = 0
        /// -1: the slot is empty.
        var code: Int32 = -1
    }
    private static let slotCount = 1 << Int(slotBits)
    private let slots: UnsafeMutablePointer<Slot>
    /// The entries, one after the other, and where each ends.
    private var bytes = GrowableBuffer<UInt8>(capacity: 256)
    private var ends: [Int] = []
    private var sealed: StringDictionary?

    init() {
        slots = .allocate(capacity: DictionaryBuilder.slotCount)
        slots.initialize(repeating: Slot(), count: DictionaryBuilder.slotCount)
    }

    deinit { slots.deallocate() }

    /// The text's code, which is added if it is new; nil if the dictionary is full.
    /// - Parameter text: `TextWindow.padding` bytes behind it are readable.
    @inline(__always)
    mutating func code(_ text: UnsafePointer<UInt8>, count: Int) -> UInt16? {
        let (head, tail) = DictionaryBuilder.words(text, count)
        let position = find(text, count, head, tail)
        let code = slots[position].code
        if code >= 0 { return UInt16(truncatingIfNeeded: code) }
        return add(text, count, head, tail, at: position)
    }

    @inline(__always)
    private static func words(_ text: UnsafePointer<UInt8>, _ count: Int) -> (head: UInt64, tail: UInt64) {
        let start = UnsafeRawPointer(text)
        let head = start.loadUnaligned(as: UInt64.self)
        if count >= 8 { return (head, start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)) }
        let mask = (1 as UInt64) &<< UInt64(truncatingIfNeeded: 8 &* count) &- 1
        return (UInt64(littleEndian: head) & mask, 0)
    }

    /// Where the text is, or would be put.
    @inline(__always)
    private func find(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ head: UInt64, _ tail: UInt64
    ) -> Int {
        var hash = (head ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        hash ^= (tail ^ hash &>> 29) &* 0xD6E8_FEB8_6659_FD93
        var position = Int(truncatingIfNeeded: hash &>> (64 &- DictionaryBuilder.slotBits))
        while slots[position].code >= 0 {
            let slot = slots[position]
            if slot.head == head, slot.tail == tail, slot.length == UInt32(truncatingIfNeeded: count),
                count <= 16 || hasEntry(Int(slot.code), equalTo: text, count)
            {
                break
            }
            position = (position &+ 1) & (DictionaryBuilder.slotCount &- 1)
        }
        return position
    }

    @inline(never)
    private func hasEntry(_ code: Int, equalTo text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let entry = bytes.pointer + (ends[code] - count)
        for index in 8..<count - 8 where entry[index] != text[index] { return false }
        return true
    }

    @inline(never)
    private mutating func add(
        _ text: UnsafePointer<UInt8>, _ count: Int, _ head: UInt64, _ tail: UInt64, at position: Int
    ) -> UInt16? {
        guard ends.count < DictionaryBuilder.entriesMax, bytes.count + count <= DictionaryBuilder.bytesMax else {
            return nil
        }
        let code = ends.count
        bytes.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
        ends.append(bytes.count)
        slots[position] = Slot(head: head, tail: tail, length: UInt32(truncatingIfNeeded: count), code: Int32(code))
        return UInt16(truncatingIfNeeded: code)
    }

    /// The entries so far; the same object as before if there are no new ones.
    mutating func dictionary() -> StringDictionary {
        if let sealed, sealed.count == ends.count { return sealed }
        let all = Buffer(Array(UnsafeBufferPointer(start: bytes.pointer, count: bytes.count)))
        let start = all.pointer(as: UInt8.self)
        var begin = 0
        let views = ends.map { end in
            defer { begin = end }
            return StringView(start + begin, count: end - begin)
        }
        let made = StringDictionary(views: Buffer(views), owners: [all])
        sealed = made
        return made
    }
}
