#if Server
import ClusterRuntime
import PGWire

/// What ParameterStatus tells a client besides the session's own parameters.
///
/// Redshift's own: drivers know it by `padb_revision`, and choose catalog queries and layouts of messages by the others:
/// `server_protocol_version` 0 is PostgreSQL's own layout. `show_discovery` is left out: with it redshift_connector would
/// ask for SHOW statements in place of queries on the catalog.
enum ServerParameters {
    static let own = StartupMessage([
        ("padb_revision", "1.0.0"), ("padb_version", "1.0.0"), ("server_protocol_version", "0"),
        ("datashare_enabled", "on"), ("external_database", "off"),
    ]).parameters

    /// A startup parameter's value. Encodings are compared by their letters and digits alone, as in PostgreSQL: drivers
    /// write `utf-8`, or `'utf-8'`.
    static func cleaned(_ parameter: StartupMessage.Parameter) -> String {
        guard parameter.name.lowercased() == "client_encoding" else { return parameter.value }
        return parameter.value.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

extension StartupMessage.Parameter {
    init(_ status: ParameterStatus) { self.init(name: status.name, value: status.value) }
}

extension BackendMessage {
    static func parameterStatus(_ status: ParameterStatus) -> BackendMessage {
        .parameterStatus(name: status.name, value: status.value)
    }
}
#endif
