import SQLTypes

/// The client asks for encryption before it says who it is.
package enum EncryptionRequest: Hashable, Sendable { case tls, gss }

/// "End what this process is doing": comes on a connection of its own, with the key that the session was given.
package struct CancelRequest: Hashable, Sendable {
    package var process: Int32
    package var secret: Int32

    package init(process: Int32, secret: Int32) {
        self.process = process
        self.secret = secret
    }
}

/// `user`, `database`, `application_name`, …, in the client's order. Drivers of Redshift send names of their own
/// (`client_protocol_version`, `driver_version`, `os_version`), which PostgreSQL would refuse.
package struct StartupMessage: Hashable, Sendable {
    package struct Parameter: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
    package var parameters: [Parameter]
    /// 3.0 is what is spoken; a newer minor version is negotiated down.
    package var minorVersion: Int

    package init(_ parameters: [(String, String)], minorVersion: Int = 0) {
        self.parameters = parameters.map { Parameter(name: $0.0, value: $0.1) }
        self.minorVersion = minorVersion
    }

    /// The last of that name, as in PostgreSQL.
    package subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }
}

/// Packets without a type byte, told apart by their code.
enum StartupPacket {
    private static let cancel: UInt32 = 1234 << 16 | 5678
    private static let tls: UInt32 = 1234 << 16 | 5679
    private static let gss: UInt32 = 1234 << 16 | 5680

    static func decode(_ reader: inout MessageReader) throws(SQLError) -> FrontendMessage {
        let code = try reader.integer(UInt32.self)
        switch code {
        case cancel:
            return .cancel(
                CancelRequest(process: try reader.integer(Int32.self), secret: try reader.integer(Int32.self)))
        case tls: return .encryptionRequest(.tls)
        case gss: return .encryptionRequest(.gss)
        default: return .startup(try startup(version: code, &reader))
        }
    }

    private static func startup(version: UInt32, _ reader: inout MessageReader) throws(SQLError) -> StartupMessage {
        guard version >> 16 == 3 else {
            throw SQLError(
                .featureNotSupported,
                "unsupported frontend protocol \(version >> 16).\(version & 0xFFFF): server supports 3.0 to 3.0")
        }
        var parameters: [(String, String)] = []
        while true {
            let name = try reader.cString()
            if name.isEmpty { break }
            parameters.append((name, try reader.cString()))
        }
        return StartupMessage(parameters, minorVersion: Int(version & 0xFFFF))
    }
}
