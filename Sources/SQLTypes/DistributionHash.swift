/// The hash that decides on which slice a row lives: `slice = routingTable[hash >> 48]`.
///
/// It is part of the storage format. The functions and constants below never change under one `version`; the catalog
/// records the version with each cluster, and the tests hold golden values. Redshift's own hash is not public.
///
/// Which values hash alike:
/// - SMALLINT, INTEGER, BIGINT, BOOLEAN, DATE, TIME, TIMESTAMP(TZ), intervals of one kind: by their integer, whatever
///   its width; DATE and TIMESTAMP count in different units and therefore do not hash alike.
/// - DECIMAL: the unscaled integer at the column's scale, whatever the precision. DECIMAL(10,2) and DECIMAL(38,2) hash
///   alike; 1.0 at scale 1 and 1.00 at scale 2 do not, and need not: collocation asks for equal types.
/// - REAL and DOUBLE: by the value as a double; −0 as 0, and every NaN as one NaN.
/// - CHAR and VARCHAR: the bytes without trailing blanks. VARBYTE: all bytes.
/// - TIMETZ: the packed 128-bit integer that vectors carry.
/// - NULL: one constant, so that all NULL rows of a key live on one slice.
///
/// Hash tables of joins and groups must not use these bits again (all rows of a slice agree in them); they mix
/// differently.
package enum DistributionHash {
    package static let version = 1
    package static let null: UInt64 = 0x6E75_6C6C_2062_6C75

    @usableFromInline static let integerSeed: UInt64 = 0x8F1B_BCDC_BFA5_3E0B
    @usableFromInline static let floatSeed: UInt64 = 0x2545_F491_4F6C_DD1D
    @usableFromInline static let bytesSeed: UInt64 = 0xA076_1D64_78BD_642F
    @usableFromInline static let wordFactor: UInt64 = 0x9E37_79B1_85EB_CA87
    @usableFromInline static let chainFactor: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    @usableFromInline static let canonicalNaN: UInt64 = 0x7FF8_0000_0000_0000

    /// Each input bit flips each output bit with a probability near one half.
    /// - Source: the 64-bit finaliser of MurmurHash3 (Austin Appleby, public domain).
    @inlinable @inline(__always)
    package static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ (mixed >> 33)
    }

    @inlinable @inline(__always)
    package static func hash(_ value: Int64) -> UInt64 {
        mix(UInt64(bitPattern: value) ^ integerSeed)
    }

    /// Equal to the hash of the Int64 if the value fits in one.
    @inlinable @inline(__always)
    package static func hash(_ value: Int128) -> UInt64 {
        let low = Int64(truncatingIfNeeded: value)
        let high = Int64(truncatingIfNeeded: value >> 64)
        let lowHash = hash(low)
        guard high != low >> 63 else { return lowHash }
        return mix(lowHash ^ (UInt64(bitPattern: high) &* chainFactor))
    }

    @inlinable @inline(__always)
    package static func hash(_ value: Double) -> UInt64 {
        let bits = value.isNaN ? canonicalNaN : value == 0 ? 0 : value.bitPattern
        return mix(bits ^ floatSeed)
    }

    @inlinable @inline(__always)
    package static func hash(_ value: Float) -> UInt64 { hash(Double(value)) }

    /// CHAR and VARCHAR: trailing blanks do not count.
    @inlinable
    package static func hash(string bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let length = UTF8Bytes.lengthWithoutTrailingBlanks(bytes)
        return hash(bytes: UnsafeBufferPointer(rebasing: bytes[..<length]))
    }

    @inlinable
    package static func hash(string bytes: Span<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { hash(string: $0) }
    }

    /// VARBYTE: all bytes count. Little-endian words of eight; the last one is filled up with zeros, and the length is
    /// part of the seed, so that "a" and "a\0" differ.
    @inlinable
    package static func hash(bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = bytesSeed ^ (UInt64(bytes.count) &* wordFactor)
        var offset = 0
        while offset &+ 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            state = chained(state, word)
            offset &+= 8
        }
        if offset < raw.count {
            var word: UInt64 = 0
            var shift: UInt64 = 0
            while offset < raw.count {
                word |= UInt64(raw[offset]) &<< shift
                shift &+= 8
                offset &+= 1
            }
            state = chained(state, word)
        }
        return mix(state)
    }

    @inlinable
    package static func hash(bytes: Span<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { hash(bytes: $0) }
    }

    @inlinable @inline(__always)
    static func chained(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = state ^ (word &* wordFactor)
        return (mixed &<< 31 | mixed &>> 33) &* chainFactor
    }

    /// The hash of a value as a column of `type` stores it: the value is cast to `type` first by the caller.
    package static func hash(_ value: SQLValue, as type: SQLType) -> UInt64 {
        switch value {
        case .null: null
        case .real(let float): hash(float)
        case .double(let double): hash(double)
        case .string(let bytes): hash(string: bytes.span)
        case .varbyte(let bytes): hash(bytes: bytes.span)
        default: hash(value.storedInteger(as: type) ?? 0)
        }
    }
}
