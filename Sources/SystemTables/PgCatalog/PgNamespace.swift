import Catalog
import SQLTypes

extension SystemView {
    /// Schemas; temporary ones of others are not shown. - Source: PostgreSQL 8.0, "pg_namespace".
    static let pgNamespace = SystemView(
        catalog: "pg_namespace",
        [Column("nspname", .name), Column("nspowner", .integer), Column("nspacl", .array(.aclitem))],
        hidden: [Column("oid", .oid)]
    ) { state in
        CatalogObjects(state).schemas.map { schema in
            [
                .text(schema.name), .int(state.owner(ofSchema: schema.name)),
                state.accessItems(of: .schema(schema.name)), .oid(schema.oid),
            ]
        }
    }
}
