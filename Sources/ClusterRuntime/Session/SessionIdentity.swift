/// Who opens a session, and how: what the startup message of a connection says. Who may is decided before (`Leader.login`).
package struct SessionIdentity: Hashable, Sendable {
    package var user: String
    package var database: String
    package var applicationName: String
    /// Address of the client in numbers; nil: it is in this process.
    package var remoteHost: String?
    package var remotePort: Int?
    /// Parameters to begin with, which RESET brings back. Names that are none of the session's are passed over, as
    /// drivers send some of their own.
    package var settings: [String: String]

    package init(
        user: String, database: String, applicationName: String = "", remoteHost: String? = nil, remotePort: Int? = nil,
        settings: [String: String] = [:]
    ) {
        self.user = user
        self.database = database
        self.applicationName = applicationName
        self.remoteHost = remoteHost
        self.remotePort = remotePort
        self.settings = settings
    }
}
