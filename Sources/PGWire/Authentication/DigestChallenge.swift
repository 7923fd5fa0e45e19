import SQLTypes

/// Redshift's own way to show that one knows a password of which a salted SHA-256 is kept: the answer is
///
///     Int32 length | SHA256(SHA256(password + salt) + server nonce + client nonce) | Int32 length | client nonce
///
/// - Source: the authentication requests 13 of Amazon's drivers ("extensible digest"), whose answer is a message `d`.
struct DigestChallenge: Hashable, Sendable {
    /// Longer nonces have no use.
    private static let nonceBytesMax = 256

    /// New for each connection.
    let nonce: [UInt8]

    /// - Parameters:
    ///   - answer: the payload of the message.
    ///   - digest: of the password and its salt.
    func accepts(_ answer: [UInt8], digest: [UInt8]) throws(SQLError) -> Bool {
        let (proof, clientNonce) = try answer.withUnsafeBufferPointer {
            (bytes) throws(SQLError) -> ([UInt8], [UInt8]) in
            var reader = MessageReader(UnsafeRawBufferPointer(bytes))
            let proof = try reader.bytes(Int(try reader.integer(Int32.self)))
            let nonce = try reader.bytes(Int(try reader.integer(Int32.self)))
            try reader.expectEnd()
            return (proof, nonce)
        }
        guard clientNonce.count <= DigestChallenge.nonceBytesMax else {
            throw SQLError(.protocolViolation, "the client's nonce is too long")
        }
        return SecretBytes.areEqual(proof, SHA2.sha256(digest + nonce + clientNonce))
    }
}
