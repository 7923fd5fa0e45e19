import Catalog
import SQLTypes

extension SystemView {
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
}
