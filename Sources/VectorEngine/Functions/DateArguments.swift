import SQLTypes

/// How date functions read their arguments.
extension FunctionCall {
    /// A date part named by argument `index`, per row (nearly always a constant).
    func dateParts(_ index: Int) throws(SQLError) -> (Int) throws(SQLError) -> DatePart {
        if case .string(let bytes)? = constant(index) {
            let part = try FunctionCall.datePart(bytes)
            return { _ in part }
        }
        let names = strings(index)
        return { row throws(SQLError) in try FunctionCall.datePart(Array(names[row].bytes)) }
    }

    private static func datePart(_ bytes: [UInt8]) throws(SQLError) -> DatePart {
        let name = String(decoding: bytes, as: UTF8.self)
        guard let part = DatePart(name) else {
            throw SQLError(.invalidParameterValue, "date part \"\(name)\" not recognized")
        }
        return part
    }

    /// Local microseconds since 2000-01-01: a TIMESTAMPTZ in the session's zone, a DATE as its midnight.
    func localTimestamps(_ index: Int) -> (Int) -> Int64 {
        let values = integers(index)
        switch argumentTypes[index] {
        case .date: return { values[$0] &* TimeOfDay.microsecondsPerDay }
        case .timestamptz:
            let zone = context.dateTime.zone
            return { zone.local(fromUTC: values[$0]) }
        default: return { values[$0] }
        }
    }

    /// TIMETZ: the time on its own clock and in UTC, both below 24 h, and how far its clock is ahead.
    func zonedTimes(_ index: Int) -> (Int) -> (local: Int64, utc: Int64, secondsEast: Int32) {
        let values = arguments[index].int128Lanes()
        return { row in
            let (local, west) = TimeOfDay.unpacked(values[row])
            let utc = CivilDate.floorRemainder(
                local &+ Int64(west) &* TimeOfDay.microsecondsPerSecond, TimeOfDay.microsecondsPerDay)
            return (local, utc, 0 &- west)
        }
    }

    /// The inverse, for a result of that type.
    func stored(local: Int64) -> Int64 {
        resultType == .timestamptz ? context.dateTime.zone.utc(fromLocal: local) : local
    }
}

extension Accepts {
    /// What names a date part.
    static func datePart(_ type: SQLType) -> SQLType? { type.isString ? string(type) : nil }

    /// DATE for a date, a timestamp or an untyped literal.
    static func date(_ type: SQLType) -> SQLType? { timestamp(type) == nil ? nil : .date }
}
