import SQLTypes

/// What is kept of a password: enough to check it, in each of the ways in which clients prove that they know it, and
/// never the password. A user whose password was given as a digest has that one way only.
package struct PasswordVerifiers: Hashable, Sendable {
    /// - Source: RFC 5802, section 3; RFC 7677.
    package struct SCRAM: Hashable, Sendable {
        package var salt: [UInt8]
        package var iterations: Int
        package var storedKey: [UInt8]
        package var serverKey: [UInt8]

        package init(salt: [UInt8], iterations: Int, storedKey: [UInt8], serverKey: [UInt8]) {
            self.salt = salt
            self.iterations = iterations
            self.storedKey = storedKey
            self.serverKey = serverKey
        }
    }

    /// SHA-256 of the password and then the salt: `'sha256|digest|salt'`.
    /// - Source: Redshift developer guide, "CREATE USER".
    package struct SaltedDigest: Hashable, Sendable {
        package var salt: [UInt8]
        package var digest: [UInt8]

        package init(salt: [UInt8], digest: [UInt8]) {
            self.salt = salt
            self.digest = digest
        }
    }

    /// MD5 of the password and then the user's name: 32 lower-case hexadecimal digits.
    package var md5: String?
    package var scram: SCRAM?
    package var sha256: SaltedDigest?

    package init(md5: String? = nil, scram: SCRAM? = nil, sha256: SaltedDigest? = nil) {
        self.md5 = md5
        self.scram = scram
        self.sha256 = sha256
    }

    /// PostgreSQL's number for SCRAM.
    package static let iterations = 4_096
    private static let scramSaltBytes = 16
    private static let digestSaltBytes = 32

    /// Of a password in clear text.
    /// - Parameter withMD5: false: only ways that do not fall with MD5.
    package init(
        password: String, user: String, withMD5: Bool = true,
        using random: inout some RandomNumberGenerator
    ) {
        let secret = Array(password.utf8)
        let salt = PasswordVerifiers.salt(PasswordVerifiers.scramSaltBytes, using: &random)
        let salted = HMAC.pbkdf2(password: secret, salt: salt, iterations: PasswordVerifiers.iterations)
        let clientKey = HMAC.sha256(Array("Client Key".utf8), key: salted)
        scram = SCRAM(
            salt: salt, iterations: PasswordVerifiers.iterations, storedKey: SHA2.sha256(clientKey),
            serverKey: HMAC.sha256(Array("Server Key".utf8), key: salted))
        let digestSalt = PasswordVerifiers.salt(PasswordVerifiers.digestSaltBytes, using: &random)
        sha256 = SaltedDigest(salt: digestSalt, digest: SHA2.sha256(secret + digestSalt))
        md5 = withMD5 ? PasswordVerifiers.md5(of: password, user: user) : nil
    }

    /// Whether this is the password: for whoever has it in clear text.
    package func matches(password: String, user: String) -> Bool {
        if let sha256 { return SHA2.sha256(Array(password.utf8) + sha256.salt) == sha256.digest }
        return md5 == PasswordVerifiers.md5(of: password, user: user)
    }

    private static func md5(of password: String, user: String) -> String {
        Hexadecimal.text(MD5.digest(Array((password + user).utf8)))
    }

    private static func salt(_ count: Int, using random: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }
}

/// So that no log or message shows them by chance.
extension PasswordVerifiers: CustomStringConvertible, CustomReflectable {
    package var description: String { "********" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
