import SQLTypes

/// Between a value outside a vector and the integer that stands for it in one.
enum StoredValue {
    /// The integer form of a value of an integer storage kind; nil for null and for others.
    static func integer(of value: SQLValue) -> Int128? {
        switch value {
        case .boolean(let value): value ? 1 : 0
        case .integer(let value), .time(let value), .timestamp(let value), .timestamptz(let value): Int128(value)
        case .decimal(let value): value.unscaled
        case .date(let value): Int128(value)
        case .interval(let months, let days, let microseconds):
            months != 0 ? Int128(months) : Int128(days) * 86_400_000_000 + Int128(microseconds)
        case .timetz(let microseconds, let secondsWest):
            (Int128(microseconds) + Int128(secondsWest) * 1_000_000) << 32 | Int128(Int64(secondsWest) + (1 << 31))
        case .null, .real, .double, .string, .varbyte: nil
        }
    }

    /// The bits of a floating-point value in the lower end of a word; nil for null and for others.
    static func bits(of value: SQLValue, kind: StorageKind) -> UInt64? {
        let number: Double? =
            switch value {
            case .real(let value): Double(value)
            case .double(let value): value
            default: nil
            }
        guard let number else { return nil }
        return kind == .float32 ? UInt64(Float(number).bitPattern) : number.bitPattern
    }

    static func bytes(of value: SQLValue) -> [UInt8] {
        switch value {
        case .string(let bytes), .varbyte(let bytes): bytes
        default: []
        }
    }

    /// The value of that type which the integer stands for; nil if the type is not stored as an integer.
    static func value(_ integer: Int128, type: SQLType) -> SQLValue? {
        let narrow = Int64(truncatingIfNeeded: integer)
        switch type {
        case .boolean: return .boolean(integer != 0)
        case .smallint, .integer, .bigint: return .integer(narrow)
        case .decimal(_, let scale): return .decimal(Decimal(unscaled: integer, scale: scale))
        case .date: return .date(Int32(truncatingIfNeeded: integer))
        case .time: return .time(narrow)
        case .timetz:
            let secondsWest = Int64(integer & 0xFFFF_FFFF) - (1 << 31)
            let instant = Int64(truncatingIfNeeded: integer >> 32)
            return .timetz(
                microseconds: instant - secondsWest * 1_000_000, secondsWest: Int32(truncatingIfNeeded: secondsWest))
        case .timestamp: return .timestamp(narrow)
        case .timestamptz: return .timestamptz(narrow)
        case .intervalYearToMonth: return .interval(months: Int32(truncatingIfNeeded: integer), days: 0, microseconds: 0)
        case .intervalDayToSecond: return .interval(months: 0, days: 0, microseconds: narrow)
        case .real, .double, .char, .varchar, .varbyte, .unknown: return nil
        }
    }
}
