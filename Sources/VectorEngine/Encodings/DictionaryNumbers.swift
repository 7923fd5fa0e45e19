import SQLTypes

/// BYTEDICT of numbers: up to 256 distinct codes, ascending, and each row's index among them, packed.
///
///     offset  bytes
///     0       2      entries
///     2       …      entries packed to the width of the frame's range, then indices packed to that of entries − 1
enum DictionaryNumbers {
    private static let entriesMax = 256

    /// Distinct codes and the index that each has among them: looked up directly where the range is small, else by
    /// open addressing over 1,024 slots, at most a quarter full.
    private struct Entries {
        private static let directMax = 1 << 16
        private static let slotCount = 1_024
        /// In the order of their first row until `sort`, then ascending.
        private(set) var codes: [UInt64] = []
        private let isDirect: Bool
        /// Index + 1; 0: not there.
        private var indices: [UInt16]
        /// Of hashed slots: whose index it is.
        private var owners: [UInt64]

        /// nil if there are more than 256.
        init?(_ all: NumberCodes) {
            isDirect = all.range < UInt64(Entries.directMax)
            indices = [UInt16](repeating: 0, count: isDirect ? Int(all.range) + 1 : Entries.slotCount)
            owners = isDirect ? [] : [UInt64](repeating: 0, count: Entries.slotCount)
            guard add(all.codes) else { return nil }
            sort()
        }

        private mutating func add(_ all: [UInt64]) -> Bool {
            for code in all {
                let slot = slot(of: code)
                guard indices[slot] == 0 else { continue }
                guard codes.count < entriesMax else { return false }
                codes.append(code)
                indices[slot] = UInt16(codes.count)
                if !isDirect { owners[slot] = code }
            }
            return true
        }

        @inline(__always)
        private func slot(of code: UInt64) -> Int {
            if isDirect { return Int(truncatingIfNeeded: code) }
            var slot = Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) >> 54)
            while indices[slot] != 0 && owners[slot] != code { slot = (slot + 1) & (Entries.slotCount - 1) }
            return slot
        }

        private mutating func sort() {
            codes.sort()
            for (index, code) in codes.enumerated() { indices[slot(of: code)] = UInt16(index + 1) }
        }

        /// Of a code that is among them.
        @inline(__always)
        func index(of code: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: indices[slot(of: code)] &- 1) }
    }

    /// nil: too many distinct values, or codes so narrow that it cannot pay.
    static func byteCount(_ codes: NumberCodes) -> Int? {
        guard let entries = Entries(codes) else { return nil }
        return 2 + BitPacking.byteCount(entries.codes.count, width: codes.width)
            + BitPacking.byteCount(codes.count, width: BitPacking.width(for: UInt64(max(entries.codes.count - 1, 0))))
    }

    static func encode(_ codes: NumberCodes, to output: inout ByteWriter) {
        guard let entries = Entries(codes) else { preconditionFailure("more than \(entriesMax) distinct values") }
        output.u16(UInt16(entries.codes.count))
        entries.codes.withUnsafeBufferPointer { BitPacking.pack($0, width: codes.width, to: &output) }
        let rows = codes.codes.map { entries.index(of: $0) }
        let width = BitPacking.width(for: UInt64(max(entries.codes.count - 1, 0)))
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
