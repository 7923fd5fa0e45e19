package import SQLTypes

/// One value as its type's binary form. Whole columns are written where the vectors are; this is for single values, and
/// the reference that those are tested against.
/// - Source: PostgreSQL's `…send` functions; redshift_connector for Redshift's own types.
package enum BinaryValue {
    /// - Parameter value: of `type`, not NULL.
    package static func append(_ value: SQLValue, as type: SQLType, to bytes: inout [UInt8]) {
        switch value {
        case .null: break
        case .boolean(let flag): bytes.append(flag ? 1 : 0)
        case .integer(let integer): append(integer, as: type, to: &bytes)
        case .decimal(let decimal):
            let shown =
                type.isDecimal ? decimal.rescaled(to: type.scale, rounding: .halfAwayFromZero) ?? decimal : decimal
            BinaryNumeric.append(shown.unscaled, scale: shown.scale, to: &bytes)
        case .real(let real): append(real.bitPattern, to: &bytes)
        case .double(let double): append(double.bitPattern, to: &bytes)
        case .date(let days): append(days, to: &bytes)
        case .time(let microseconds): append(microseconds, to: &bytes)
        case .timetz(let microseconds, let secondsWest):
            append(microseconds, to: &bytes)
            append(secondsWest, to: &bytes)
        case .timestamp(let microseconds), .timestamptz(let microseconds): append(microseconds, to: &bytes)
        case .interval(let months, let days, let microseconds):
            append(Interval(months: months, days: days, microseconds: microseconds), as: type, to: &bytes)
        case .varbyte(let raw): bytes.append(contentsOf: raw)
        case .string(let text): append(text: text, as: type, to: &bytes)
        }
    }

    private static func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ integer: Int64, as type: SQLType, to bytes: inout [UInt8]) {
        switch type {
        case .smallint: append(Int16(truncatingIfNeeded: integer), to: &bytes)
        case .bigint: append(integer, to: &bytes)
        default: append(Int32(truncatingIfNeeded: integer), to: &bytes)
        }
    }

    /// Redshift's two interval types travel as what they are stored as.
    private static func append(_ interval: Interval, as type: SQLType, to bytes: inout [UInt8]) {
        if type == .intervalYearToMonth { return append(interval.months, to: &bytes) }
        append(Int64(clamping: interval.approximateMicroseconds), to: &bytes)
    }

    private static func append(text: [UInt8], as type: SQLType, to bytes: inout [UInt8]) {
        if case .catalog(let catalog) = type, catalog.element != nil {
            // What is stored was made by us; a text that is no array can only be sent as it is.
            guard let values = try? ArrayText.values(text, of: catalog) else { return bytes.append(contentsOf: text) }
            return BinaryArray.append(values, as: catalog, to: &bytes)
        }
        bytes.append(contentsOf: text)
        if case .char(let length) = type {
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, length - text.count)))
        }
    }
}
