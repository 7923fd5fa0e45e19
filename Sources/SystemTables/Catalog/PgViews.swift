import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_views".
    static let pgViews = SystemView(
        "pg_views",
        [
            Column("schemaname", .name), Column("viewname", .name), Column("viewowner", .name),
            Column("definition", .varchar(length: SQLType.maximumVarcharLength)),
        ]
    ) { state in
        state.ownViews.map { view in
            [
                .text(view.name.schema), .text(view.name.name),
                .text(state.userName(state.catalog.access.owner(of: .view(view.name)).rawValue)), definition(of: view),
            ]
        }
    }

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

    static func definition(of view: ViewDefinition) -> SQLValue {
        let end = view.columns.isEmpty ? " WITH NO SCHEMA BINDING;" : ";"
        return .text(view.text + end, max: SQLType.maximumVarcharLength)
    }
}
