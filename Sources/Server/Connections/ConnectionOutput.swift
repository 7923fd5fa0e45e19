#if Server
import NIOCore
import PGWire
import SQLTypes
import VectorEngine

/// What goes out on a connection: collected, written when asked or when it is much, and held back while the client does
/// not read.
struct ConnectionOutput {
    /// Bytes that are collected before they are written unasked.
    static let writtenFrom = 64 << 10
    /// A connection keeps so much memory at most for what it sends next.
    private static let keptCapacity = 1 << 20

    let channel: any Channel
    private let metrics: ServerMetrics
    private var buffer: ByteBuffer
    /// A message on its way into the buffer.
    private var scratch: [UInt8] = []

    init(_ channel: any Channel, _ metrics: ServerMetrics) {
        self.channel = channel
        self.metrics = metrics
        buffer = channel.allocator.buffer(capacity: 1 << 10)
    }

    mutating func send(_ message: BackendMessage) {
        scratch.removeAll(keepingCapacity: scratch.capacity <= ConnectionOutput.keptCapacity)
        message.append(to: &scratch)
        buffer.writeBytes(scratch)
    }

    /// What is encoded already.
    mutating func send(encoded bytes: [UInt8]) { buffer.writeBytes(bytes) }

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
        // Mostly it is written by now, and its memory can be used again.
        if buffer.capacity <= ConnectionOutput.keptCapacity { buffer.clear() } else { buffer = ByteBuffer() }
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
#endif
