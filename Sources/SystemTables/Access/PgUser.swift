import Catalog
import SQLTypes

// Users as PostgreSQL's catalog has them. No view shows anything of a password.

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_user".
    static let pgUser = SystemView("pg_user", columnsOfPgUser) { state in
        state.users.map { rowOfPgUser($0) }
    }

    /// - Source: PostgreSQL 8.0, "pg_shadow". Superusers see it only.
    static let pgShadow = SystemView(
        catalog: "pg_shadow",
        [
            Column("usename", .name), Column("usesysid", .integer), Column("usecreatedb", .boolean),
            Column("usesuper", .boolean), Column("usecatupd", .boolean), Column("passwd", .longText),
            Column("valuntil", .longText), Column("useconfig", .array(.text)),
        ]
    ) { state in
        state.users.map { rowOfPgUser($0) }
    }

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

    /// - Source: Redshift developer guide, "SVL_USER_INFO".
    static let svlUserInfo = SystemView(
        "svl_user_info",
        [
            Column("usename", .varchar(length: 128)), Column("usesysid", .integer), Column("usecreatedb", .boolean),
            Column("usesuper", .boolean), Column("usecatupd", .boolean), Column("useconnlimit", .longText),
            Column("syslogaccess", .longText), Column("last_ddl_ts", .timestamp), Column("sessiontimeout", .integer),
            Column("external_user_id", .longText),
        ]
    ) { state in
        state.users.map { user in
            [
                .text(user.name), .int(user.id.rawValue), .boolean(user.canCreateDatabases),
                .boolean(user.isSuperuser), .boolean(user.id == .rdsdb),
                .text(user.connectionLimit.map { "\($0)" } ?? "UNLIMITED"),
                .text(user.syslogAccess || user.isSuperuser ? "UNRESTRICTED" : "RESTRICTED"), .null,
                .int(user.sessionTimeout ?? 0), .text(user.externalID),
            ]
        }
    }

    /// - Source: PostgreSQL 8.0, "pg_group".
    static let pgGroup = SystemView(
        catalog: "pg_group",
        [Column("groname", .name), Column("grosysid", .integer), Column("grolist", .array(.integer))]
    ) { state in
        state.catalog.principals.groups.values.sorted { $0.id < $1.id }.map { group in
            [
                .text(group.name), .int(group.id.rawValue),
                group.members.isEmpty ? .null : .array(group.members.map(\.rawValue)),
            ]
        }
    }

    private static let columnsOfPgUser = [
        Column("usename", .name), Column("usesysid", .integer), Column("usecreatedb", .boolean),
        Column("usesuper", .boolean), Column("usecatupd", .boolean), Column("passwd", .longText),
        Column("valuntil", .longText), Column("useconfig", .array(.text)),
    ]

    private static func rowOfPgUser(_ user: UserDefinition) -> [SQLValue] {
        let settings = user.settings.map { "\"\($0.name)=\($0.value.replacing("\"", with: "\\\""))\"" }
        return [
            .text(user.name), .int(user.id.rawValue), .boolean(user.canCreateDatabases), .boolean(user.isSuperuser),
            .boolean(user.id == .rdsdb), .text("********"), validUntil(user),
            settings.isEmpty ? .null : .text("{" + settings.joined(separator: ",") + "}"),
        ]
    }

    private static func validUntil(_ user: UserDefinition) -> SQLValue {
        guard let moment = user.validUntil else { return .null }
        if moment == .max { return .text("infinity") }
        return .string(SQLValue.timestamptz(moment).text(as: .timestamptz, zone: .utc))
    }
}

extension SystemState {
    /// By number.
    var users: [UserDefinition] { catalog.principals.users.values.sorted { $0.id < $1.id } }
}
