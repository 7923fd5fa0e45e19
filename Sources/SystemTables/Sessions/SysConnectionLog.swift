import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_CONNECTION_LOG".
    static let sysConnectionLog = SystemView(
        "sys_connection_log",
        [
            .char("event", 50), .time("record_time"), .char("remote_host", 45), .char("remote_port", 32),
            .int("session_id"), .char("database_name", 50), .char("user_name", 50), .char("auth_method", 32),
            .int("duration"), .char("ssl_version", 50), .char("ssl_cipher", 128), .int("mtu"),
            .char("ssl_compression", 64), .char("ssl_expansion", 64), .char("iam_auth_guid", 36),
            .char("application_name", 250), .char("driver_version", 64), .char("os_version", 64),
            .char("plugin_name", 32), .int("protocol_version"), .char("global_session_id", 36),
        ]
    ) { state in
        state.events().connections.map { event in
            connection(event) + [.text(""), .text(""), .text("none"), .int(0), .text(event.sessionName)]
        }
    }
}
