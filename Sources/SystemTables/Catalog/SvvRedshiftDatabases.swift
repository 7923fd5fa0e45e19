import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SVV_REDSHIFT_DATABASES".
    static let svvRedshiftDatabases = SystemView(
        "svv_redshift_databases",
        [
            Column("database_name", .identifier), Column("database_owner", .integer),
            Column("database_type", .varchar(length: 32)), Column("database_acl", .identifier),
            Column("database_options", .identifier), Column("database_isolation_level", .identifier),
        ]
    ) { state in
        state.allDatabases.map { database in
            [
                .text(database.name), .int(database.owner.rawValue), .text("local"),
                state.privileges(ofDatabase: database.name),
                .null, .text(state.catalog.isolation(of: database.name).rawValue),
            ]
        }
    }
}
