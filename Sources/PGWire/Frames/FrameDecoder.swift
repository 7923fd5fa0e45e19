package import SQLTypes

/// Bytes of a connection → messages.
///
///     before the startup packet      Int32 length, itself included | Int32 code | …
///     from then on                   UInt8 type | Int32 length, itself included | …
///
/// A frame whose length makes no sense leaves no place to go on from: `next` throws, and the connection ends. What is
/// wrong within a frame is a `malformed` message, which costs the client that message only.
///
/// Bytes that are not a whole message yet are kept, so that a client holds at most one message and what came with it in
/// memory here.
/// - Source: PostgreSQL documentation, "Message Formats".
package struct FrameDecoder: Sendable {
    private enum Phase { case startup, messages, ended }

    private let limits: WireLimits
    private var phase = Phase.startup
    /// Until then a client has no use for long messages, and none gets memory for one.
    package var isLoggedIn = false
    private var bytes: [UInt8] = []
    /// Where the next frame begins.
    private var start = 0
    /// Of the last message, as it came.
    package private(set) var lastByteCount = 0
    /// Payload of a message that is too long, still to come.
    private var skipped = 0

    package init(limits: WireLimits = WireLimits()) { self.limits = limits }

    /// Bytes that came and are no message yet.
    package var pendingByteCount: Int { bytes.count - start }

    package mutating func append(_ new: UnsafeRawBufferPointer) {
        let dropped = min(skipped, new.count)
        skipped -= dropped
        guard dropped < new.count, phase != .ended else { return }
        dropTaken()
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: new[dropped...]))
    }

    /// What has been taken goes when it is much; the memory of a long message is not kept.
    private mutating func dropTaken() {
        if start == bytes.count {
            if bytes.capacity > 1 << 16 { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
            start = 0
        } else if start > 1 << 16 {
            bytes.removeSubrange(..<start)
            start = 0
        }
    }

    package mutating func append(_ new: [UInt8]) { new.withUnsafeBytes { append($0) } }

    /// The next whole message; nil until more bytes come.
    /// - Throws: 08P01 if the bytes are not the protocol. Nothing comes after that.
    package mutating func next() throws(SQLError) -> FrontendMessage? {
        do throws(SQLError) {
            switch phase {
            case .startup: return try nextStartup()
            case .messages: return try nextMessage()
            case .ended: return nil
            }
        } catch {
            end()
            throw error
        }
    }

    private mutating func end() {
        phase = .ended
        bytes = []
        start = 0
    }

    private func bigEndian(at offset: Int) -> Int {
        let word = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self) }
        return Int(Int32(bitPattern: UInt32(bigEndian: word)))
    }

    private mutating func nextStartup() throws(SQLError) -> FrontendMessage? {
        guard pendingByteCount >= 4 else { return nil }
        let length = bigEndian(at: 0)
        guard length >= 8, length <= limits.startupBytesMax else {
            throw SQLError(.protocolViolation, "invalid length of startup packet")
        }
        guard pendingByteCount >= length else { return nil }
        let message = try payload(from: 4, to: length) { reader throws(SQLError) in
            try StartupPacket.decode(&reader)
        }
        start += length
        lastByteCount = length
        switch message {
        case .startup: phase = .messages
        case .cancel: end()
        default: break
        }
        return message
    }

    private mutating func nextMessage() throws(SQLError) -> FrontendMessage? {
        guard pendingByteCount >= 5 else { return nil }
        let type = bytes[start]
        guard FrontendMessageType.all.contains(type) else {
            throw SQLError(.protocolViolation, "invalid frontend message type \(type)")
        }
        let length = bigEndian(at: 1)
        guard length >= 4 else { throw SQLError(.protocolViolation, "invalid message length") }
        guard isLoggedIn || length - 4 <= limits.smallMessageBytesMax else {
            throw SQLError(.protocolViolation, "invalid length of a message before the login")
        }
        let limit = limits.payloadBytesMax(of: type)
        if length - 4 > limit { return skip(type, payloadBytes: length - 4, limit: limit) }
        guard pendingByteCount >= 1 + length else { return nil }
        defer { start += 1 + length }
        lastByteCount = 1 + length
        do throws(SQLError) {
            return try payload(from: 5, to: 1 + length) { reader throws(SQLError) in
                // Before the login there is no COPY: the letter is that of an answer to Redshift's digest.
                if !isLoggedIn, type == FrontendMessageType.copyData { return .authentication(try reader.rest()) }
                return try FrontendMessage.decode(type, &reader)
            }
        } catch {
            return .malformed(type, error)
        }
    }

    private mutating func skip(_ type: UInt8, payloadBytes: Int, limit: Int) -> FrontendMessage {
        let here = min(payloadBytes, pendingByteCount - 5)
        skipped = payloadBytes - here
        start += 5 + here
        let error =
            type == FrontendMessageType.query || type == FrontendMessageType.parse
            ? SQLError(
                .programLimitExceeded,
                "Statement is too large. Statement Size: \(payloadBytes) bytes. Maximum Allowed: \(limit) bytes")
            : SQLError(
                .programLimitExceeded, "message of \(payloadBytes) bytes is too large: the limit is \(limit) bytes")
        return .malformed(type, error)
    }

    private func payload(
        from lower: Int, to upper: Int, _ decode: (inout MessageReader) throws(SQLError) -> FrontendMessage
    ) throws(SQLError) -> FrontendMessage {
        try bytes.withUnsafeBufferPointer { all throws(SQLError) in
            let payload = UnsafeBufferPointer(rebasing: all[(start + lower)..<(start + upper)])
            var reader = MessageReader(UnsafeRawBufferPointer(payload))
            let message = try decode(&reader)
            try reader.expectEnd()
            return message
        }
    }
}
