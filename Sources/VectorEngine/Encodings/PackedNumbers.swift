import SQLTypes

/// Codes packed to the width of the frame's range: frame of reference. What AZ64 is here most of the time.
/// - Source: Goldstein, Ramakrishnan, Shaft, "Compressing Relations and Indexes", ICDE 1998.
enum PackedNumbers {
    static func byteCount(_ codes: NumberCodes) -> Int { BitPacking.byteCount(codes.count, width: codes.width) }

    static func encode(_ codes: NumberCodes, to output: inout ByteWriter) {
        codes.codes.withUnsafeBufferPointer { BitPacking.pack($0, width: codes.width, to: &output) }
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, _ frame: NumberFrame, into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let width = BitPacking.width(for: frame.range)
        guard width <= Code.bitWidth else { throw .corrupt("a range of \(frame.range) for \(Code.bitWidth)-bit codes") }
        BitPacking.unpack(try reader.raw(BitPacking.byteCount(codes.count, width: width)), width: width, into: codes)
    }
}
