/// What a connection is told when it begins.
package struct WireConfiguration: Hashable, Sendable {
    package var method: AuthenticationMethod
    package var offersTLS: Bool
    /// Unpredictable bytes for this connection: 4 for MD5's salt, 18 for SCRAM's nonce.
    package var entropy: [UInt8]
    /// The same for all connections of a server: what salts of users that there are not are made of.
    package var decoySecret: [UInt8]

    package static let entropyByteCount = 22

    package init(method: AuthenticationMethod, offersTLS: Bool, entropy: [UInt8], decoySecret: [UInt8] = []) {
        precondition(entropy.count >= WireConfiguration.entropyByteCount, "\(entropy.count) bytes of entropy")
        self.method = method
        self.offersTLS = offersTLS
        self.entropy = entropy
        self.decoySecret = decoySecret
    }

    var salt: [UInt8] { Array(entropy.prefix(4)) }
    var nonce: [UInt8] { Array(entropy.dropFirst(4).prefix(18)) }
}

/// Who wants a session, and with which settings.
package struct LoginRequest: Hashable, Sendable {
    package var user: String
    package var database: String
    /// All other startup parameters, and those of `options`, in their order. Names may be unknown.
    package var settings: [StartupMessage.Parameter]

    package init(user: String, database: String, settings: [StartupMessage.Parameter] = []) {
        self.user = user
        self.database = database
        self.settings = settings
    }
}
