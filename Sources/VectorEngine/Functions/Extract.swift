import SQLTypes

/// EXTRACT and DATE_PART, with the part's name as first argument.
/// - Source: Redshift developer guide, "EXTRACT", "DATE_PART".
enum Extract {
    /// The part alone: seconds without their fraction. INTEGER; FLOAT8 for a TIMESTAMPTZ.
    static let extract = ScalarFunction(
        FunctionSignature("extract") { types in
            guard types.count == 2, let part = Accepts.datePart(types[0]), let type = moment(types[1]) else {
                return nil
            }
            return .init(arguments: [part, type], result: type == .timestamptz ? .double : .integer)
        }
    ) { call throws(SQLError) in
        let parts = try call.dateParts(0)
        if call.argumentTypes[1] == .time {
            let times = call.integers(1)
            return try call.makeIntegers { row throws(SQLError) in
                try DateMath.extract(try parts(row), fromTime: times[row])
            }
        }
        if call.argumentTypes[1] == .timetz {
            let times = call.zonedTimes(1)
            return try call.makeIntegers { row throws(SQLError) in
                let time = times(row)
                return try extract(try parts(row), from: time.local, utc: time.utc, secondsEast: time.secondsEast)
            }
        }
        let moments = call.localTimestamps(1)
        if call.resultType == .double {
            let instants = call.integers(1)
            let zone = call.context.dateTime.zone
            return try call.makeDoubles { row throws(SQLError) in
                Double(
                    try DateMath.extract(
                        try parts(row), from: moments(row), secondsEast: zone.secondsEast(atUTC: instants[row])))
            }
        }
        return try call.makeExact { row throws(SQLError) in
            Int128(try DateMath.extract(try parts(row), from: moments(row)))
        }
    }

    /// From a TIMETZ: its own clock's hours, and the zone's parts; the epoch counts in UTC.
    private static func extract(
        _ part: DatePart, from local: Int64, utc: Int64, secondsEast: Int32
    ) throws(SQLError) -> Int64 {
        switch part {
        case .timezone: return Int64(secondsEast)
        case .timezoneHour: return Int64(secondsEast / 3_600)
        case .timezoneMinute: return Int64(secondsEast % 3_600 / 60)
        case .epoch: return try DateMath.extract(part, fromTime: utc)
        default: return try DateMath.extract(part, fromTime: local)
        }
    }

    /// FLOAT8, seconds with their fraction.
    static let datePart = ScalarFunction(
        FunctionSignature("date_part", "pgdate_part") { types in
            guard types.count == 2, let part = Accepts.datePart(types[0]), let type = moment(types[1]) else {
                return nil
            }
            return .init(arguments: [part, type], result: .double)
        }
    ) { call throws(SQLError) in
        let parts = try call.dateParts(0)
        if call.argumentTypes[1] == .time {
            let times = call.integers(1)
            return try call.makeDoubles { row throws(SQLError) in
                let part = try parts(row)
                if part == .second { return Double(times[row] % TimeOfDay.microsecondsPerMinute) / 1e6 }
                return Double(try DateMath.extract(part, fromTime: times[row]))
            }
        }
        if call.argumentTypes[1] == .timetz {
            let times = call.zonedTimes(1)
            return try call.makeDoubles { row throws(SQLError) in
                let part = try parts(row)
                let time = times(row)
                if part == .second { return Double(time.local % TimeOfDay.microsecondsPerMinute) / 1e6 }
                return Double(
                    try extract(part, from: time.local, utc: time.utc, secondsEast: time.secondsEast))
            }
        }
        let moments = call.localTimestamps(1)
        let instants = call.integers(1)
        let zone: SessionTimeZone? = call.argumentTypes[1] == .timestamptz ? call.context.dateTime.zone : nil
        return try call.makeDoubles { row throws(SQLError) in
            try DateMath.datePart(
                try parts(row), from: moments(row), secondsEast: zone.map { $0.secondsEast(atUTC: instants[row]) })
        }
    }

    static let year = ScalarFunction(
        FunctionSignature("date_part_year") { types in
            guard types.count == 1, let type = Accepts.date(types[0]) else { return nil }
            return .init(arguments: [type], result: .integer)
        }
    ) { call throws(SQLError) in
        let moments = call.localTimestamps(0)
        return try call.makeIntegers { row throws(SQLError) in try DateMath.extract(.year, from: moments(row)) }
    }

    private static func moment(_ type: SQLType) -> SQLType? {
        type == .time || type == .timetz ? type : Accepts.timestamp(type)
    }
}
