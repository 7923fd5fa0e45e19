#if Server
import ArgumentParser
import Blueshift
import FoundationEssentials
import Logging
import PGWire
import Server

/// What `serve` takes, from the command line or from a file with the same names.
struct ServeOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Option(help: "Address to listen on. Other than loopback needs a password.")
    var host = "127.0.0.1"

    @Option(help: "Port; 0 picks a free one.")
    var port = 5439

    @Option(help: "The cluster's database.")
    var database = "dev"

    @Option(help: "The master user; the default is awsuser, or the one that the data directory has.")
    var user: String?

    @Option(help: "The master user's password; also BLUESHIFT_PASSWORD. Needed once for a data directory.")
    var password: String?

    @Option(help: "How clients show who they are: md5, scram-sha-256, or trust (on loopback only).")
    var auth: AuthenticationMethod = .md5

    @Option(help: "A certificate chain in PEM for TLS; without one a self-signed certificate is made.")
    var tlsCert: String?

    @Option(help: "The certificate's key in PEM.")
    var tlsKey: String?

    @Flag(help: "Refuse TLS.")
    var noTLS = false

    @Flag(help: "Refuse connections without TLS, but those of this machine.")
    var requireTLS = false

    @Option(help: "Sessions at one time.")
    var maxConnections = 500

    @Option(help: "Bytes of the longest statement; Redshift's limit is 16 MB.")
    var maxStatementBytes = 16 << 20

    @Option(help: "Seconds that a client has to log in.")
    var startupTimeout = 60

    @Option(
        name: .customLong("wlm-json-configuration"),
        help: "Queues, as Redshift's parameter of that name has them: JSON, or a file of it.")
    var workload: String?

    @Option(help: "Seconds that statements may go on after the server was told to stop.")
    var grace = 10

    @Option(help: "Port of /health and /metrics (Prometheus), on the same address; 0 picks a free one.")
    var metricsPort: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical.", transform: ServeOptions.level)
    var logLevel: Logger.Level = .notice

    @Option(help: "text or json.")
    var logFormat: StructuredLog.Format = .text

    @Option(help: "A file of these options, `name: value` on each line; the command line wins.")
    var config: String?

    func validate() throws {
        if !(0...65_535).contains(port) { throw ValidationError("--port takes 0 to 65535") }
        if let metricsPort, !(0...65_535).contains(metricsPort) {
            throw ValidationError("--metrics-port takes 0 to 65535")
        }
        if (tlsCert == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key go together") }
        if noTLS, tlsCert != nil || requireTLS { throw ValidationError("--no-tls excludes the other TLS options") }
        if !(1...100_000).contains(maxConnections) {
            throw ValidationError("--max-connections takes 1 to 100000")
        }
        if !(1_024...1 << 30).contains(maxStatementBytes) {
            throw ValidationError("--max-statement-bytes takes 1024 to 1073741824")
        }
        if startupTimeout < 1 || grace < 0 {
            throw ValidationError("--startup-timeout takes 1 and more, --grace 0 and more")
        }
        if cluster.dataDir == nil, !cluster.inMemory, config == nil {
            throw ValidationError("give --data-dir or --in-memory")
        }
    }
}

extension ServeOptions {
    private static func level(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError("there is no log level \(text)")
        }
        return level
    }

    /// The options of `--config`, and those of the command line over them.
    func withConfigurationFile() throws -> ServeOptions {
        guard let config else { return self }
        guard let data = FileManager.default.contents(atPath: config) else {
            throw ValidationError("cannot read \(config)")
        }
        let fromFile = try ConfigurationFile.arguments(String(decoding: data, as: UTF8.self))
        let own = CommandLine.arguments.drop { $0 != ServeCommand.configuration.commandName }.dropFirst()
        let merged = try ServeOptions.parse(fromFile + own)
        if merged.cluster.dataDir == nil, !merged.cluster.inMemory {
            throw ValidationError("give data-dir or in-memory")
        }
        return merged
    }

    func clusterConfiguration() throws(SQLError) -> Cluster.Configuration {
        var configuration = try cluster.configuration
        configuration.allowsLocalFiles = false
        configuration.database = database
        if let user { configuration.user = user }
        configuration.wlmJSONConfiguration = try workload.map(Self.json)
        configuration.password =
            password ?? ProcessInfo.processInfo.environment["BLUESHIFT_PASSWORD"].flatMap { $0.isEmpty ? nil : $0 }
        return configuration
    }

    /// JSON as it is given, or of the file that is named.
    private static func json(_ text: String) throws(SQLError) -> String {
        let first = text.first { !$0.isWhitespace }
        if first == "[" || first == "{" { return text }
        guard let data = FileManager.default.contents(atPath: text) else {
            throw SQLError(.ioError, "cannot read the WLM configuration \(text)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    func serverConfiguration() -> ServerConfiguration {
        var server = ServerConfiguration()
        server.host = host
        server.port = port
        server.method = auth
        if noTLS {
            server.tls = .off
        } else if let tlsCert, let tlsKey {
            server.tls = .files(certificate: tlsCert, key: tlsKey)
        } else if let directory = cluster.dataDir, !cluster.inMemory {
            server.tls = .selfSigned(directory: directory)
        }
        server.requiresTLS = requireTLS
        server.limits.messageBytesMax = maxStatementBytes
        server.connectionsMax = maxConnections
        server.startupSecondsMax = startupTimeout
        server.graceSeconds = grace
        server.metricsPort = metricsPort
        return server
    }
}

extension AuthenticationMethod: ExpressibleByArgument {}
extension StructuredLog.Format: ExpressibleByArgument {}
#endif
