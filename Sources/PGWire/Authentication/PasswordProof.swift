/// What is known of a user's password: enough to check it, not enough to know it.
package struct PasswordProof: Hashable, Sendable {
    /// MD5 of the password and the user's name behind it, as 32 hexadecimal digits; nil: not known.
    package var md5: String?
    package var scram: ScramVerifier?
    package var sha256: SaltedDigest?

    /// SHA-256 of the password and the salt behind it.
    package struct SaltedDigest: Hashable, Sendable {
        package var salt: [UInt8]
        package var digest: [UInt8]

        package init(salt: [UInt8], digest: [UInt8]) {
            self.salt = salt
            self.digest = digest
        }
    }

    package init(md5: String? = nil, scram: ScramVerifier? = nil, sha256: SaltedDigest? = nil) {
        self.md5 = md5
        self.scram = scram
        self.sha256 = sha256
    }
}

/// What SCRAM-SHA-256 stores of a password.
/// - Source: RFC 5802, section 3.
package struct ScramVerifier: Hashable, Sendable {
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

/// How clients prove who they are.
package enum AuthenticationMethod: String, Hashable, Sendable, CaseIterable {
    /// Everyone is who they say they are: for tests, on loopback.
    case trust
    /// What drivers of Redshift expect.
    case md5
    case scramSHA256 = "scram-sha-256"
}
