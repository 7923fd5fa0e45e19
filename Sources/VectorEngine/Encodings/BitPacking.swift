/// Unsigned numbers in exactly `width` bits each, the first in the lowest bits of the first byte.
///
///     width 3, codes 1 5 7     byte 0: 11 101 001   byte 1: ·······1
///
/// Widths are 0 ... 57 and 64: up to 57 bits lie within one unaligned 64-bit load wherever they start, and what needs
/// more is worth no shifting.
enum BitPacking {
    /// The width for numbers up to `maximum`.
    static func width(for maximum: UInt64) -> Int {
        let bits = 64 - maximum.leadingZeroBitCount
        return bits > 57 ? 64 : bits
    }

    static func isWidth(_ width: Int) -> Bool { width >= 0 && width <= 57 || width == 64 }

    static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 }

    /// Appends the codes, which must fit.
    static func pack<Code: FixedWidthInteger & UnsignedInteger>(
        _ codes: UnsafeBufferPointer<Code>, width: Int, to output: inout ByteWriter
    ) {
        assert(isWidth(width), "a width of \(width) bits")
        guard width > 0, !codes.isEmpty else { return }
        let packed = [UInt8](unsafeUninitializedCapacity: byteCount(codes.count, width: width) + 8) { target, count in
            count = pack(codes, width: width, into: UnsafeMutableRawBufferPointer(target))
        }
        output.raw(packed)
    }

    /// `target` has 8 bytes more than are used.
    private static func pack<Code: FixedWidthInteger & UnsignedInteger>(
        _ codes: UnsafeBufferPointer<Code>, width: Int, into target: UnsafeMutableRawBufferPointer
    ) -> Int {
        var pending: UInt64 = 0
        var pendingBits = 0
        var position = 0
        for code in codes {
            let value = UInt64(truncatingIfNeeded: code)
            assert(width == 64 || value >> UInt64(width) == 0, "\(value) in \(width) bits")
            pending |= value << UInt64(pendingBits)
            pendingBits += width
            if pendingBits >= 64 {
                target.storeBytes(of: pending.littleEndian, toByteOffset: position, as: UInt64.self)
                position += 8
                pendingBits -= 64
                // Smart shift: all of the value is stored when nothing is left over.
                pending = value >> UInt64(width - pendingBits)
            }
        }
        target.storeBytes(of: pending.littleEndian, toByteOffset: position, as: UInt64.self)
        return position + (pendingBits + 7) / 8
    }

    /// Fills `target`. `source` must hold at least `byteCount(target.count, width:)` bytes, and a code fit in `Code`.
    static func unpack<Code: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafeRawBufferPointer, width: Int, into target: UnsafeMutableBufferPointer<Code>
    ) {
        precondition(source.count >= byteCount(target.count, width: width), "packed codes cut short")
        precondition(isWidth(width) && width <= Code.bitWidth, "\(width) bits into \(Code.bitWidth)")
        guard let from = source.baseAddress, let to = target.baseAddress, width > 0 else {
            target.update(repeating: 0)
            return
        }
        switch width {
        case 8: widen(from, UInt8.self, into: target)
        case 16: widen(from, UInt16.self, into: target)
        case 32: widen(from, UInt32.self, into: target)
        case 64: widen(from, UInt64.self, into: target)
        default: unpack(from, byteCount: source.count, width: width, to: to, count: target.count)
        }
    }

    private static func widen<Narrow: FixedWidthInteger, Code: FixedWidthInteger>(
        _ source: UnsafeRawPointer, _: Narrow.Type, into target: UnsafeMutableBufferPointer<Code>
    ) {
        for row in 0..<target.count {
            let narrow = source.loadUnaligned(fromByteOffset: row * MemoryLayout<Narrow>.size, as: Narrow.self)
            target[row] = Code(truncatingIfNeeded: Narrow(littleEndian: narrow))
        }
    }

    /// Eight codes take `width` bytes: each of the eight is found at the same place of every group, with one load,
    /// shift and mask. The last codes, whose load would pass the end, are taken byte by byte.
    private static func unpack<Code: FixedWidthInteger & UnsignedInteger>(
        _ source: UnsafeRawPointer, byteCount: Int, width: Int, to target: UnsafeMutablePointer<Code>, count: Int
    ) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        let reach = (7 * width) / 8 + 8
        let groups = byteCount < reach ? 0 : min(count / 8, (byteCount - reach) / width + 1)
        for group in 0..<groups {
            let base = source + group * width
            let out = target + group * 8
            for index in 0..<8 {
                let bit = index &* width
                let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
                out[index] = Code(truncatingIfNeeded: (word &>> UInt64(bit & 7)) & mask)
            }
        }
        for row in groups * 8..<count {
            let bit = row * width
            var word: UInt64 = 0
            for index in bit / 8..<min(bit / 8 + 8, byteCount) {
                word |= UInt64(source.load(fromByteOffset: index, as: UInt8.self)) << UInt64(8 * (index - bit / 8))
            }
            target[row] = Code(truncatingIfNeeded: (word >> UInt64(bit & 7)) & mask)
        }
    }
}
