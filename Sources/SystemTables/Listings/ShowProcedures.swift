import Catalog
import SQLTypes

extension SystemView {
    /// There are none.
    static let showProcedures = SystemView(
        "show_procedures", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("procedure_name", .identifier), Column("number_of_arguments", .integer),
            Column("argument_list", .varchar(length: 512)), Column("return_type", .identifier),
            Column("remarks", .varchar(length: 256)),
        ]
    ) { _ in [] }
}
