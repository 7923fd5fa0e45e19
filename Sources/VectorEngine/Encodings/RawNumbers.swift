import SQLTypes

/// Values at their natural width, little-endian.
enum RawNumbers {
    static func byteCount(_ count: Int, kind: StorageKind) -> Int { count * (kind.width ?? 0) }

    static func encode(_ codes: NumberCodes, _ frame: NumberFrame, kind: StorageKind, to output: inout ByteWriter) {
        let base = UInt64(truncatingIfNeeded: frame.base)
        switch kind {
        case .int8: for code in codes.codes { output.u8(UInt8(truncatingIfNeeded: code &+ base)) }
        case .int16: for code in codes.codes { output.u16(UInt16(truncatingIfNeeded: code &+ base)) }
        case .int32, .float32: for code in codes.codes { output.u32(UInt32(truncatingIfNeeded: code &+ base)) }
        case .int64, .float64: for code in codes.codes { output.u64(code &+ base) }
        case .int128: for code in codes.codes { output.i128(frame.base &+ Int128(code)) }
        case .bytes: preconditionFailure("strings among numbers")
        }
    }

    static func decode<Code: FixedWidthInteger & UnsignedInteger>(
        _ reader: inout ByteReader, _ frame: NumberFrame, kind: StorageKind,
        into codes: UnsafeMutableBufferPointer<Code>
    ) throws(SQLError) {
        let source = try reader.raw(byteCount(codes.count, kind: kind))
        switch kind {
        case .int8: subtract(frame.base, from: source, Int8.self, into: codes)
        case .int16: subtract(frame.base, from: source, Int16.self, into: codes)
        case .int32: subtract(frame.base, from: source, Int32.self, into: codes)
        case .float32: subtract(frame.base, from: source, UInt32.self, into: codes)
        case .int64: subtract(frame.base, from: source, Int64.self, into: codes)
        case .float64: subtract(frame.base, from: source, UInt64.self, into: codes)
        case .int128: subtract(frame.base, from: source, Int128.self, into: codes)
        case .bytes: throw .corrupt("strings among numbers")
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
