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
}
