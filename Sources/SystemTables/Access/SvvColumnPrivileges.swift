import Catalog
import SQLTypes

extension SystemView {
    static let svvColumnPrivileges = SystemView(
        "svv_column_privileges",
        [
            Column("namespace_name", .longText), Column("relation_name", .longText), Column("column_name", .longText),
        ] + identityColumns
    ) { state in
        state.relationLists.flatMap { relation in
            let columns = state.catalog.access.columns[relation.object] ?? [:]
            return columns.sorted { $0.key < $1.key }.flatMap { column, list in
                state.rows(
                    [.text(relation.name.schema), .text(relation.name.name), .text(column)], list, withOption: false)
            }
        }
    }
}
