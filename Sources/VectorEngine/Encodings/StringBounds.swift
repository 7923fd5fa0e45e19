import SQLTypes

/// Smallest and largest of some strings, as a zone map keeps them.
struct StringBounds {
    /// CHAR and VARCHAR compare without trailing blanks, VARBYTE with all its bytes.
    let trimsBlanks: Bool
    private var minimum: UnsafeBufferPointer<UInt8>?
    private var maximum: UnsafeBufferPointer<UInt8>?

    init(type: SQLType) {
        if case .varbyte = type { trimsBlanks = false } else { trimsBlanks = true }
    }

    /// The bytes must stay where they are until the bounds have been asked for.
    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        let value = trimmed(bytes)
        guard let least = minimum, let greatest = maximum else {
            minimum = value
            maximum = value
            return
        }
        if StringBounds.isLess(value, least) { minimum = value }
        if StringBounds.isLess(greatest, value) { maximum = value }
    }

    func lower(type: SQLType) -> SQLValue? {
        minimum.map { least in
            let head = UnsafeBufferPointer(rebasing: least.prefix(ZoneMap.boundBytesMax))
            return StringBounds.value(Array(trimmed(head)), type)
        }
    }

    func upper(type: SQLType) -> SQLValue? {
        guard let maximum else { return nil }
        guard maximum.count > ZoneMap.boundBytesMax else { return StringBounds.value(Array(maximum), type) }
        return StringBounds.roundedUp(Array(maximum.prefix(ZoneMap.boundBytesMax))).map { StringBounds.value($0, type) }
    }

    /// The shortest bytes above everything that starts with `head`; nil if there are none.
    static func roundedUp(_ head: [UInt8]) -> [UInt8]? {
        var head = head
        while let last = head.last, last == 0xFF { head.removeLast() }
        guard let last = head.popLast() else { return nil }
        // 0x20 at the end would not count: a blank there is trimmed before comparing.
        head.append(last + 1 == 0x20 ? 0x21 : last + 1)
        return head
    }

    private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard trimsBlanks else { return bytes }
        var count = bytes.count
        while count > 0 && bytes[count - 1] == 0x20 { count -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[..<count])
    }

    private static func value(_ bytes: [UInt8], _ type: SQLType) -> SQLValue {
        if case .varbyte = type { .varbyte(bytes) } else { .string(bytes) }
    }

    static func isLess(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let common = min(left.count, right.count)
        for index in 0..<common where left[index] != right[index] { return left[index] < right[index] }
        return left.count < right.count
    }
}
