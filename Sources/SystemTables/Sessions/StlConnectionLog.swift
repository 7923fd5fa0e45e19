import QueryPlan
import SQLTypes

extension SystemView {
    /// Logins, refused ones, beginnings and ends of sessions. - Source: Redshift developer guide, "STL_CONNECTION_LOG".
    static let stlConnectionLog = SystemView(
        "stl_connection_log",
        [
            .char("event", 50), .time("recordtime"), .char("remotehost", 45), .char("remoteport", 32), .int("pid"),
            .char("dbname", 50), .char("username", 50), .char("authmethod", 32), .int("duration"),
            .char("sslversion", 50), .char("sslcipher", 128), .int("mtu"), .char("sslcompression", 64),
            .char("sslexpansion", 64), .char("iamauthguid", 36), .char("application_name", 250),
            .char("os_version", 64), .char("driver_version", 64), .char("plugin_name", 32),
            .int("protocol_version"), .char("sessionid", 36), .char("compression", 8),
        ]
    ) { state in
        state.events().connections.map { event in
            connection(event) + [.text(""), .text(""), .text("none"), .int(0), .text(event.sessionName), .text("")]
        }
    }
}
