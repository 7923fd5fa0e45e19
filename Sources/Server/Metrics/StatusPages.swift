#if Server
import NIOCore
import NIOHTTP1
import NIOPosix

/// `GET /health`: is the server up, and does it take connections? `GET /metrics`: its counters, for Prometheus.
final class StatusPages: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let context: ServerContext
    private var request: HTTPRequestHead?

    private init(_ context: ServerContext) { self.context = context }

    static func bind(
        _ context: ServerContext, _ group: any EventLoopGroup, host: String, port: Int
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(StatusPages(context))
                }
            }
            .bind(host: host, port: port).get()
    }

    func channelRead(context channel: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end:
            guard let request else { return }
            self.request = nil
            answer(request, on: channel)
        }
    }

    private func answer(_ request: HTTPRequestHead, on channel: ChannelHandlerContext) {
        let (status, type, text) = page(request)
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "Content-Type", value: type)
        head.headers.add(name: "Content-Length", value: String(text.utf8.count))
        if !request.isKeepAlive { head.headers.add(name: "Connection", value: "close") }
        channel.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            channel.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        let closes = !request.isKeepAlive
        let bound = NIOLoopBound(channel, eventLoop: channel.eventLoop)
        channel.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if closes { bound.value.close(promise: nil) }
        }
    }

    private func page(_ request: HTTPRequestHead) -> (HTTPResponseStatus, String, String) {
        guard request.method == .GET || request.method == .HEAD else {
            return (.methodNotAllowed, "text/plain", "GET only\n")
        }
        switch request.uri {
        case "/health":
            let isUp = !context.isStopping
            return (
                isUp ? .ok : .serviceUnavailable, "application/json",
                "{\"status\":\"\(isUp ? "up" : "stopping")\",\"sessions\":\(context.sessions.count)}\n"
            )
        case "/metrics": return (.ok, "text/plain; version=0.0.4; charset=utf-8", context.metrics.exposition)
        default: return (.notFound, "text/plain", "There are /health and /metrics.\n")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
#endif
