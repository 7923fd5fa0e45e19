import SQLTypes

/// DATE_CMP, TIMESTAMP_CMP and their relatives, INTERVAL_CMP: −1, 0 or 1 as the first is earlier, equal or later.
/// - Source: Redshift developer guide, "DATE_CMP", "TIMESTAMP_CMP", "TIMESTAMPTZ_CMP", "INTERVAL_CMP".
enum Comparisons {
    static let all: [ScalarFunction] = [
        moments("date_cmp", .date, .date), moments("date_cmp_timestamp", .date, .timestamp),
        moments("date_cmp_timestamptz", .date, .timestamptz), moments("timestamp_cmp", .timestamp, .timestamp),
        moments("timestamp_cmp_date", .timestamp, .date),
        moments("timestamp_cmp_timestamptz", .timestamp, .timestamptz),
        moments("timestamptz_cmp", .timestamptz, .timestamptz),
        moments("timestamptz_cmp_date", .timestamptz, .date),
        moments("timestamptz_cmp_timestamp", .timestamptz, .timestamp), interval,
    ]

    /// A TIMESTAMPTZ against another type is compared on the clock of the session.
    private static func moments(_ name: String, _ left: SQLType, _ right: SQLType) -> ScalarFunction {
        let signature = FunctionSignature(name) { types in
            guard types.count == 2, Accepts.timestamp(types[0]) != nil, Accepts.timestamp(types[1]) != nil else {
                return nil
            }
            return .init(arguments: [left, right], result: .integer)
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            if left == right {
                let (a, b) = (call.integers(0), call.integers(1))
                return try call.makeIntegers { row in sign(a[row], b[row]) }
            }
            let (a, b) = (call.localTimestamps(0), call.localTimestamps(1))
            return try call.makeIntegers { row in sign(a(row), b(row)) }
        }
    }

    /// Months count 30 days.
    private static let interval = ScalarFunction(
        FunctionSignature("interval_cmp") { types in
            guard types.count == 2 else { return nil }
            let arguments = types.map { $0.isString ? .intervalDayToSecond : $0 }
            return arguments.allSatisfy(\.isInterval) ? .init(arguments: arguments, result: .integer) : nil
        }
    ) { call throws(SQLError) in
        let left = IntervalLanes(call.arguments[0], call.argumentTypes[0])
        let right = IntervalLanes(call.arguments[1], call.argumentTypes[1])
        return try call.makeIntegers { row in
            sign(left[row].approximateMicroseconds, right[row].approximateMicroseconds)
        }
    }

    private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int64 {
        left < right ? -1 : left > right ? 1 : 0
    }
}
