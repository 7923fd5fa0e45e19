import Catalog
import SQLTypes

extension SystemView {
    /// Redshift has no CHECK. - Source: PostgreSQL 8.0, "information_schema.check_constraints".
    static let informationSchemaCheckConstraints = SystemView(
        "check_constraints", schema: "information_schema",
        [
            Column("constraint_catalog", .identifier), Column("constraint_schema", .identifier),
            Column("constraint_name", .identifier), Column("check_clause", .longText),
        ]
    ) { _ in [] }
}
