import Catalog
import SQLTypes

/// Sets made of the arguments alone.
enum SeriesFunctions {
    static let all: [SystemTableFunction] = [generateSeries, unnest, expandArray]

    /// GENERATE_SERIES(first, last [, step]), of integers.
    private static let generateSeries = SystemTableFunction("generate_series") { types in
        guard (2...3).contains(types.count), types.allSatisfy({ $0.isInteger || $0 == .unknown }) else { return nil }
        let type: SQLType = types.contains(.bigint) ? .bigint : .integer
        return .init(
            arguments: Array(repeating: type, count: types.count), columns: [.init("generate_series", type)])
    } rows: { _, arguments, _ throws(SQLError) in
        let (first, last) = (arguments.integer(0), arguments.integer(1))
        let step = arguments.count > 2 ? arguments.integer(2) : 1
        guard step != 0 else { throw SQLError(.invalidParameterValue, "step size may not equal zero") }
        guard step > 0 ? first <= last : first >= last else { return FunctionRows([]) }
        let span = Int128(last) - Int128(first)
        let count = Int(clamping: span / Int128(step) + 1)
        return FunctionRows(count: count) {
            [.integer(Int64(truncatingIfNeeded: Int128(first) + Int128($0) * Int128(step)))]
        }
    }

    private static let unnest = SystemTableFunction("unnest") { types in
        guard types.count == 1, let element = types[0].element else { return nil }
        return .init(arguments: types, columns: [.init("unnest", element)])
    } rows: { _, arguments, types throws(SQLError) in
        let values = try elements(arguments, types)
        return FunctionRows(count: values.count) { [values[$0]] }
    }

    /// `information_schema._pg_expandarray(array)`: elements `x` with their places `n`, from 1.
    private static let expandArray = SystemTableFunction("_pg_expandarray") { types in
        guard types.count == 1, let element = types[0].element else { return nil }
        return .init(arguments: types, columns: [.init("x", element), .init("n", .integer)])
    } rows: { _, arguments, types throws(SQLError) in
        let values = try elements(arguments, types)
        return FunctionRows(count: values.count) { [values[$0], .int($0 + 1)] }
    }

    private static func elements(_ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> [SQLValue] {
        guard case .catalog(let array)? = types.first else { return [] }
        return try ArrayText.values(arguments.bytes(0), of: array)
    }
}
