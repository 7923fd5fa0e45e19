import SQLTypes

/// What a statement's context answers: the clock, the session, the release.
/// - Source: Redshift developer guide, "GETDATE", "SYSDATE", "System information functions".
enum SessionFunctions {
    static let all: [ScalarFunction] = [
        // Whole seconds, as the guide's samples print it.
        moment("getdate") { context in
            let local = context.dateTime.zone.local(fromUTC: context.statementStart)
            let second = TimeOfDay.microsecondsPerSecond
            return .timestamp(CivilDate.floorDivide(local, second) * second)
        },
        moment("sysdate") { context in .timestamp(context.dateTime.zone.local(fromUTC: context.transactionStart)) },
        function("current_date", .date) { context in
            let local = context.dateTime.zone.local(fromUTC: context.transactionStart)
            return .date(Int32(truncatingIfNeeded: TimeOfDay.split(local).days))
        },
        function("timeofday", .varchar(length: 64)) { context in
            let zone = context.dateTime.zone
            let local = zone.local(fromUTC: context.statementStart)
            var text: [UInt8] = []
            DateTimeFormat(Array("Dy Mon DD HH24:MI:SS.US YYYY".utf8)).append(local, zone: nil, to: &text)
            return .string(text + Array(" \(zone.name)".utf8))
        },
        function("now", .timestamptz, isLeaderOnly: true) { .timestamptz($0.transactionStart) },
        function("current_timestamp", .timestamptz, isLeaderOnly: true) { .timestamptz($0.transactionStart) },
        function("localtimestamp", .timestamp, isLeaderOnly: true) { context in
            .timestamp(context.dateTime.zone.local(fromUTC: context.transactionStart))
        },
        function("localtime", .time, isLeaderOnly: true) { context in
            .time(TimeOfDay.split(context.dateTime.zone.local(fromUTC: context.transactionStart)).microseconds)
        },
        function("current_time", .timetz, isLeaderOnly: true) { context in
            let east = context.dateTime.zone.secondsEast(atUTC: context.transactionStart)
            let local = TimeOfDay.split(context.dateTime.zone.local(fromUTC: context.transactionStart)).microseconds
            return .timetz(microseconds: local, secondsWest: 0 &- east)
        },
        function("current_user", .varchar(length: 128), synonyms: "user", "session_user") { SQLValue($0.user) },
        function("current_database", .varchar(length: 128)) { SQLValue($0.database) },
        function("current_schema", .varchar(length: 128), isLeaderOnly: true) { SQLValue($0.schema) },
        function("version", .varchar(length: 256)) { SQLValue($0.version) },
        sliceNumber,
    ]

    /// What SLICE_NUM gives on the leader, which is no slice.
    static let leaderSlice = 10_000

    /// Evaluated for each row, so that nobody takes it for a constant of the statement.
    private static let sliceNumber = ScalarFunction(
        FunctionSignature("slice_num", volatility: .volatile) { types in
            types.isEmpty ? .init(arguments: [], result: .integer) : nil
        }
    ) { call in .constant(.integer(Int64(call.context.slice)), kind: .int32, count: call.count) }

    private static func moment(
        _ name: String, _ value: @escaping @Sendable (EvaluationContext) -> SQLValue
    ) -> ScalarFunction {
        function(name, .timestamp, value)
    }

    private static func function(
        _ name: String, _ type: SQLType, isLeaderOnly: Bool = false,
        _ value: @escaping @Sendable (EvaluationContext) -> SQLValue
    ) -> ScalarFunction {
        let signature = FunctionSignature(name, volatility: .stable, isLeaderOnly: isLeaderOnly) { types in
            types.isEmpty ? .init(arguments: [], result: type) : nil
        }
        return ScalarFunction(signature) { call in
            .constant(value(call.context), kind: type.storage, count: call.count)
        }
    }

    private static func function(
        _ name: String, _ type: SQLType, synonyms first: String, _ second: String,
        _ value: @escaping @Sendable (EvaluationContext) -> SQLValue
    ) -> ScalarFunction {
        let signature = FunctionSignature(name, first, second, volatility: .stable) { types in
            types.isEmpty ? .init(arguments: [], result: type) : nil
        }
        return ScalarFunction(signature) { call in
            .constant(value(call.context), kind: type.storage, count: call.count)
        }
    }
}
