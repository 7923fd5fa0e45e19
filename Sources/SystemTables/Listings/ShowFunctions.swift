import Catalog
import SQLTypes

extension SystemView {
    static let showFunctions = SystemView(
        "show_functions", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("function_name", .identifier), Column("number_of_arguments", .integer),
            Column("argument_list", .varchar(length: 512)), Column("return_type", .identifier),
            Column("remarks", .varchar(length: 256)),
        ]
    ) { state in
        state.functions().all.map { function in
            let arguments = function.signature.arguments.map { TypeListing.name(of: $0).shown }
            return [
                .text(state.database), .text("pg_catalog"), .text(function.signature.name), .int(arguments.count),
                .text(arguments.joined(separator: ", "), max: 512), .text(TypeListing.name(of: function.result).shown),
                .null,
            ]
        }
    }
}
