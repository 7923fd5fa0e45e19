import SQLTypes

/// The server's half of SCRAM-SHA-256, without channel binding.
///
///     client   n,,n=user,r=<nonce>                       initial response
///     server   r=<nonce><server's>,s=<salt>,i=<iterations>
///     client   c=biws,r=<nonce><server's>,p=<proof>
///     server   v=<signature>
///
///     proof     = ClientKey xor HMAC(StoredKey, AuthMessage);  SHA256(ClientKey) = StoredKey
///     signature = HMAC(ServerKey, AuthMessage)
///
/// - Source: RFC 5802, RFC 7677; PostgreSQL documentation, "SASL Authentication" (the user of the startup packet counts,
///   not the one named here).
struct ScramServer: Hashable, Sendable {
    static let mechanism = "SCRAM-SHA-256"

    /// nil: there is nobody to be; the exchange is played to its end, and fails there.
    private let verifier: ScramVerifier?
    private let salt: [UInt8]
    private let iterations: Int
    private let serverNonce: String
    private var clientFirstBare = ""
    private var serverFirst = ""
    private var channelBinding = ""
    private var nonce = ""

    /// - Parameters:
    ///   - entropy: unpredictable bytes, 18 or more, used once.
    ///   - decoySalt: shown for users that there are not.
    init(_ verifier: ScramVerifier?, entropy: [UInt8], decoySalt: [UInt8]) {
        self.verifier = verifier
        salt = verifier?.salt ?? decoySalt
        iterations = verifier?.iterations ?? 4_096
        serverNonce = Base64.text(entropy)
    }

    /// - Returns: what the server says first.
    mutating func takeFirst(_ message: [UInt8]) throws(SQLError) -> [UInt8] {
        guard let text = String(validating: message, as: UTF8.self) else { throw ScramServer.malformed }
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw ScramServer.malformed }
        // "y": the client could bind to the channel, and believes that the server cannot: it was offered no such thing.
        guard parts[0] == "n" || parts[0] == "y" else {
            throw SQLError(.protocolViolation, "SCRAM channel binding is not supported")
        }
        guard parts[1].isEmpty else {
            throw SQLError(.featureNotSupported, "client uses authorization identity, but it is not supported")
        }
        clientFirstBare = String(parts[2])
        let attributes = clientFirstBare.split(separator: ",", omittingEmptySubsequences: false)
        guard attributes.count >= 2, attributes[0].hasPrefix("n="),
            let clientNonce = ScramServer.value("r", attributes[1]),
            !clientNonce.isEmpty, clientNonce.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ScramServer.malformed }
        channelBinding = Base64.text(Array("\(parts[0]),,".utf8))
        nonce = clientNonce + serverNonce
        serverFirst = "r=\(nonce),s=\(Base64.text(salt)),i=\(iterations)"
        return Array(serverFirst.utf8)
    }

    /// - Returns: the server's signature; nil: the password is wrong.
    func takeFinal(_ message: [UInt8]) throws(SQLError) -> [UInt8]? {
        guard let text = String(validating: message, as: UTF8.self) else { throw ScramServer.malformed }
        let attributes = text.split(separator: ",", omittingEmptySubsequences: false)
        guard attributes.count >= 3, let binding = ScramServer.value("c", attributes[0]),
            let echoed = ScramServer.value("r", attributes[1]), let last = attributes.last,
            let proof = ScramServer.value("p", last).flatMap({ Base64.bytes($0) }), proof.count == 32
        else { throw ScramServer.malformed }
        guard binding == channelBinding, echoed == nonce else {
            throw SQLError(.protocolViolation, "SCRAM nonce or channel binding does not match")
        }
        let withoutProof = attributes.dropLast().joined(separator: ",")
        let authMessage = Array("\(clientFirstBare),\(serverFirst),\(withoutProof)".utf8)
        guard let verifier else { return nil }
        let signature = HMAC.sha256(authMessage, key: verifier.storedKey)
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        guard SecretBytes.areEqual(SHA2.sha256(clientKey), verifier.storedKey) else { return nil }
        return Array("v=\(Base64.text(HMAC.sha256(authMessage, key: verifier.serverKey)))".utf8)
    }

    private static func value(_ name: Character, _ attribute: Substring) -> String? {
        guard attribute.first == name, attribute.dropFirst().first == "=" else { return nil }
        return String(attribute.dropFirst(2))
    }

    private static var malformed: SQLError { SQLError(.protocolViolation, "malformed SCRAM message") }
}
