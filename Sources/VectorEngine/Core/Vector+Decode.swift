package import SQLTypes

// Copying a vector's values out into memory of one plain layout: what operators do with a column they have no narrow
// path for. One dispatch per call; the targets have room for `count` values.

extension Vector {
    /// Values of an integer kind, widened to `T`, which is at least as wide as the kind. Null rows give their filler.
    package func copyIntegers<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        to target: UnsafeMutablePointer<T>
    ) {
        assert(kind.isInteger, "integers of \(kind)")
        switch form {
        case .flat(let buffer):
            switch kind {
            case .int8: widen(buffer.pointer(as: Int8.self), to: target)
            case .int16: widen(buffer.pointer(as: Int16.self), to: target)
            case .int32: widen(buffer.pointer(as: Int32.self), to: target)
            case .int64: widen(buffer.pointer(as: Int64.self), to: target)
            case .int128: widen(buffer.pointer(as: Int128.self), to: target)
            case .float32, .float64, .bytes: preconditionFailure("integers of \(kind)")
            }
        case .coded(let codes, let base):
            switch codes {
            case .u8(let buffer): widen(buffer.pointer(as: UInt8.self), base: T(truncatingIfNeeded: base), to: target)
            case .u16(let buffer): widen(buffer.pointer(as: UInt16.self), base: T(truncatingIfNeeded: base), to: target)
            case .u32(let buffer): widen(buffer.pointer(as: UInt32.self), base: T(truncatingIfNeeded: base), to: target)
            }
        case .constant(let value):
            target.update(repeating: T(truncatingIfNeeded: value.storedInteger(as: kind) ?? 0), count: count)
        case .dictionary, .views: preconditionFailure("integers of strings")
        }
    }

    /// `copyIntegers` as it is in this module, specialised, for callers outside. Not for `int128`.
    package func copyInt64s(to target: UnsafeMutablePointer<Int64>) { copyIntegers(to: target) }

    /// The same for every integer kind.
    package func copyInt128s(to target: UnsafeMutablePointer<Int128>) { copyIntegers(to: target) }

    private func widen<S: BinaryInteger, T: FixedWidthInteger>(
        _ source: UnsafePointer<S>, to target: UnsafeMutablePointer<T>
    ) {
        let source = source + offset
        for row in 0..<count { target[row] = T(truncatingIfNeeded: source[row]) }
    }

    private func widen<S: UnsignedInteger & FixedWidthInteger, T: FixedWidthInteger>(
        _ source: UnsafePointer<S>, base: T, to target: UnsafeMutablePointer<T>
    ) {
        let source = source + offset
        for row in 0..<count { target[row] = base &+ T(truncatingIfNeeded: source[row]) }
    }

    /// Values of REAL or DOUBLE.
    package func copyDoubles(to target: UnsafeMutablePointer<Double>) {
        switch form {
        case .flat(let buffer) where kind == .float64:
            target.update(from: buffer.pointer(as: Double.self) + offset, count: count)
        case .flat(let buffer):
            assert(kind == .float32, "floats of \(kind)")
            let source = buffer.pointer(as: Float.self) + offset
            for row in 0..<count { target[row] = Double(source[row]) }
        case .constant(let value): target.update(repeating: value.storedDouble ?? 0, count: count)
        case .coded, .dictionary, .views: preconditionFailure("floats of \(kind)")
        }
    }

    /// Strings; the views live as long as what the result names. Null rows give the empty string.
    package func copyViews(to target: UnsafeMutablePointer<StringView>) -> [Buffer] {
        let owners: [Buffer]
        switch form {
        case .views(let buffer, let own):
            target.update(from: buffer.pointer(as: StringView.self) + offset, count: count)
            owners = own
        case .dictionary(let codes, let dictionary):
            switch codes {
            case .u8(let buffer): look(up: buffer.pointer(as: UInt8.self), in: dictionary, to: target)
            case .u16(let buffer): look(up: buffer.pointer(as: UInt16.self), in: dictionary, to: target)
            case .u32(let buffer): look(up: buffer.pointer(as: UInt32.self), in: dictionary, to: target)
            }
            owners = dictionary.owners
        case .constant(let value):
            let bytes = Buffer(value.storedBytes ?? [])
            let view = StringView(bytes.pointer(as: UInt8.self), count: bytes.byteCount)
            target.update(repeating: view, count: count)
            return [bytes]
        case .flat, .coded: preconditionFailure("strings of \(kind)")
        }
        if let validity {
            let valid = validity.pointer(as: UInt8.self) + offset
            let empty = StringView(nil, count: 0)
            for row in 0..<count where valid[row] == 0 { target[row] = empty }
        }
        return owners
    }

    private func look<C: UnsignedInteger & FixedWidthInteger>(
        up codes: UnsafePointer<C>, in dictionary: StringDictionary, to target: UnsafeMutablePointer<StringView>
    ) {
        let entries = dictionary.entries
        guard !entries.isEmpty else { return target.update(repeating: StringView(nil, count: 0), count: count) }
        let codes = codes + offset
        // The filler of a null row need not be a code of the dictionary.
        let last = entries.count - 1
        for row in 0..<count { target[row] = entries[Swift.min(Int(codes[row]), last)] }
    }

    /// Codes of a coded or dictionary vector, as they are. Not for other forms.
    package func copyCodes(to target: UnsafeMutablePointer<UInt32>) {
        let codes: Codes
        switch form {
        case .coded(let own, _), .dictionary(let own, _): codes = own
        case .flat, .views, .constant: preconditionFailure("codes of a vector without")
        }
        switch codes {
        case .u8(let buffer): copyCodes(buffer.pointer(as: UInt8.self), to: target)
        case .u16(let buffer): copyCodes(buffer.pointer(as: UInt16.self), to: target)
        case .u32(let buffer): copyCodes(buffer.pointer(as: UInt32.self), to: target)
        }
    }

    private func copyCodes<C: UnsignedInteger & FixedWidthInteger>(
        _ source: UnsafePointer<C>, to target: UnsafeMutablePointer<UInt32>
    ) {
        let source = source + offset
        for row in 0..<count { target[row] = UInt32(truncatingIfNeeded: source[row]) }
    }

    /// 1 = valid, 0 = null, for each row.
    package func copyValidity(to target: UnsafeMutablePointer<UInt8>) {
        if let validity {
            target.update(from: validity.pointer(as: UInt8.self) + offset, count: count)
        } else {
            target.update(repeating: mayHaveNulls ? 0 : 1, count: count)
        }
    }

    /// `target[row] &= valid`: the rows in which all of several columns are valid.
    package func maskValidity(in target: UnsafeMutablePointer<UInt8>) {
        if let validity {
            let valid = validity.pointer(as: UInt8.self) + offset
            for row in 0..<count { target[row] &= valid[row] }
        } else if mayHaveNulls {
            target.update(repeating: 0, count: count)
        }
    }
}

extension SQLValue {
    /// The integer that a vector of an integer `kind` carries for the value; nil for NULL and for what is no integer.
    package func storedInteger(as kind: StorageKind) -> Int128? {
        switch self {
        case .boolean(let flag): flag ? 1 : 0
        case .integer(let value), .time(let value), .timestamp(let value), .timestamptz(let value): Int128(value)
        case .decimal(let decimal): decimal.unscaled
        case .date(let days): Int128(days)
        case .timetz(let microseconds, let secondsWest):
            TimeOfDay.packed(microseconds: microseconds, secondsWest: secondsWest)
        case .interval(let months, let days, let microseconds):
            kind == .int32 ? Int128(months) : Int128(days) * 86_400_000_000 + Int128(microseconds)
        case .null, .real, .double, .string, .varbyte: nil
        }
    }

    package var storedDouble: Double? {
        switch self {
        case .real(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    package var storedBytes: [UInt8]? {
        switch self {
        case .string(let bytes), .varbyte(let bytes): bytes
        default: nil
        }
    }
}
