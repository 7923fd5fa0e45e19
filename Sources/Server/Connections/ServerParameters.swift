import ClusterRuntime
import PGWire

/// What ParameterStatus tells a client.
///
/// Redshift's own: drivers know it by `padb_revision`, and choose catalog queries and layouts of messages by the others:
/// `server_protocol_version` 0 is PostgreSQL's own layout. `show_discovery` is left out: with it redshift_connector would
/// ask for SHOW statements in place of queries on the catalog.
enum ServerParameters {
    static func initial(user: String) -> [StartupMessage.Parameter] {
        StartupMessage([
            ("server_version", "8.0.2"), ("server_encoding", "UTF8"), ("integer_datetimes", "on"),
            ("IntervalStyle", "postgres"), ("session_authorization", user), ("padb_revision", "1.0.0"),
            ("padb_version", "1.0.0"), ("server_protocol_version", "0"), ("datashare_enabled", "on"),
            ("external_database", "off"),
        ]).parameters
    }

    /// A startup parameter's value. Encodings are compared by their letters and digits alone, as in PostgreSQL: drivers
    /// write `utf-8`, or `'utf-8'`.
    static func cleaned(_ parameter: StartupMessage.Parameter) -> String {
        guard parameter.name.lowercased() == "client_encoding" else { return parameter.value }
        return parameter.value.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// Parameters of the session that are told anew when they change: the names that clients know them by, and SHOW's.
    static let settings: [(wire: String, setting: String)] = [
        ("client_encoding", "client_encoding"), ("DateStyle", "datestyle"), ("TimeZone", "timezone"),
        ("standard_conforming_strings", "standard_conforming_strings"), ("application_name", "application_name"),
        ("is_superuser", "is_superuser"),
    ]
}

extension ClientConnection {
    /// Parameters whose value the client does not know yet.
    func changedParameters(_ session: DatabaseSession) async -> [StartupMessage.Parameter] {
        let values = await session.parameters(ServerParameters.settings.map(\.setting))
        var changed: [(String, String)] = []
        for (parameter, value) in zip(ServerParameters.settings, values) {
            guard let value, reported[parameter.wire] != value else { continue }
            reported[parameter.wire] = value
            changed.append((parameter.wire, value))
        }
        return StartupMessage(changed).parameters
    }

    /// Command tags behind which parameters may differ.
    static let changingTags: Set<String> = ["SET", "RESET", "COMMIT", "ROLLBACK", "DISCARD"]
}
