import Catalog
import SQLTypes

extension SystemView {
    /// Functions that users made. - Source: Redshift developer guide, "SVV_REDSHIFT_FUNCTIONS".
    static let svvRedshiftFunctions = SystemView(
        "svv_redshift_functions",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("function_name", .identifier), Column("function_type", .identifier),
            Column("argument_type", .varchar(length: 512)), Column("result_type", .identifier),
        ]
    ) { _ in [] }
}
