import SQLTypes

/// Signed values of 1, 2 or 4 bytes; rows whose value does not fit are listed with their codes.
///
///     offset  bytes
///     0       4      exceptions
///     4       n × rows   values, little-endian; 0 for an exception
///     …       2 × exceptions   their rows, ascending
///     …       8 × exceptions   their codes
///
/// - Source: Redshift developer guide, "Mostly encoding".
enum MostlyNumbers {
    private static let exceptionBytes = 10

    private static func bytes(_ codec: BlockCodec) -> Int {
        switch codec {
        case .mostly8: 1
        case .mostly16: 2
        default: 4
        }
    }

    private static func value(_ code: UInt64, _ frame: NumberFrame, bytes: Int) -> Int64? {
        let value = frame.base + Int128(code)
        let limit = Int128(1) << (8 * bytes - 1)
        return value >= -limit && value < limit ? Int64(truncatingIfNeeded: value) : nil
    }

    static func byteCount(_ codes: NumberCodes, _ frame: NumberFrame, _ codec: BlockCodec) -> Int {
        let bytes = bytes(codec)
        var exceptions = 0
        for code in codes.codes where value(code, frame, bytes: bytes) == nil { exceptions += 1 }
        return 4 + codes.count * bytes + exceptions * exceptionBytes
    }

    static func encode(_ codes: NumberCodes, _ frame: NumberFrame, _ codec: BlockCodec, to output: inout ByteWriter) {
        let bytes = bytes(codec)
        var exceptions: [Int] = []
        for row in 0..<codes.count where value(codes.codes[row], frame, bytes: bytes) == nil {
            exceptions.append(row)
        }
        output.u32(UInt32(exceptions.count))
        for code in codes.codes {
            let value = value(code, frame, bytes: bytes) ?? 0
            switch bytes {
            case 1: output.u8(UInt8(truncatingIfNeeded: value))
            case 2: output.u16(UInt16(truncatingIfNeeded: value))
            default: output.u32(UInt32(truncatingIfNeeded: value))
            }
        }
        for row in exceptions { output.u16(UInt16(row)) }
        for row in exceptions { output.u64(codes.codes[row]) }
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, _ frame: NumberFrame, _ codec: BlockCodec,
        into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let exceptions = Int(try reader.u32())
        let bytes = bytes(codec)
        let values = try reader.raw(codes.count * bytes)
        switch bytes {
        case 1: subtract(frame.base, from: values, Int8.self, into: codes)
        case 2: subtract(frame.base, from: values, Int16.self, into: codes)
        default: subtract(frame.base, from: values, Int32.self, into: codes)
        }
        guard exceptions <= codes.count else { throw .corrupt("\(exceptions) exceptions in \(codes.count) rows") }
        var rows = ByteReader(try reader.raw(2 * exceptions))
        for _ in 0..<exceptions {
            let row = Int(try rows.u16())
            guard row < codes.count else { throw .corrupt("an exception in row \(row) of \(codes.count)") }
            codes[row] = Code(truncatingIfNeeded: try reader.u64())
        }
    }

    private static func subtract<Value: FixedWidthInteger, Code: FixedWidthInteger>(
        _ base: Int128, from source: UnsafeRawBufferPointer, _: Value.Type, into codes: UnsafeMutableBufferPointer<Code>
    ) {
        guard let source = source.baseAddress else { return }
        let base = Code(truncatingIfNeeded: base)
        for row in 0..<codes.count {
            let value = source.loadUnaligned(fromByteOffset: row * MemoryLayout<Value>.stride, as: Value.self)
            codes[row] = Code(truncatingIfNeeded: Value(littleEndian: value)) &- base
        }
    }
}
