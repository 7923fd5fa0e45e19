import NIOCore
import PGWire
import SQLTypes
import VectorEngine

/// What goes out on a connection: collected, written when asked or when it is much, and held back while the client does
/// not read.
struct ConnectionOutput {
    /// Bytes that are collected before they are written unasked.
    static let writtenFrom = 64 << 10

    let channel: any Channel
    private let metrics: ServerMetrics
    private var buffer: ByteBuffer

    init(_ channel: any Channel, _ metrics: ServerMetrics) {
        self.channel = channel
        self.metrics = metrics
        buffer = channel.allocator.buffer(capacity: 1 << 10)
    }

    mutating func send(_ message: BackendMessage) { buffer.writeBytes(message.bytes) }

    /// Rows are encoded where they are written from.
    mutating func send(_ batch: Batch, _ encoder: RowEncoder) {
        encoder.encode(batch, into: &buffer)
        metrics.sent(rows: batch.count)
    }

    var isFull: Bool { buffer.readableBytes >= ConnectionOutput.writtenFrom }

    mutating func flush() {
        guard buffer.readableBytes > 0 else { return }
        metrics.sent(buffer.readableBytes)
        channel.writeAndFlush(buffer, promise: nil)
        buffer = channel.allocator.buffer(capacity: min(buffer.readableBytes, 4 << 10))
    }

    /// The connection ends when everything is written; a client that does not read is not waited for long.
    mutating func close() {
        let channel = channel
        guard channel.isActive else { return channel.close(promise: nil) }
        let written = channel.eventLoop.makePromise(of: Void.self)
        let patience = channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
        written.futureResult.whenComplete { _ in
            patience.cancel()
            channel.close(promise: nil)
        }
        channel.writeAndFlush(buffer, promise: written)
        buffer = ByteBuffer()
    }
}

extension SQLError {
    static var connectionLost: SQLError { SQLError(.connectionFailure, "connection to client lost") }
}
