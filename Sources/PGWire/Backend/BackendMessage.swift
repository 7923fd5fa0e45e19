import SQLTypes

/// What the server sends, but for rows and their columns' values, which are written where they are made.
/// - Source: PostgreSQL documentation, "Message Formats".
package enum BackendMessage: Hashable, Sendable {
    case authentication(AuthenticationRequest)
    case parameterStatus(name: String, value: String)
    case backendKeyData(process: Int32, secret: Int32)
    case negotiateProtocolVersion(minor: Int32, unknownOptions: [String])
    case readyForQuery(TransactionStatus)
    case rowDescription([WireColumn])
    /// A few values that are text already.
    case textRow([String?])
    case commandComplete(String)
    case emptyQueryResponse
    case parseComplete
    case bindComplete
    case closeComplete
    case noData
    case portalSuspended
    case parameterDescription([UInt32])
    case error(ErrorFields)
    case notice(ErrorFields)
    /// One byte without a frame: the answer to an encryption request.
    case encryptionAnswer(accepted: Bool)
}

/// What ReadyForQuery says.
package enum TransactionStatus: UInt8, Hashable, Sendable {
    case idle = 0x49
    case inBlock = 0x54
    case failed = 0x45
}

extension BackendMessage {
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    package func append(to bytes: inout [UInt8]) {
        var writer = MessageWriter(bytes)
        bytes = []
        write(to: &writer)
        bytes = writer.bytes
    }

    private func write(to writer: inout MessageWriter) {
        switch self {
        case .authentication(let request): writer.frame("R") { request.write(to: &$0) }
        case .parameterStatus(let name, let value):
            writer.frame("S") {
                $0.cString(name)
                $0.cString(value)
            }
        case .backendKeyData(let process, let secret):
            writer.frame("K") {
                $0.integer(process)
                $0.integer(secret)
            }
        case .negotiateProtocolVersion(let minor, let options):
            writer.frame("v") {
                $0.integer(3 << 16 | minor)
                $0.integer(Int32(clamping: options.count))
                for option in options { $0.cString(option) }
            }
        case .readyForQuery(let status): writer.frame("Z") { $0.byte(status.rawValue) }
        case .rowDescription(let columns): writer.frame("T") { $0.columns(columns) }
        case .textRow(let values): writer.frame("D") { $0.textRow(values) }
        case .commandComplete(let tag): writer.frame("C") { $0.cString(tag) }
        case .emptyQueryResponse: writer.frame("I") { _ in }
        case .parseComplete: writer.frame("1") { _ in }
        case .bindComplete: writer.frame("2") { _ in }
        case .closeComplete: writer.frame("3") { _ in }
        case .noData: writer.frame("n") { _ in }
        case .portalSuspended: writer.frame("s") { _ in }
        case .parameterDescription(let oids):
            writer.frame("t") {
                $0.integer(UInt16(clamping: oids.count))
                for oid in oids { $0.integer(oid) }
            }
        case .error(let fields): writer.frame("E") { fields.write(to: &$0) }
        case .notice(let fields): writer.frame("N") { fields.write(to: &$0) }
        case .encryptionAnswer(let accepted): writer.byte(UInt8(ascii: accepted ? "S" : "N"))
        }
    }
}
