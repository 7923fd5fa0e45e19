import Catalog
import SQLTypes

extension SystemView {
    static let svvDatabasePrivileges = SystemView(
        "svv_database_privileges",
        [Column("database_name", .longText)] + identityColumns + [optionColumn]
    ) { state in
        state.rows([.text(state.database)], state.catalog.access.list(of: .database(state.database)))
    }
}
