package import SQLTypes

// From the first packet to the first ReadyForQuery.
//
//     SSLRequest       S or N
//     StartupMessage   identify: what is known of the password?
//                      trust: openSession
//                      md5: one challenge, one answer;  SCRAM: two of each;  digest: one, for users of whom nothing
//                      else is known, or whose driver is one of Redshift's
//     password right   AuthenticationOk, openSession
//     sessionOpened    ParameterStatus …, BackendKeyData, ReadyForQuery

/// An authentication that the client has to go on with.
struct AuthenticationExchange: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case md5(MD5Challenge)
        case digest(DigestChallenge, of: PasswordProof.SaltedDigest)
        case scramFirst(ScramServer)
        case scramFinal(ScramServer)
    }
    var request: LoginRequest
    var step: Step
    var proof: PasswordProof?
    /// Told once the password is right.
    var refusal: SQLError?
}

extension ProtocolMachine {
    mutating func receiveStartup(_ message: FrontendMessage) -> [Action] {
        switch message {
        case .encryptionRequest(.tls):
            guard configuration.offersTLS, !isEncrypted else {
                return [.send(.encryptionAnswer(accepted: false)), .flush]
            }
            isEncrypted = true
            return [.send(.encryptionAnswer(accepted: true)), .flush, .startTLS]
        case .encryptionRequest(.gss): return [.send(.encryptionAnswer(accepted: false)), .flush]
        case .cancel(let request):
            state = .closed
            return [.cancel(request), .close]
        case .startup(let startup): return receive(startup)
        default: return fail(SQLError(.protocolViolation, "expected a startup packet"))
        }
    }

    private mutating func receive(_ startup: StartupMessage) -> [Action] {
        guard let user = startup["user"], !user.isEmpty else {
            return fail(
                SQLError(.invalidAuthorization, "no PostgreSQL user name specified in startup packet"))
        }
        let database = startup["database"].flatMap { $0.isEmpty ? nil : $0 } ?? user
        var settings: [StartupMessage.Parameter] = []
        var unknownOptions: [String] = []
        for parameter in startup.parameters {
            switch parameter.name {
            case "user", "database": break
            case "options": settings += StartupOptions.settings(parameter.value)
            case let name where name.hasPrefix("_pq_."): unknownOptions.append(name)
            default: settings.append(parameter)
            }
        }
        let request = LoginRequest(user: user, database: database, settings: settings)
        state = .identifying(request)
        guard startup.minorVersion > 0 || !unknownOptions.isEmpty else { return [.identify(request)] }
        return [.send(.negotiateProtocolVersion(minor: 0, unknownOptions: unknownOptions)), .identify(request)]
    }

    /// - Parameters:
    ///   - proof: nil: there is no such user, or it has no password. The client is not told which.
    ///   - refusal: why it may not log in even with the right password.
    package mutating func identified(_ proof: PasswordProof?, refusal: SQLError? = nil) -> [Action] {
        guard case .identifying(let request) = state else {
            precondition(state == .closed, "nobody asked who it is")
            return []
        }
        let step: AuthenticationExchange.Step
        let challenge: AuthenticationRequest
        switch configuration.method {
        case .trust:
            if let refusal { return fail(refusal) }
            return open(request)
        case .md5 where proof?.md5 == nil, .scramSHA256 where proof?.scram == nil:
            // A user whose password may not be kept, or is not known, in the usual way.
            (step, challenge) = otherChallenge(proof, request)
        case .md5:
            step = .md5(MD5Challenge(salt: configuration.salt))
            challenge = .md5Password(salt: configuration.salt)
        case .scramSHA256: (step, challenge) = scram(proof, request)
        }
        state = .authenticating(AuthenticationExchange(request: request, step: step, proof: proof, refusal: refusal))
        return [.send(.authentication(challenge)), .flush]
    }

    private func scram(
        _ proof: PasswordProof?, _ request: LoginRequest
    ) -> (AuthenticationExchange.Step, AuthenticationRequest) {
        let decoy = HMAC.sha256(Array(request.user.utf8), key: configuration.decoySecret)
        let server = ScramServer(proof?.scram, entropy: configuration.nonce, decoySalt: Array(decoy.prefix(16)))
        return (.scramFirst(server), .sasl(mechanisms: [ScramServer.mechanism]))
    }

    /// Of a user for whom the configured way does not do. Redshift's drivers know the digest, others SCRAM.
    private func otherChallenge(
        _ proof: PasswordProof?, _ request: LoginRequest
    ) -> (AuthenticationExchange.Step, AuthenticationRequest) {
        let isRedshiftDriver = request.settings.contains { $0.name == "client_protocol_version" }
        if let known = proof?.sha256, isRedshiftDriver || proof?.scram == nil {
            return (
                .digest(DigestChallenge(nonce: configuration.nonce), of: known),
                .digest(salt: known.salt, nonce: configuration.nonce)
            )
        }
        if configuration.method == .scramSHA256 || proof?.scram != nil { return scram(proof, request) }
        return (.md5(MD5Challenge(salt: configuration.salt)), .md5Password(salt: configuration.salt))
    }

    mutating func receive(_ message: FrontendMessage, _ exchange: AuthenticationExchange) -> [Action] {
        switch message {
        case .authentication(let payload):
            do throws(SQLError) {
                return try answer(payload, exchange)
            } catch {
                return fail(error)
            }
        case .terminate:
            state = .closed
            return [.close]
        case .malformed(_, let error): return fail(error)
        default: return fail(SQLError(.protocolViolation, "expected password response"))
        }
    }

    private mutating func answer(
        _ payload: [UInt8], _ exchange: AuthenticationExchange
    ) throws(SQLError) -> [Action] {
        switch exchange.step {
        case .md5(let challenge):
            return accept(challenge.accepts(payload, digest: exchange.proof?.md5), exchange)
        case .digest(let challenge, let known):
            return accept(try challenge.accepts(payload, digest: known.digest), exchange)
        case .scramFirst(var server):
            let first = try server.takeFirst(try ProtocolMachine.initialResponse(payload))
            var next = exchange
            next.step = .scramFinal(server)
            state = .authenticating(next)
            return [.send(.authentication(.saslContinue(first))), .flush]
        case .scramFinal(let server):
            guard let signature = try server.takeFinal(payload) else { return accept(false, exchange) }
            return [.send(.authentication(.saslFinal(signature)))] + accept(true, exchange)
        }
    }

    /// SASLInitialResponse: the mechanism, and the client's first message with its length.
    private static func initialResponse(_ payload: [UInt8]) throws(SQLError) -> [UInt8] {
        try payload.withUnsafeBufferPointer { bytes throws(SQLError) in
            var reader = MessageReader(UnsafeRawBufferPointer(bytes))
            guard try reader.cString() == ScramServer.mechanism else {
                throw SQLError(.protocolViolation, "client selected an invalid SASL authentication mechanism")
            }
            let response = try reader.bytes(Int(try reader.integer(Int32.self)))
            try reader.expectEnd()
            return response
        }
    }

    private mutating func accept(_ isRight: Bool, _ exchange: AuthenticationExchange) -> [Action] {
        guard isRight else { return fail(.wrongPassword(user: exchange.request.user)) }
        if let refusal = exchange.refusal { return fail(refusal) }
        return open(exchange.request)
    }

    private mutating func open(_ request: LoginRequest) -> [Action] {
        state = .opening
        return [.send(.authentication(.ok)), .openSession(request)]
    }

    /// - Parameter parameters: of ParameterStatus.
    package mutating func sessionOpened(
        process: Int32, secret: Int32, parameters: [StartupMessage.Parameter]
    ) -> [Action] {
        guard state != .closed else { return [] }
        precondition(state == .opening, "nobody wanted a session")
        state = .idle
        return parameters.map { .send(.parameterStatus(name: $0.name, value: $0.value)) } + [
            .send(.backendKeyData(process: process, secret: secret)), .send(.readyForQuery(.idle)), .flush,
        ]
    }

    /// There is no session to be had.
    package mutating func refused(_ error: SQLError) -> [Action] { fail(error) }
}

extension SQLError {
    /// Redshift reports 28000, as PostgreSQL 8 did.
    package static func wrongPassword(user: String) -> SQLError {
        SQLError(.invalidAuthorization, "password authentication failed for user \"\(user)\"")
    }
}
