import Catalog
import SQLTypes

extension SystemView {
    static let svvSchemaPrivileges = SystemView(
        "svv_schema_privileges",
        [Column("namespace_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.ownSchemas.flatMap { state.rows([.text($0)], state.catalog.access.list(of: .schema($0))) }
    }
}
