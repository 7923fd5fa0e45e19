#if Server
import ClusterRuntime
import Logging
import NIOSSL
import PGWire
import SQLTypes
import Synchronization

/// What all connections of a server share.
final class ServerContext: Sendable {
    let leader: Leader
    let configuration: ServerConfiguration
    let tls: NIOSSLContext?
    let metrics = ServerMetrics()
    let sessions = SessionDirectory()
    let log: Logger
    /// What salts of users that there are not are made of.
    let decoySecret: [UInt8]
    private let stopping = Atomic<Bool>(false)

    init(_ leader: Leader, _ configuration: ServerConfiguration, tls: NIOSSLContext?, log: Logger) {
        self.leader = leader
        self.configuration = configuration
        self.tls = tls
        self.log = log
        decoySecret = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    }

    /// No session is opened any more.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }
    func beginStopping() { stopping.store(true, ordering: .relaxed) }

    var wire: WireConfiguration {
        WireConfiguration(
            method: configuration.method, offersTLS: tls != nil,
            entropy: (0..<WireConfiguration.entropyByteCount).map { _ in UInt8.random(in: .min ... .max) },
            decoySecret: decoySecret)
    }
}
#endif
