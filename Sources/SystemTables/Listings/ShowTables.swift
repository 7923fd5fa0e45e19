import Catalog
import SQLTypes

extension SystemView {
    static let showTables = SystemView(
        "show_tables", schema: "pg_internal",
        [
            Column("database_name", .identifier), Column("schema_name", .identifier),
            Column("table_name", .identifier), Column("table_type", .identifier), Column("table_acl", .identifier),
            Column("remarks", .identifier), Column("owner", .identifier), Column("last_altered_time", .timestamp),
            Column("last_modified_time", .timestamp), Column("dist_style", .identifier),
            Column("table_subtype", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            var (style, subtype) = (SQLValue.null, relation.isView ? "REGULAR VIEW" : "REGULAR TABLE")
            if case .table(let id)? = relation.target, let table = state.catalog.tables[id] {
                style = .text(table.distribution.text(table.columns), max: 128)
            } else if case .view(let name)? = relation.target, state.catalog.views[name]?.columns.isEmpty == true {
                subtype = "LATE BINDING VIEW"
            }
            return [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name),
                .text(relation.isView ? "VIEW" : "TABLE"), state.privileges(of: relation.name),
                state.comment(relation, max: 128), .text(state.userName(state.owner(of: relation))), .null, .null,
                style,
                .text(subtype),
            ]
        }
    }
}
