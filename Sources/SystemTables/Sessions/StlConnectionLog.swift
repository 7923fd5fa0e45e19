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

    /// Up to the application's name, which both views have in one order.
    private static func connection(_ event: ConnectionEvent) -> [SQLValue] {
        [
            .text(event.event, max: 50), .timestamp(event.time),
            .text(event.remoteHost.isEmpty ? "[local]" : event.remoteHost, max: 45),
            .text(event.remotePort, max: 32), .int(event.source.session), .text(event.source.database, max: 50),
            .text(event.userName, max: 50), .text(event.method, max: 32), .clamped(event.duration),
            .text(event.tlsVersion, max: 50), .text(event.cipher, max: 128), .int(0), .text(""), .text(""),
            .text(""), .text(event.applicationName, max: 250),
        ]
    }
}

extension ConnectionEvent {
    /// In the form of a UUID, and unique as one: of the session's number and beginning. Empty: there is no session.
    fileprivate var sessionName: String {
        guard sessionStart != 0 else { return "" }
        let digits =
            Self.hexadecimal(UInt64(bitPattern: sessionStart))
            + Self.hexadecimal(UInt64(UInt32(bitPattern: source.session)))
        var name = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { name += "-" }
            name.append(digit)
        }
        return name
    }

    /// 16 digits.
    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
