import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "PG_USER_INFO"; the sample of "CREATE USER".
    static let pgUserInfo = SystemView(
        "pg_user_info", columnsOfPgUser + [Column("useconnlimit", .longText)]
    ) { state in
        state.users.map { user in
            let limit: SQLValue =
                user.id == .rdsdb ? .null : .text(user.connectionLimit.map { "\($0)" } ?? "UNLIMITED")
            return rowOfPgUser(user) + [limit]
        }
    }
}
