import SQLTypes

/// Runs of equal codes: each run's code and its length.
///
///     offset  bytes
///     0       4      runs
///     4       1      width of a code in bits
///     5       1      width of a length − 1 in bits
///     6       …      packed codes, then packed lengths − 1
enum RunLengths {
    private static let headerBytes = 6

    static func encode(_ codes: [UInt64], to output: inout ByteWriter) {
        var values: [UInt64] = []
        var lengths: [UInt64] = []
        for code in codes {
            if let last = values.last, last == code {
                lengths[lengths.count - 1] += 1
            } else {
                values.append(code)
                lengths.append(0)
            }
        }
        let valueWidth = BitPacking.width(for: values.max() ?? 0)
        let lengthWidth = BitPacking.width(for: lengths.max() ?? 0)
        output.u32(UInt32(values.count))
        output.u8(UInt8(valueWidth))
        output.u8(UInt8(lengthWidth))
        values.withUnsafeBufferPointer { BitPacking.pack($0, width: valueWidth, to: &output) }
        lengths.withUnsafeBufferPointer { BitPacking.pack($0, width: lengthWidth, to: &output) }
    }

    /// An upper bound, the longest run not being known.
    static func byteCountMax(runs: Int, width: Int, rows: Int) -> Int {
        headerBytes + BitPacking.byteCount(runs, width: width)
            + BitPacking.byteCount(runs, width: BitPacking.width(for: UInt64(rows)))
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let runs = Int(try reader.u32())
        let valueWidth = Int(try reader.u8())
        let lengthWidth = Int(try reader.u8())
        guard runs <= codes.count, BitPacking.isWidth(valueWidth), valueWidth <= Code.bitWidth, lengthWidth <= 16 else {
            throw .corrupt("\(runs) runs of \(valueWidth) and \(lengthWidth) bits in \(codes.count) rows")
        }
        let packedValues = try reader.raw(BitPacking.byteCount(runs, width: valueWidth))
        let packedLengths = try reader.raw(BitPacking.byteCount(runs, width: lengthWidth))
        let values = [Code](unsafeUninitializedCapacity: runs) { target, count in
            BitPacking.unpack(
                packedValues, width: valueWidth, into: UnsafeMutableBufferPointer(rebasing: target[..<runs]))
            count = runs
        }
        let lengths = [UInt16](unsafeUninitializedCapacity: runs) { target, count in
            BitPacking.unpack(
                packedLengths, width: lengthWidth, into: UnsafeMutableBufferPointer(rebasing: target[..<runs]))
            count = runs
        }
        var row = 0
        for run in 0..<runs {
            let length = Int(lengths[run]) + 1
            guard length <= codes.count - row else { throw .corrupt("runs of more than \(codes.count) rows") }
            UnsafeMutableBufferPointer(rebasing: codes[row..<row + length]).update(repeating: values[run])
            row += length
        }
        guard row == codes.count else { throw .corrupt("runs of \(row) rows for \(codes.count)") }
    }
}

/// RUNLENGTH of numbers.
enum RunLengthNumbers {
    static func byteCount(_ codes: NumberCodes) -> Int {
        RunLengths.byteCountMax(runs: codes.runCount, width: codes.width, rows: codes.count)
    }

    static func encode(_ codes: NumberCodes, to output: inout ByteWriter) {
        RunLengths.encode(codes.codes, to: &output)
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        try RunLengths.decode(&reader, into: codes)
    }
}
