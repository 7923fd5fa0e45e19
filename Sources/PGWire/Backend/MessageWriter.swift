/// Appends frames and their fields.
struct MessageWriter {
    private(set) var bytes: [UInt8]

    /// Goes on behind `bytes`.
    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// A message of that type with what `fields` writes.
    mutating func frame(_ type: Unicode.Scalar, _ fields: (inout MessageWriter) -> Void) {
        bytes.append(UInt8(ascii: type))
        let lengthAt = bytes.count
        integer(Int32(0))
        fields(&self)
        let length = UInt32(truncatingIfNeeded: bytes.count - lengthAt)
        for index in 0..<4 { bytes[lengthAt + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func integer<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ new: some Sequence<UInt8>) { bytes.append(contentsOf: new) }

    /// A string ends at its first NUL, which no text of the protocol can hold.
    mutating func cString(_ text: String) {
        bytes.append(contentsOf: text.utf8.prefix { $0 != 0 })
        bytes.append(0)
    }

    mutating func textRow(_ values: [String?]) {
        integer(UInt16(clamping: values.count))
        for value in values {
            guard let value else {
                integer(Int32(-1))
                continue
            }
            integer(Int32(clamping: value.utf8.count))
            raw(value.utf8)
        }
    }
}
