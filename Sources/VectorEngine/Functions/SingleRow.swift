import SQLTypes

/// `SINGLE_ROW(count)`: the count, or an error if a scalar subquery found more than one row. Only the planner calls it:
/// names in SQL text are folded to lower case, so that none of them is this one.
enum SingleRow {
    static let check = ScalarFunction(
        FunctionSignature("SINGLE_ROW", volatility: .volatile) { types in
            types.count == 1 ? .init(arguments: [.bigint], result: .bigint) : nil
        }
    ) { call throws(SQLError) in
        let counts = call.integers(0)
        return try call.makeIntegers { row throws(SQLError) in
            guard counts[row] <= 1 else {
                throw SQLError(.cardinalityViolation, "single-row subquery returns more than one row")
            }
            return counts[row]
        }
    }
}
