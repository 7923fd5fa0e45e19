package import SQLTypes

/// Argument and result types of the aggregate functions.
/// - Source: Redshift developer guide, "Aggregate functions".
package enum AggregateRules {
    /// Names as SQL writes them, and as the plan does.
    static let names: [String: String] = [
        "count": "count", "sum": "sum", "avg": "avg", "min": "min", "max": "max", "any_value": "any_value",
        "bool_and": "bool_and", "bool_or": "bool_or", "stddev": "stddev_samp", "stddev_samp": "stddev_samp",
        "bit_and": "bit_and", "bit_or": "bit_or", "stddev_pop": "stddev_pop", "variance": "var_samp",
        "var_samp": "var_samp", "var_pop": "var_pop",
    ]

    /// Of a set the same as of its distinct values.
    static let sameOfDistinct: Set<String> = [
        "min", "max", "any_value", "bool_and", "bool_or", "bit_and", "bit_or",
    ]

    /// For those who list functions.
    package static let signatures: [FunctionSignature] = names.keys.sorted().map { name in
        FunctionSignature(name, kind: .aggregate, isStrict: false) { types in
            guard types.count <= 1, let found = resolve(name, types) else { return nil }
            return FunctionSignature.Resolution(arguments: found.arguments, result: found.result)
        }
    }

    /// nil: no such aggregate. An empty list of types is `count(*)`.
    static func resolve(_ name: String, _ types: [SQLType]) -> (arguments: [SQLType], result: SQLType)? {
        guard let type = types.first else { return name == "count" ? ([], .bigint) : nil }
        let text = SQLType.varchar(length: SQLType.maximumVarcharLength)
        switch names[name] {
        case "count": return ([type == .unknown ? text : type], .bigint)
        case "min", "max", "any_value":
            return type == .boolean && name != "any_value" ? nil : type == .unknown ? ([text], text) : ([type], type)
        case "sum", "avg":
            let operand: SQLType = type == .unknown ? .double : type
            if operand.isInteger { return ([operand], .bigint) }
            if case .decimal(_, let scale) = operand {
                return ([operand], .decimal(precision: SQLType.maximumDecimalPrecision, scale: scale))
            }
            return operand.isFloat ? ([operand], .double) : nil
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop":
            return type.isNumeric || type == .unknown ? ([.double], .double) : nil
        case "bool_and", "bool_or": return type == .boolean || type == .unknown ? ([.boolean], .boolean) : nil
        case "bit_and", "bit_or":
            return type.isInteger || type == .boolean ? ([type], type) : type == .unknown ? ([.bigint], .bigint) : nil
        default: return nil
        }
    }
}
