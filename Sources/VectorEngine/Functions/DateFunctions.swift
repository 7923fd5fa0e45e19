import SQLTypes

/// DATEADD, DATEDIFF, DATE_TRUNC, LAST_DAY, ADD_MONTHS, MONTHS_BETWEEN, NEXT_DAY. `DateMath` has the rules.
/// - Source: Redshift developer guide, "Date and time functions".
enum DateFunctions {
    /// DATEADD(part, n, d): a DATE becomes a TIMESTAMP.
    static let dateadd = ScalarFunction(
        FunctionSignature("dateadd", "date_add") { types in
            guard types.count == 3, let part = Accepts.datePart(types[0]), Accepts.integer(types[1]) != nil else {
                return nil
            }
            if types[2] == .time || types[2] == .timetz {
                return .init(arguments: [part, .bigint, types[2]], result: types[2])
            }
            guard let type = Accepts.timestamp(types[2]) else { return nil }
            return .init(arguments: [part, .bigint, type], result: type)
        }
    ) { call throws(SQLError) in
        let parts = try call.dateParts(0)
        let counts = call.integers(1)
        if call.resultType == .time {
            let times = call.integers(2)
            return try call.makeIntegers { row throws(SQLError) in
                try DateMath.add(counts[row], try parts(row), toTime: times[row])
            }
        }
        if call.resultType == .timetz {
            let times = call.zonedTimes(2)
            // As documented, the result stands in UTC.
            return try call.makeWideIntegers { row throws(SQLError) in
                TimeOfDay.packed(
                    microseconds: try DateMath.add(counts[row], try parts(row), toTime: times(row).utc), secondsWest: 0)
            }
        }
        let moments = call.localTimestamps(2)
        return try call.makeIntegers { row throws(SQLError) in
            call.stored(local: try DateMath.add(counts[row], try parts(row), to: moments(row)))
        }
    }

    /// DATEDIFF(part, a, b): the part's boundaries between a and b.
    static let datediff = ScalarFunction(
        FunctionSignature("datediff", "date_diff") { types in
            guard types.count == 3, let part = Accepts.datePart(types[0]) else { return nil }
            if types[1...].contains(.timetz) || types[1...].contains(.time) {
                let type: SQLType = types[1...].contains(.timetz) ? .timetz : .time
                guard types[1...].allSatisfy({ $0 == .time || $0 == .timetz || $0.isString }) else { return nil }
                return .init(arguments: [part, type, type], result: .bigint)
            }
            guard let first = Accepts.timestamp(types[1]), let second = Accepts.timestamp(types[2]) else { return nil }
            let type: SQLType = first == .timestamptz || second == .timestamptz ? .timestamptz : .timestamp
            return .init(arguments: [part, type, type], result: .bigint)
        }
    ) { call throws(SQLError) in
        let parts = try call.dateParts(0)
        if call.argumentTypes[1] == .time {
            let starts = call.integers(1)
            let ends = call.integers(2)
            return try call.makeIntegers { row throws(SQLError) in
                try DateMath.difference(try parts(row), fromTime: starts[row], toTime: ends[row])
            }
        }
        if call.argumentTypes[1] == .timetz {
            let starts = call.zonedTimes(1)
            let ends = call.zonedTimes(2)
            return try call.makeIntegers { row throws(SQLError) in
                try DateMath.difference(try parts(row), fromTime: starts(row).utc, toTime: ends(row).utc)
            }
        }
        let starts = call.localTimestamps(1)
        let ends = call.localTimestamps(2)
        return try call.makeIntegers { row throws(SQLError) in
            try DateMath.difference(try parts(row), from: starts(row), to: ends(row))
        }
    }

    static let dateTrunc = ScalarFunction(
        FunctionSignature("date_trunc") { types in
            guard types.count == 2, let part = Accepts.datePart(types[0]), let type = Accepts.timestamp(types[1]) else {
                return nil
            }
            return .init(arguments: [part, type], result: type)
        }
    ) { call throws(SQLError) in
        let parts = try call.dateParts(0)
        let moments = call.localTimestamps(1)
        return try call.makeIntegers { row throws(SQLError) in
            call.stored(local: try DateMath.truncate(moments(row), to: try parts(row)))
        }
    }

    static let lastDay = ScalarFunction(
        FunctionSignature("last_day") { types in
            guard types.count == 1, let type = Accepts.date(types[0]) else { return nil }
            return .init(arguments: [type], result: .date)
        }
    ) { call throws(SQLError) in
        let days = call.integers(0)
        return try call.makeIntegers { row throws(SQLError) in
            Int64(try DateMath.lastDay(Int32(truncatingIfNeeded: days[row])))
        }
    }

    /// A month's last day stays the last day.
    static let addMonths = ScalarFunction(
        FunctionSignature("add_months") { types in
            guard types.count == 2, Accepts.timestamp(types[0]) != nil, Accepts.integer(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [.timestamp, .bigint], result: .timestamp)
        }
    ) { call throws(SQLError) in
        let moments = call.integers(0)
        let counts = call.integers(1)
        return try call.makeIntegers { row throws(SQLError) in
            try DateMath.addMonths(counts[row], to: moments[row])
        }
    }

    static let monthsBetween = ScalarFunction(
        FunctionSignature("months_between") { types in
            guard types.count == 2, Accepts.timestamp(types[0]) != nil, Accepts.timestamp(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [.timestamp, .timestamp], result: .double)
        }
    ) { call throws(SQLError) in
        let later = call.integers(0)
        let earlier = call.integers(1)
        return try call.makeDoubles { row in DateMath.monthsBetween(later[row], earlier[row]) }
    }

    /// The first such weekday after the date.
    static let nextDay = ScalarFunction(
        FunctionSignature("next_day") { types in
            guard types.count == 2, let type = Accepts.date(types[0]), let name = Accepts.datePart(types[1]) else {
                return nil
            }
            return .init(arguments: [type, name], result: .date)
        }
    ) { call throws(SQLError) in
        let days = call.integers(0)
        let names = call.strings(1)
        return try call.makeIntegers { row throws(SQLError) in
            let name = String(decoding: names[row].bytes, as: UTF8.self)
            guard let weekday = DateMath.dayOfWeek(named: name) else {
                throw SQLError(.invalidParameterValue, "day of the week \"\(name)\" not recognized")
            }
            return Int64(try DateMath.nextDay(Int32(truncatingIfNeeded: days[row]), dayOfWeek: weekday))
        }
    }
}
