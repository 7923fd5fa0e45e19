package import SQLTypes

extension Vector {
    /// One row as a value of `type`, whose storage kind is the vector's: results, bounds, tests; never a hot loop.
    package func value(at row: Int, as type: SQLType) -> SQLValue {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        // An oid that shows as a name has become that name on its way to the client.
        assert(type.storage == kind || type.isAlias && kind == .bytes, "\(type) from \(kind)")
        if !isValid(row) { return .null }
        // A constant interval has months beside days, which no integer holds.
        if case .constant(let value) = form, case .interval = value { return value }
        switch kind {
        case .int8, .int16, .int32, .int64, .int128: return SQLValue(storedInteger: integer(at: row), as: type)
        case .float32:
            if case .flat(let buffer) = form { return .real(buffer.pointer(as: Float.self)[offset + row]) }
        case .float64:
            if case .flat(let buffer) = form { return .double(buffer.pointer(as: Double.self)[offset + row]) }
        case .bytes:
            if let view = view(at: row) {
                if case .varbyte = type { return .varbyte(Array(view.bytes)) }
                return .string(Array(view.bytes))
            }
        }
        if case .constant(let value) = form { return value }
        preconditionFailure("\(kind) in an impossible form")
    }

    package func isValid(_ row: Int) -> Bool {
        if case .constant(let value) = form { return !value.isNull }
        return validity.map { $0.pointer(as: UInt8.self)[offset + row] != 0 } ?? true
    }

    private func integer(at row: Int) -> Int128 {
        switch form {
        case .flat(let buffer):
            switch kind {
            case .int8: Int128(buffer.pointer(as: Int8.self)[offset + row])
            case .int16: Int128(buffer.pointer(as: Int16.self)[offset + row])
            case .int32: Int128(buffer.pointer(as: Int32.self)[offset + row])
            case .int64: Int128(buffer.pointer(as: Int64.self)[offset + row])
            default: buffer.pointer(as: Int128.self)[offset + row]
            }
        case .coded(let codes, let base): Int128(base) + Int128(codes[offset + row])
        case .constant(let value): value.storedInteger(as: kind) ?? 0
        case .dictionary, .views: preconditionFailure("integers of strings")
        }
    }

    /// nil: no strings, or one string for all rows.
    func view(at row: Int) -> StringView? {
        switch form {
        case .dictionary(let codes, let dictionary): dictionary.entries[codes[offset + row]]
        case .views(let buffer, _): buffer.pointer(as: StringView.self)[offset + row]
        case .flat, .coded, .constant: nil
        }
    }
}

extension SQLValue {
    /// The value of `type` that a vector carries as `integer`; the inverse of `storedInteger(as:)`.
    package init(storedInteger integer: Int128, as type: SQLType) {
        switch type {
        case .boolean: self = .boolean(integer != 0)
        case .smallint, .integer, .bigint, .catalog: self = .integer(Int64(truncatingIfNeeded: integer))
        case .decimal(_, let scale): self = .decimal(Decimal(unscaled: integer, scale: scale))
        case .date: self = .date(Int32(truncatingIfNeeded: integer))
        case .time: self = .time(Int64(truncatingIfNeeded: integer))
        case .timetz:
            let unpacked = TimeOfDay.unpacked(integer)
            self = .timetz(microseconds: unpacked.microseconds, secondsWest: unpacked.secondsWest)
        case .timestamp: self = .timestamp(Int64(truncatingIfNeeded: integer))
        case .timestamptz: self = .timestamptz(Int64(truncatingIfNeeded: integer))
        case .intervalYearToMonth:
            self = .interval(months: Int32(truncatingIfNeeded: integer), days: 0, microseconds: 0)
        case .intervalDayToSecond:
            self = .interval(months: 0, days: 0, microseconds: Int64(truncatingIfNeeded: integer))
        case .real, .double, .char, .varchar, .varbyte, .unknown: preconditionFailure("\(type) is no integer")
        }
    }
}
