#if Server
import NIOCore
import NIOSSL
import PGWire
import SQLTypes
import Synchronization

/// The event loop's end of a connection: bytes become messages, which go to the task's inbox.
///
/// A client that sends faster than it is served is left unread (`Inbox.capacity`), so that TCP holds it back; at most one
/// message that is not whole yet is kept besides.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox
    private let gate: WriteGate
    private let metrics: ServerMetrics
    private var decoder: FrameDecoder
    private var isPaused = false

    init(_ inbox: Inbox, _ gate: WriteGate, limits: WireLimits, metrics: ServerMetrics) {
        self.inbox = inbox
        self.gate = gate
        self.metrics = metrics
        decoder = FrameDecoder(limits: limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let channel = context.channel
        inbox.attach {
            channel.eventLoop.execute { bound.value.goOn(channel) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        metrics.received(buffer.readableBytes)
        buffer.withUnsafeReadableBytes { decoder.append($0) }
        drain(context.channel)
    }

    private func drain(_ channel: any Channel) {
        guard !isPaused else { return }
        decoder.isLoggedIn = inbox.isLoggedIn
        do throws(SQLError) {
            while let message = try decoder.next() {
                if message == .encryptionRequest(.tls), decoder.pendingByteCount > 0 {
                    // Sent in the clear behind the request: it must not be taken for what came encrypted.
                    throw SQLError(.protocolViolation, "received unencrypted data after SSL request")
                }
                guard inbox.put(.message(message), byteCount: decoder.lastByteCount) else { return pause(channel) }
            }
        } catch {
            _ = inbox.put(.broken(error))
            pause(channel)
        }
    }

    private func pause(_ channel: any Channel) {
        isPaused = true
        setAutoRead(false, channel)
    }

    private func goOn(_ channel: any Channel) {
        isPaused = false
        drain(channel)
        if !isPaused { setAutoRead(true, channel) }
    }

    private func setAutoRead(_ isOn: Bool, _ channel: any Channel) {
        // A channel that is closed by now has no options, and needs none.
        channel.setOption(.autoRead, value: isOn).whenFailure { _ in }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        gate.set(isWritable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.close()
        gate.close()
        context.fireChannelInactive()
    }

    /// A reset connection, or what was no TLS.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Holds a task back while the client does not read.
final class WriteGate: Sendable {
    private struct State {
        var isWritable = true
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    func set(isWritable: Bool) {
        let waiter = state.withLock { state in
            state.isWritable = isWritable
            defer { if isWritable { state.waiter = nil } }
            return isWritable ? state.waiter : nil
        }
        waiter?.resume()
    }

    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Returns when more may be written, or nothing ever again.
    func waitUntilWritable() async {
        if state.withLock({ $0.isWritable || $0.isClosed }) { return }
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                if state.isWritable || state.isClosed { return true }
                state.waiter = continuation
                return false
            }
            if mayGo { continuation.resume() }
        }
    }
}
#endif
