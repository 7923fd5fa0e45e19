/// How much a client may send in one message. Larger startup packets end the connection; a larger message is skipped and
/// answered by an error.
package struct WireLimits: Hashable, Sendable {
    /// PostgreSQL's MAX_STARTUP_PACKET_LENGTH.
    package var startupBytesMax = 10_000
    /// Queries, parameters and COPY data. Redshift's limit for a statement.
    /// - Source: Redshift management guide, "Quotas and limits".
    package var messageBytesMax = 16 << 20
    /// All other messages: names, passwords.
    package var smallMessageBytesMax = 10_000

    package init() {}

    /// The longest payload of a message of that type.
    func payloadBytesMax(of type: UInt8) -> Int {
        switch type {
        case FrontendMessageType.query, FrontendMessageType.parse, FrontendMessageType.bind,
            FrontendMessageType.copyData, FrontendMessageType.functionCall:
            messageBytesMax
        default: smallMessageBytesMax
        }
    }
}
