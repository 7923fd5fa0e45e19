import SQLTypes

/// `single_row(count)`: the count, or an error if a scalar subquery found more than one row. Only the planner calls it.
enum SingleRow {
    static let check = ScalarFunction(
        FunctionSignature("single_row", volatility: .volatile) { types in
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
