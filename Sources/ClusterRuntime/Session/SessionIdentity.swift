/// Who opens a session, and how: what the startup message of a connection says. Who may is decided before (`Leader.login`).
package struct SessionIdentity: Hashable, Sendable {
    package var user: String
    package var database: String
    package var applicationName: String
    /// Address of the client in numbers; nil: it is in this process.
    package var remoteHost: String?
    package var remotePort: Int?
    package var security: SessionSecurity
    /// Parameters to begin with, which RESET brings back. Names that are none of the session's are passed over, as
    /// drivers send some of their own.
    package var settings: [String: String]

    package init(
        user: String, database: String, applicationName: String = "", remoteHost: String? = nil, remotePort: Int? = nil,
        security: SessionSecurity = SessionSecurity(), settings: [String: String] = [:]
    ) {
        self.security = security
        self.user = user
        self.database = database
        self.applicationName = applicationName
        self.remoteHost = remoteHost
        self.remotePort = remotePort
        self.settings = settings
    }
}

/// How a client has proved who it is, and what protects its connection: as STL_CONNECTION_LOG shows it.
package struct SessionSecurity: Hashable, Sendable {
    /// `password`; empty: the client is in this process.
    package var method: String
    /// `TLSv1.3`; empty: none.
    package var tlsVersion: String
    package var cipher: String

    package init(method: String = "", tlsVersion: String = "", cipher: String = "") {
        self.method = method
        self.tlsVersion = tlsVersion
        self.cipher = cipher
    }
}
