import PGWire
import SQLTypes

/// A machine that has logged in, with all messages fed in as bytes.
struct Conversation {
    var machine: ProtocolMachine
    var decoder = FrameDecoder()

    init(_ method: AuthenticationMethod = .trust, offersTLS: Bool = false) {
        machine = ProtocolMachine(
            WireConfiguration(
                method: method, offersTLS: offersTLS, entropy: Array(1...22), decoySecret: [1, 2, 3]))
    }

    static func loggedIn() throws -> Conversation {
        var conversation = Conversation()
        _ = try conversation.send(Frontend.startup([("user", "u"), ("database", "d")]))
        _ = conversation.machine.identified(nil)
        _ = conversation.machine.sessionOpened(process: 1, secret: 2, parameters: [])
        conversation.decoder.isLoggedIn = true
        return conversation
    }

    /// The actions of all messages in the bytes; none may ask for an answer before the last.
    mutating func send(_ bytes: [UInt8]...) throws -> [ProtocolMachine.Action] {
        var actions: [ProtocolMachine.Action] = []
        for bytes in bytes { decoder.append(bytes) }
        while let message = try decoder.next() { actions += machine.receive(message) }
        return actions
    }
}

/// What a client writes.
enum Frontend {
    static func frame(_ type: Unicode.Scalar, _ payload: [UInt8] = []) -> [UInt8] {
        [UInt8(ascii: type)] + int32(payload.count + 4) + payload
    }

    static func int32(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: Int32(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }

    static func int16(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: Int16(truncatingIfNeeded: value).bigEndian) { Array($0) }
    }

    static func string(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    static func packet(_ code: Int, _ payload: [UInt8] = []) -> [UInt8] {
        int32(payload.count + 8) + int32(code) + payload
    }

    static func startup(_ parameters: [(String, String)], version: Int = 3 << 16) -> [UInt8] {
        packet(version, parameters.flatMap { string($0.0) + string($0.1) } + [0])
    }

    static let sslRequest = packet(1234 << 16 | 5679)
    static let gssRequest = packet(1234 << 16 | 5680)

    static func password(_ text: String) -> [UInt8] { frame("p", string(text)) }
    static func query(_ text: String) -> [UInt8] { frame("Q", string(text)) }
    static func parse(_ name: String, _ text: String, _ oids: [Int] = []) -> [UInt8] {
        frame("P", string(name) + string(text) + int16(oids.count) + oids.flatMap { int32($0) })
    }
    static func bind(
        _ portal: String, _ statement: String, _ values: [[UInt8]?] = [], formats: [Int] = [], results: [Int] = []
    ) -> [UInt8] {
        let parameters = values.flatMap { value in value.map { int32($0.count) + $0 } ?? int32(-1) }
        return frame(
            "B",
            string(portal) + string(statement) + int16(formats.count) + formats.flatMap { int16($0) }
                + int16(values.count) + parameters + int16(results.count) + results.flatMap { int16($0) })
    }
    static func describe(_ kind: Unicode.Scalar, _ name: String) -> [UInt8] {
        frame("D", [UInt8(ascii: kind)] + string(name))
    }
    static func close(_ kind: Unicode.Scalar, _ name: String) -> [UInt8] {
        frame("C", [UInt8(ascii: kind)] + string(name))
    }
    static func execute(_ portal: String, limit: Int = 0) -> [UInt8] { frame("E", string(portal) + int32(limit)) }
    static let flush = frame("H")
    static let sync = frame("S")
    static let terminate = frame("X")
}

extension ProtocolMachine.Action {
    static func error(_ state: SQLState, _ message: String) -> Self {
        .send(.error(ErrorFields(SQLError(state, message))))
    }
    static func fatal(_ state: SQLState, _ message: String) -> Self {
        .send(.error(ErrorFields(SQLError(state, message), severity: .fatal)))
    }
}
