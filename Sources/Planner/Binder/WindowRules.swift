import QueryPlan
import SQLTypes

/// Argument and result types of the window functions, and what their OVER may hold.
/// - Source: Redshift developer guide, "Window functions".
enum WindowRules {
    struct Rule {
        enum Frame {
            /// Ranking functions, LAG, LEAD: none may be written.
            case none
            /// Aggregates, FIRST_VALUE and the like: needed once there is an ORDER BY.
            case withOrder
            /// RATIO_TO_REPORT: neither frame nor ORDER BY.
            case partitionOnly
        }
        var frame: Frame
        var takesNullTreatment = false
        /// nil: not for these types.
        var resolve: @Sendable ([SQLType]) -> (arguments: [SQLType], result: SQLType)?
    }

    static let rules: [String: Rule] = {
        var table: [String: Rule] = [:]
        for name in ["row_number", "rank", "dense_rank"] {
            table[name] = Rule(frame: .none) { $0.isEmpty ? ([], .bigint) : nil }
        }
        for name in ["percent_rank", "cume_dist"] {
            table[name] = Rule(frame: .none) { $0.isEmpty ? ([], .double) : nil }
        }
        table["ntile"] = Rule(frame: .none) { types in
            types.count == 1 && isCount(types[0]) ? ([.bigint], .bigint) : nil
        }
        for name in ["lag", "lead"] {
            table[name] = Rule(frame: .none, takesNullTreatment: true) { types in
                switch types.count {
                case 1: (types.map(known), known(types[0]))
                case 2 where isCount(types[1]): ([known(types[0]), .bigint], known(types[0]))
                default: nil
                }
            }
        }
        for name in ["first_value", "last_value"] {
            table[name] = Rule(frame: .withOrder, takesNullTreatment: true) { types in
                types.count == 1 ? (types.map(known), known(types[0])) : nil
            }
        }
        table["nth_value"] = Rule(frame: .withOrder, takesNullTreatment: true) { types in
            types.count == 2 && isCount(types[1]) ? ([known(types[0]), .bigint], known(types[0])) : nil
        }
        table["ratio_to_report"] = Rule(frame: .partitionOnly) { types in
            types.count == 1 && (types[0].isNumeric || types[0] == .unknown)
                ? ([types[0] == .unknown ? .double : types[0]], .double) : nil
        }
        for (name, canonical) in AggregateRules.names
        where !["any_value", "bool_and", "bool_or", "bit_and", "bit_or"].contains(canonical) {
            table[name] = Rule(frame: .withOrder) { types in
                types.count <= 1 ? AggregateRules.resolve(name, types) : nil
            }
        }
        return table
    }()

    private static func known(_ type: SQLType) -> SQLType {
        type == .unknown ? .varchar(length: SQLType.maximumVarcharLength) : type
    }

    private static func isCount(_ type: SQLType) -> Bool { type.isInteger || type == .unknown }
}
