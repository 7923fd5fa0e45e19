import SQLTypes

/// Functions of the session itself and of others: settings, numbers, cancelling.
/// - Source: Redshift developer guide, "System administration functions", "System information functions".
enum SessionControl {
    static let all: [ScalarFunction] = [
        number("pg_backend_pid", .integer) { Int64($0.process) },
        number("pg_last_query_id", .bigint) { $0.last.query },
        number("pg_last_copy_id", .bigint) { $0.last.copy },
        number("pg_last_copy_count", .bigint) { $0.last.copyRows },
        number("pg_last_unload_id", .bigint) { $0.last.unload },
        number("pg_last_unload_count", .bigint) { $0.last.unloadRows },
        currentSetting, setConfig, currentSchemas,
        ending("pg_cancel_backend", endsSession: false), ending("pg_terminate_backend", endsSession: true),
    ]

    private static func number(
        _ name: String, _ type: SQLType, _ value: @escaping @Sendable (any SessionServices) -> Int64
    ) -> ScalarFunction {
        let signature = FunctionSignature(name, volatility: .stable) { types in
            types.isEmpty ? .init(arguments: [], result: type) : nil
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            .constant(.integer(value(try call.services(name))), kind: type.storage, count: call.count)
        }
    }

    private static let text = SQLType.varchar(length: SQLType.maximumVarcharLength)

    /// `current_setting(name [, missing_ok])`
    private static let currentSetting = ScalarFunction(
        FunctionSignature("current_setting", volatility: .stable) { types in
            guard 1...2 ~= types.count, types[0].isString, types.count == 1 || isFlag(types[1]) else { return nil }
            return .init(arguments: [text] + types.dropFirst().map { _ in .boolean }, result: text)
        }
    ) { call throws(SQLError) in
        let services = try call.services("current_setting")
        let names = call.strings(0)
        return try call.makeStrings { row, target throws(SQLError) in
            let name = String(decoding: names[row].bytes, as: UTF8.self)
            guard let value = services.setting(name) else {
                if call.arguments.count == 2, call.integers(1)[row] != 0 { return false }
                throw SQLError(.undefinedObject, "unrecognized configuration parameter \"\(name)\"")
            }
            target = Array(value.utf8)
            return true
        }
    }

    /// `set_config(name, value, is_local)`
    private static let setConfig = ScalarFunction(
        FunctionSignature("set_config", volatility: .volatile, isLeaderOnly: true) { types in
            guard types.count == 3, types[0].isString, types[1].isString, isFlag(types[2]) else { return nil }
            return .init(arguments: [text, text, .boolean], result: text)
        }
    ) { call throws(SQLError) in
        let services = try call.services("set_config")
        let (names, values) = (call.strings(0), call.strings(1))
        return try call.makeStrings { row, target throws(SQLError) in
            let (name, value) = (
                String(decoding: names[row].bytes, as: UTF8.self), String(decoding: values[row].bytes, as: UTF8.self)
            )
            let result = try services.set(name, to: value, isLocal: call.integers(2)[row] != 0)
            target = Array(result.utf8)
            return true
        }
    }

    /// `current_schemas(include_implicit)`: `name[]`.
    private static let currentSchemas = ScalarFunction(
        FunctionSignature("current_schemas", volatility: .stable, isLeaderOnly: true) { types in
            types.count == 1 && isFlag(types[0]) ? .init(arguments: [.boolean], result: .array(.name)) : nil
        }
    ) { call throws(SQLError) in
        let services = try call.services("current_schemas")
        return try call.makeStrings { row, target throws(SQLError) in
            let names = services.schemas(includingImplicit: call.integers(0)[row] != 0)
            target = ArrayText.text(names.map { SQLValue($0) }, of: .array(.name))
            return true
        }
    }

    private static func ending(_ name: String, endsSession: Bool) -> ScalarFunction {
        let signature = FunctionSignature(name, volatility: .volatile, isLeaderOnly: true) { types in
            types.count == 1 && (types[0].isInteger || types[0] == .unknown)
                ? .init(arguments: [.bigint], result: endsSession ? .boolean : .integer) : nil
        }
        return ScalarFunction(signature) { call throws(SQLError) in
            let services = try call.services(name)
            var results: [SQLValue] = []
            for row in 0..<call.count {
                guard call.isWanted(row) else {
                    results.append(.null)
                    continue
                }
                let isDone = try services.cancel(call.integers(0)[row], endsSession: endsSession)
                results.append(endsSession ? .boolean(isDone) : .integer(isDone ? 1 : 0))
            }
            return Vector.of(results, type: call.resultType)
        }
    }

    private static func isFlag(_ type: SQLType) -> Bool { type == .boolean || type == .unknown }
}

extension FunctionCall {
    fileprivate func services(_ name: String) throws(SQLError) -> any SessionServices {
        guard let session = context.session else { throw .internalError("\(name)() without a session") }
        return session
    }
}
