import Catalog
import SQLTypes

extension SystemView {
    static let informationSchemaViews = SystemView(
        "views", schema: "information_schema",
        [
            Column("table_catalog", .name), Column("table_schema", .name), Column("table_name", .name),
            Column("view_definition", .varchar(length: SQLType.maximumVarcharLength)),
            Column("check_option", .varchar(length: 4)), Column("is_updatable", .varchar(length: 3)),
            Column("is_insertable_into", .varchar(length: 3)),
        ]
    ) { state in
        state.knownViews.map { view in
            [
                .text(state.database), .text(view.name.schema), .text(view.name.name), definition(of: view),
                .text("NONE"), .text("NO"), .text("NO"),
            ]
        }
    }
}
