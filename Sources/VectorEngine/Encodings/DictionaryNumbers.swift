import SQLTypes

/// BYTEDICT of numbers: up to 256 distinct codes, ascending, and each row's index among them, packed.
///
///     offset  bytes
///     0       2      entries
///     2       …      entries packed to the width of the frame's range, then indices packed to that of entries − 1
enum DictionaryNumbers {
    private static let entriesMax = 256

    /// The distinct codes, ascending; nil if there are more than 256.
    private static func entries(_ codes: NumberCodes) -> [UInt64]? {
        // Open addressing over 1,024 slots, at most a quarter full; 0 marks an empty slot, so codes are kept plus one.
        var slots = [UInt64](repeating: 0, count: 1_024)
        var entries: [UInt64] = []
        var hasLargest = false
        for code in codes.codes {
            if code == .max {
                hasLargest = true
                continue
            }
            var slot = Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) >> 54)
            while slots[slot] != 0 && slots[slot] != code + 1 { slot = (slot + 1) & 1_023 }
            guard slots[slot] == 0 else { continue }
            guard entries.count < entriesMax else { return nil }
            slots[slot] = code + 1
            entries.append(code)
        }
        if hasLargest { entries.append(.max) }
        return entries.count <= entriesMax ? entries.sorted() : nil
    }

    /// nil: too many distinct values, or codes so narrow that it cannot pay.
    static func byteCount(_ codes: NumberCodes) -> Int? {
        guard let entries = entries(codes) else { return nil }
        return 2 + BitPacking.byteCount(entries.count, width: codes.width)
            + BitPacking.byteCount(codes.count, width: BitPacking.width(for: UInt64(max(entries.count - 1, 0))))
    }

    static func encode(_ codes: NumberCodes, to output: inout ByteWriter) {
        guard let entries = entries(codes) else { preconditionFailure("more than \(entriesMax) distinct values") }
        var indices: [UInt64: UInt8] = [:]
        for (index, entry) in entries.enumerated() { indices[entry] = UInt8(index) }
        output.u16(UInt16(entries.count))
        entries.withUnsafeBufferPointer { BitPacking.pack($0, width: codes.width, to: &output) }
        let rows = codes.codes.map { indices[$0] ?? 0 }
        let width = BitPacking.width(for: UInt64(max(entries.count - 1, 0)))
        rows.withUnsafeBufferPointer { BitPacking.pack($0, width: width, to: &output) }
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, _ frame: NumberFrame, into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let entryCount = Int(try reader.u16())
        let entryWidth = BitPacking.width(for: frame.range)
        guard entryCount >= 1, entryCount <= entriesMax, entryWidth <= Code.bitWidth else {
            throw .corrupt("a dictionary of \(entryCount) entries of \(entryWidth) bits")
        }
        let packedEntries = try reader.raw(BitPacking.byteCount(entryCount, width: entryWidth))
        let indexWidth = BitPacking.width(for: UInt64(entryCount - 1))
        let packedRows = try reader.raw(BitPacking.byteCount(codes.count, width: indexWidth))
        // 256 entries whatever the count, so that no index of a byte needs a check; those that are not there are 0.
        var entries = [Code](repeating: 0, count: 256)
        entries.withUnsafeMutableBufferPointer {
            BitPacking.unpack(
                packedEntries, width: entryWidth, into: UnsafeMutableBufferPointer(rebasing: $0[..<entryCount]))
        }
        let rows = [UInt8](unsafeUninitializedCapacity: codes.count) { target, count in
            BitPacking.unpack(
                packedRows, width: indexWidth, into: UnsafeMutableBufferPointer(rebasing: target[..<codes.count]))
            count = codes.count
        }
        entries.withUnsafeBufferPointer { entries in
            for row in 0..<codes.count { codes[row] = entries[Int(rows[row])] }
        }
    }
}
