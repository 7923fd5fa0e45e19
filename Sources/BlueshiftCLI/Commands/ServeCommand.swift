#if Server
import ArgumentParser
import Blueshift
import Logging
import Server

/// What the command has besides the engine's own commands.
let serverCommands: [any ParsableCommand.Type] = [ServeCommand.self]

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve a cluster to any PostgreSQL or Redshift client.",
        discussion: """
            Prints one line, `ready port=…`, when connections are accepted. SIGTERM and SIGINT stop it gracefully, a \
            second one at once.
            """)

    @OptionGroup var given: ServeOptions

    func run() async throws {
        let options = try given.withConfigurationFile()
        LoggingSystem.bootstrap { [format = options.logFormat, level = options.logLevel] _ in
            StructuredLog(format, level: level)
        }
        let log = Logger(label: "blueshift")
        let signals = StopSignals()
        let cluster: Cluster
        let server: BlueshiftServer
        do throws(SQLError) {
            cluster = try await Cluster(options.clusterConfiguration())
            for notice in cluster.notices { log.info("\(notice.message)") }
            server = try await BlueshiftServer.start(cluster, options.serverConfiguration(), log: log)
        } catch {
            printToStandardError(errorReport(error, statement: ""))
            throw ExitStatus.cannotOpen
        }
        var ready = "ready port=\(server.port)"
        if let port = server.metricsPort { ready += " metrics-port=\(port)" }
        let output = BufferedOutput(descriptor: 1)
        output.line(ready)
        output.flush()
        await signals.first()
        await server.stop()
        try await cluster.close()
    }
}
#else
import ArgumentParser

let serverCommands: [any ParsableCommand.Type] = []
#endif
