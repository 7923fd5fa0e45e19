package import SQLTypes

/// What a client sends. One file per family holds how its messages are read.
package enum FrontendMessage: Hashable, Sendable {
    // Before and in place of a session.
    case encryptionRequest(EncryptionRequest)
    case cancel(CancelRequest)
    case startup(StartupMessage)
    /// Password, or a step of SASL: which one, the state of the authentication says.
    case authentication([UInt8])
    // Simple query.
    case query(String)
    // Extended query.
    case parse(ParseMessage)
    case bind(BindMessage)
    case describe(MessageTarget)
    case execute(portal: String, rowLimit: Int)
    case close(MessageTarget)
    case flush
    case sync
    // The rest.
    case copyData
    case copyDone
    case copyFail
    case functionCall
    case terminate
    /// A frame that is whole, and has something wrong in it.
    case malformed(UInt8, SQLError)
}

/// The first bytes of messages.
package enum FrontendMessageType {
    static let bind = UInt8(ascii: "B")
    static let close = UInt8(ascii: "C")
    static let copyData = UInt8(ascii: "d")
    static let copyDone = UInt8(ascii: "c")
    static let copyFail = UInt8(ascii: "f")
    static let describe = UInt8(ascii: "D")
    static let execute = UInt8(ascii: "E")
    static let flush = UInt8(ascii: "H")
    static let functionCall = UInt8(ascii: "F")
    static let parse = UInt8(ascii: "P")
    static let password = UInt8(ascii: "p")
    static let query = UInt8(ascii: "Q")
    static let sync = UInt8(ascii: "S")
    static let terminate = UInt8(ascii: "X")

    static let all: [UInt8] = [
        bind, close, copyData, copyDone, copyFail, describe, execute, flush, functionCall, parse, password, query,
        sync, terminate,
    ]
}

extension FrontendMessage {
    /// - Parameter type: one of `FrontendMessageType.all`.
    static func decode(_ type: UInt8, _ reader: inout MessageReader) throws(SQLError) -> FrontendMessage {
        switch type {
        case FrontendMessageType.query: return .query(try reader.cString())
        case FrontendMessageType.parse: return .parse(try ParseMessage(&reader))
        case FrontendMessageType.bind: return .bind(try BindMessage(&reader))
        case FrontendMessageType.describe: return .describe(try MessageTarget(&reader, "DESCRIBE"))
        case FrontendMessageType.close: return .close(try MessageTarget(&reader, "CLOSE"))
        case FrontendMessageType.execute: return try decodeExecute(&reader)
        case FrontendMessageType.flush: return .flush
        case FrontendMessageType.sync: return .sync
        case FrontendMessageType.password: return .authentication(try reader.rest())
        case FrontendMessageType.terminate: return .terminate
        default: return try decodeIgnored(type, &reader)
        }
    }

    /// Messages whose content does not matter: they are refused, or belong to a COPY that was refused.
    private static func decodeIgnored(_ type: UInt8, _ reader: inout MessageReader) throws(SQLError) -> FrontendMessage
    {
        _ = try reader.rest()
        return switch type {
        case FrontendMessageType.copyData: .copyData
        case FrontendMessageType.copyDone: .copyDone
        case FrontendMessageType.copyFail: .copyFail
        default: .functionCall
        }
    }
}
