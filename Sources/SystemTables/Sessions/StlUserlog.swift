import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Users that were made, changed and dropped. - Source: Redshift developer guide, "STL_USERLOG".
    static let stlUserlog = SystemView(
        "stl_userlog",
        [
            .int("userid"), .char("username", 50), .char("oldusername", 50), .char("action", 10),
            .int("usecreatedb"), .int("usesuper"), .int("usecatupd"), .time("valuntil"), .int("pid"), .big("xid"),
            .time("recordtime"),
        ]
    ) { state in state.events().users.map(userChange) }

    /// - Source: Redshift developer guide, "SYS_USERLOG".
    static let sysUserlog = SystemView(
        "sys_userlog",
        [
            .int("user_id"), .char("user_name", 50), .char("original_user_name", 50), .char("action", 10),
            .int("has_create_db_privs"), .int("is_superuser"), .int("has_update_catalog_privs"),
            .time("password_expiration"), .int("session_id"), .big("transaction_id"), .time("record_time"),
        ]
    ) { state in state.events().users.map(userChange) }

    private static func userChange(_ event: UserEvent) -> [SQLValue] {
        let action: String =
            switch event.action {
            case .create: "create"
            case .alter: "alter"
            case .drop: "drop"
            case .rename: "rename"
            }
        // Infinity is none of TIMESTAMP's values.
        let until = event.validUntil.flatMap { $0 == .max ? nil : SQLValue.timestamp($0) } ?? .null
        return [
            .int(event.affected.rawValue), .text(event.name, max: 50), .text(event.oldName, max: 50), .text(action),
            .bit(event.canCreateDatabases), .bit(event.isSuperuser), .bit(event.isSuperuser), until,
            .int(event.source.session), .int(event.source.transaction), .timestamp(event.time),
        ]
    }
}
