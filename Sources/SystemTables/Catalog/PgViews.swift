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
}
