#if Server
import Logging
import NIOCore
import PGWire
import SQLTypes

/// Puts a new connection together: its handler on the event loop, and the task that serves it.
enum ConnectionStart {
    /// On the channel's event loop.
    static func begin(_ channel: any Channel, _ context: ServerContext) throws {
        context.metrics.connectionOpened()
        channel.closeFuture.whenComplete { _ in context.metrics.connectionClosed() }
        let log = logger(channel, context)
        guard context.metrics.openConnections <= context.configuration.connectionsMax + ConnectionStart.spare else {
            // Nobody who is connected suffers from more who knock.
            context.metrics.connectionRefused()
            throw ChannelError.operationUnsupported
        }
        let inbox = Inbox()
        let gate = WriteGate()
        try channel.pipeline.syncOperations.addHandler(
            ConnectionHandler(inbox, gate, limits: context.configuration.limits, metrics: context.metrics))
        let limit = TimeAmount.seconds(Int64(context.configuration.startupSecondsMax))
        let deadline = channel.eventLoop.scheduleTask(in: limit) {
            log.debug("no login in time")
            channel.close(promise: nil)
        }
        let connection = ClientConnection(
            context, inbox, gate, ConnectionOutput(channel, context.metrics), ProtocolMachine(context.wire), log: log,
            remote: channel.remoteAddress, loginDeadline: deadline, executor: ConnectionExecutor(channel.eventLoop))
        Task(executorPreference: connection.executor) { await connection.run() }
    }

    private static func logger(_ channel: any Channel, _ context: ServerContext) -> Logger {
        var log = context.log
        if let remote = channel.remoteAddress { log[metadataKey: "remote"] = "\(remote.description)" }
        return log
    }

    /// Connections past the limit that may send a cancel request, or be told why they are refused.
    static let spare = 64
}
#endif
