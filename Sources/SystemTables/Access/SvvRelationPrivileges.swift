import Catalog
import SQLTypes

extension SystemView {
    static let svvRelationPrivileges = SystemView(
        "svv_relation_privileges",
        [Column("namespace_name", .longText), Column("relation_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.relationLists.flatMap { relation in
            state.rows(
                [.text(relation.name.schema), .text(relation.name.name)],
                state.catalog.access.list(of: relation.object))
        }
    }
}
