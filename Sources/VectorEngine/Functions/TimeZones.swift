import SQLTypes

/// CONVERT_TIMEZONE, TIMEZONE and AT TIME ZONE. A zone is a name of the IANA database (with daylight saving), an
/// abbreviation (a fixed offset), or a POSIX form, whose offsets count west: `EST5`, `NEWZONE -2:15`.
/// - Source: Redshift developer guide, "CONVERT_TIMEZONE", "TIMEZONE", "AT TIME ZONE".
enum TimeZones {
    /// ([source,] target, timestamp); the source is UTC by default. TIMESTAMP.
    static let convert = ScalarFunction(
        FunctionSignature("convert_timezone") { types in
            guard types.count == 2 || types.count == 3 else { return nil }
            guard let moment = Accepts.timestamp(types[types.count - 1]),
                types.dropLast().allSatisfy({ Accepts.datePart($0) != nil })
            else { return nil }
            let zones = types.dropLast().map { _ in zoneName }
            return .init(arguments: zones + [moment], result: .timestamp)
        }
    ) { call throws(SQLError) in
        let last = call.arguments.count - 1
        let source = last == 2 ? call.zones(0) : { _ in .utc }
        let target = call.zones(last - 1)
        let moments = call.integers(last)
        let isInstant = call.argumentTypes[last] == .timestamptz
        return try call.makeIntegers { row throws(SQLError) in
            // An instant needs no source zone; that of a TIMESTAMP is where its clock stands.
            let utc = isInstant ? moments[row] : try source(row).utc(fromLocal: moments[row])
            return try DateRange.checked(microseconds: try target(row).local(fromUTC: utc))
        }
    }

    /// (zone, moment), also `moment AT TIME ZONE zone`: a TIMESTAMP is taken as the zone's and becomes a TIMESTAMPTZ; a
    /// TIMESTAMPTZ becomes the zone's TIMESTAMP.
    static let timezone = ScalarFunction(
        FunctionSignature("timezone") { types in
            guard types.count == 2, Accepts.datePart(types[0]) != nil, let moment = Accepts.timestamp(types[1]) else {
                return nil
            }
            return .init(
                arguments: [zoneName, moment], result: moment == .timestamptz ? .timestamp : .timestamptz)
        }
    ) { call throws(SQLError) in
        let zone = call.zones(0)
        let moments = call.integers(1)
        let isInstant = call.argumentTypes[1] == .timestamptz
        return try call.makeIntegers { row throws(SQLError) in
            let zone = try zone(row)
            return try DateRange.checked(
                microseconds: isInstant ? zone.local(fromUTC: moments[row]) : zone.utc(fromLocal: moments[row]))
        }
    }

    private static let zoneName = SQLType.varchar(length: 256)
}

extension FunctionCall {
    /// The zone named by argument `index`, per row; looked up once if it is a constant, or the same as in the row
    /// before.
    fileprivate func zones(_ index: Int) -> (Int) throws(SQLError) -> SessionTimeZone {
        let names = strings(index)
        let dateTime = context.dateTime
        var known: (name: [UInt8], zone: SessionTimeZone)?
        return { row throws(SQLError) in
            let bytes = names[row].bytes
            if let known, known.name.elementsEqual(bytes) { return known.zone }
            let zone = try FunctionCall.zone(named: String(decoding: bytes, as: UTF8.self), in: dateTime)
            known = (Array(bytes), zone)
            return zone
        }
    }

    private static func zone(named text: String, in context: DateTimeContext) throws(SQLError) -> SessionTimeZone {
        let name = String(text.filter { $0 != " " })
        if let zone = SessionTimeZone(dataFreeName: name) ?? context.namedZone?(name.lowercased()) { return zone }
        // A made-up name with an offset: the guide's sample has `America/Los_Angeles+2`.
        let letters = name.prefix { $0.isLetter || $0 == "/" || $0 == "_" }
        if !letters.isEmpty, letters.count < name.count,
            let zone = SessionTimeZone(dataFreeName: "<" + letters + ">" + name.dropFirst(letters.count))
        {
            return zone
        }
        throw SQLError(.invalidParameterValue, "time zone \"\(text)\" not recognized")
    }
}
