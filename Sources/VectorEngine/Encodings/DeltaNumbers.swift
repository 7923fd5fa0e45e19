import SQLTypes

/// The first code, and the differences to the code before, less the smallest difference, packed.
///
///     offset  bytes
///     0       8      first code
///     8       8      smallest difference
///     16      1      width in bits
///     17      …      rows − 1 packed differences
///
/// Redshift's DELTA and DELTA32K take one and two bytes a difference; this takes as many bits as needed.
enum DeltaNumbers {
    private static let headerBytes = 17

    /// nil: differences would take as many bits as the codes.
    static func byteCount(_ codes: NumberCodes) -> Int? {
        guard let width = width(codes) else { return nil }
        return headerBytes + BitPacking.byteCount(codes.count - 1, width: width)
    }

    private static func width(_ codes: NumberCodes) -> Int? {
        guard codes.count > 0, codes.range < 1 << 62 else { return nil }
        let width = BitPacking.width(for: UInt64(codes.maximumDelta - codes.minimumDelta))
        return width < codes.width ? width : nil
    }

    static func encode(_ codes: NumberCodes, to output: inout ByteWriter) {
        guard let width = width(codes) else { preconditionFailure("differences wider than codes") }
        output.u64(codes.codes[0])
        output.i64(codes.minimumDelta)
        output.u8(UInt8(width))
        let least = UInt64(bitPattern: codes.minimumDelta)
        let deltas = [UInt64](unsafeUninitializedCapacity: codes.count - 1) { target, count in
            for row in 1..<codes.count { target[row - 1] = codes.codes[row] &- codes.codes[row - 1] &- least }
            count = codes.count - 1
        }
        deltas.withUnsafeBufferPointer { BitPacking.pack($0, width: width, to: &output) }
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let first = Code(truncatingIfNeeded: try reader.u64())
        let least = Code(truncatingIfNeeded: try reader.i64())
        let width = Int(try reader.u8())
        guard width <= Code.bitWidth, BitPacking.isWidth(width), codes.count > 0 else {
            throw .corrupt("\(codes.count) differences of \(width) bits")
        }
        let rest = UnsafeMutableBufferPointer(rebasing: codes[1...])
        BitPacking.unpack(try reader.raw(BitPacking.byteCount(rest.count, width: width)), width: width, into: rest)
        // Wrapping in the width of the codes: what is cut off above never reaches the bits below.
        var code = first
        codes[0] = code
        for row in 0..<rest.count {
            code = code &+ least &+ rest[row]
            rest[row] = code
        }
    }
}
