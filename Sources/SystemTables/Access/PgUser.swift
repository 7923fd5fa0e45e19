import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_user".
    static let pgUser = SystemView("pg_user", columnsOfPgUser) { state in
        state.users.map { rowOfPgUser($0) }
    }
}
