import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_USERLOG".
    static let sysUserlog = SystemView(
        "sys_userlog",
        [
            .int("user_id"), .char("user_name", 50), .char("original_user_name", 50), .char("action", 10),
            .int("has_create_db_privs"), .int("is_superuser"), .int("has_update_catalog_privs"),
            .time("password_expiration"), .int("session_id"), .big("transaction_id"), .time("record_time"),
        ]
    ) { state in state.events().users.map(userChange) }
}
