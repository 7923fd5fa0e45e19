#if Server
package import Blueshift
import Catalog
import ClusterRuntime
package import Logging
import NIOCore
import NIOPosix
import PGWire
package import SQLTypes

/// A cluster on the network: accepts connections until it is stopped.
///
///     accept           a channel on one of the event loops, a task that serves it (`ClientConnection`)
///     stop             no new connections; statements may end, idle sessions are told and closed;
///                      after the grace time all are cancelled
package final class BlueshiftServer: Sendable {
    private let context: ServerContext
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    private let http: (any Channel)?

    package let port: Int
    package let metricsPort: Int?

    private init(
        _ context: ServerContext, _ group: MultiThreadedEventLoopGroup, _ channel: any Channel, http: (any Channel)?
    ) {
        self.context = context
        self.group = group
        self.channel = channel
        self.http = http
        port = channel.localAddress?.port ?? 0
        metricsPort = http.map { $0.localAddress?.port ?? 0 }
    }

    /// Returns when connections are accepted.
    /// - Throws: what is wrong with the configuration, or with the port.
    package static func start(
        _ cluster: Cluster, _ configuration: ServerConfiguration, log: Logger
    ) async throws(SQLError) -> BlueshiftServer {
        try configuration.validate()
        guard configuration.method == .trust || cluster.runtime.master.verifiers != nil else {
            throw SQLError(
                .invalidParameterValue, "the master user has no password: nobody could log in",
                hint: "Give one with --password or BLUESHIFT_PASSWORD.")
        }
        let tls = try TLSContext.make(configuration.tls, log: log)
        let context = ServerContext(cluster.runtime, configuration, tls: tls, log: log)
        let threads = configuration.threads ?? max(2, System.coreCount)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        do {
            let channel = try await bootstrap(context, group).bind(
                host: configuration.host, port: configuration.port
            ).get()
            var http: (any Channel)?
            if let port = configuration.metricsPort {
                http = try await StatusPages.bind(context, group, host: configuration.host, port: port)
            }
            return BlueshiftServer(context, group, channel, http: http)
        } catch {
            await shutDown(group, log)
            throw SQLError(
                .ioError, "cannot listen on \(configuration.host), port \(configuration.port)", detail: "\(error)")
        }
    }

    private static func bootstrap(
        _ context: ServerContext, _ group: MultiThreadedEventLoopGroup
    ) -> ServerBootstrap {
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A client whose machine is gone is noticed though it sends nothing.
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try ConnectionStart.begin(channel, context) }
            }
        for (option, seconds) in Platform.keepAlive {
            bootstrap = bootstrap.childChannelOption(
                ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: option)), value: .init(seconds))
        }
        return bootstrap
    }

    /// Stops accepting, lets statements end for the grace time, and closes.
    package func stop() async {
        context.beginStopping()
        context.log.info("stopping", metadata: ["sessions": "\(context.sessions.count)"])
        try? await channel.close()
        context.sessions.endIdle()
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(context.configuration.graceSeconds)
        while context.sessions.count > 0, clock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
            context.sessions.endIdle()
        }
        context.sessions.endAll()
        let last = clock.now + .seconds(5)
        while context.sessions.count > 0, clock.now < last {
            try? await Task.sleep(for: .milliseconds(20))
        }
        try? await http?.close()
        await BlueshiftServer.shutDown(group, context.log)
        context.log.info("stopped")
    }

    private static func shutDown(_ group: MultiThreadedEventLoopGroup, _ log: Logger) async {
        do {
            try await group.shutdownGracefully()
        } catch {
            log.warning("event loops did not end", metadata: ["error": "\(error)"])
        }
    }
}
#endif
