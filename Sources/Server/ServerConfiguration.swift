#if Server
package import PGWire
import SQLTypes

/// How a server listens, whom it lets in, and what it bears. Everything has a default that suits one person on a laptop.
package struct ServerConfiguration: Sendable {
    package enum TLS: Hashable, Sendable {
        case off
        /// PEM files.
        case files(certificate: String, key: String)
        /// Made in that directory on first use.
        case selfSigned(directory: String)
        /// Made anew for this process.
        case selfSignedInMemory
    }

    package var host = "127.0.0.1"
    /// 0: a free one.
    package var port = 5439
    package var method = AuthenticationMethod.md5
    package var tls = TLS.selfSignedInMemory
    /// Refuse connections that are not encrypted, but those of this machine.
    package var requiresTLS = false
    package var limits = WireLimits()
    package var connectionsMax = 500
    /// From the connection's first byte to the end of its authentication.
    package var startupSecondsMax = 60
    /// How long statements may go on after the server was told to stop.
    package var graceSeconds = 10
    /// Where `/health` and `/metrics` are answered; nil: nowhere; 0: a free port.
    package var metricsPort: Int?
    /// Threads that talk to clients; nil: as many as cores, at least 2.
    package var threads: Int?

    package init() {}

    var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) || host.hasPrefix("127.") }

    /// - Throws: what would let strangers in.
    func validate() throws(SQLError) {
        guard method != .trust || isLoopback else {
            throw SQLError(
                .invalidParameterValue, "without passwords the server listens on loopback only, not on \(host)",
                hint: "Use --auth md5 or --auth scram-sha-256 with a password.")
        }
    }
}
#endif
