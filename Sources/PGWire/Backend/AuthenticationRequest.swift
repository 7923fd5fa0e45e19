/// How the client shall prove who it is.
package enum AuthenticationRequest: Hashable, Sendable {
    case ok
    case cleartextPassword
    /// Four bytes.
    case md5Password(salt: [UInt8])
    /// Redshift's: the salt is the password's, the nonce the connection's.
    case digest(salt: [UInt8], nonce: [UInt8])
    case sasl(mechanisms: [String])
    case saslContinue([UInt8])
    case saslFinal([UInt8])

    func write(to writer: inout MessageWriter) {
        switch self {
        case .ok: writer.integer(Int32(0))
        case .cleartextPassword: writer.integer(Int32(3))
        case .md5Password(let salt):
            writer.integer(Int32(5))
            writer.raw(salt)
        case .digest(let salt, let nonce):
            writer.integer(Int32(13))
            // Of the algorithms that drivers know: SHA-256.
            writer.integer(Int32(0))
            for bytes in [salt, nonce] {
                writer.integer(Int32(clamping: bytes.count))
                writer.raw(bytes)
            }
        case .sasl(let mechanisms):
            writer.integer(Int32(10))
            for mechanism in mechanisms { writer.cString(mechanism) }
            writer.byte(0)
        case .saslContinue(let data):
            writer.integer(Int32(11))
            writer.raw(data)
        case .saslFinal(let data):
            writer.integer(Int32(12))
            writer.raw(data)
        }
    }
}
