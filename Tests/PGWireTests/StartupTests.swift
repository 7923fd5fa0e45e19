import PGWire
import SQLTypes
import Testing

struct StartupTests {
    @Test func trustOpensASession() throws {
        var talk = Conversation()
        let parameters = [
            ("user", "awsuser"), ("database", "dev"), ("application_name", "psql"), ("client_protocol_version", "2"),
            ("options", "-c statement_timeout=5000 --search-path=a\\ b -cx=1 -S"),
        ]
        let request = LoginRequest(
            user: "awsuser", database: "dev",
            settings: StartupMessage([
                ("application_name", "psql"), ("client_protocol_version", "2"), ("statement_timeout", "5000"),
                ("search_path", "a b"), ("x", "1"),
            ]).parameters)
        #expect(try talk.send(Frontend.startup(parameters)) == [.identify(request)])
        #expect(talk.machine.identified(nil) == [.send(.authentication(.ok)), .openSession(request)])
        let status = StartupMessage([("server_version", "8.0.2")]).parameters
        #expect(
            talk.machine.sessionOpened(process: 7, secret: 8, parameters: status) == [
                .send(.parameterStatus(name: "server_version", value: "8.0.2")),
                .send(.backendKeyData(process: 7, secret: 8)), .send(.readyForQuery(.idle)), .flush,
            ])
    }

    @Test func encryptionIsOfferedOnce() throws {
        var plain = Conversation()
        #expect(try plain.send(Frontend.gssRequest) == [.send(.encryptionAnswer(accepted: false)), .flush])
        #expect(try plain.send(Frontend.sslRequest) == [.send(.encryptionAnswer(accepted: false)), .flush])
        var secure = Conversation(offersTLS: true)
        #expect(
            try secure.send(Frontend.sslRequest) == [.send(.encryptionAnswer(accepted: true)), .flush, .startTLS])
        #expect(try secure.send(Frontend.sslRequest) == [.send(.encryptionAnswer(accepted: false)), .flush])
    }

    @Test func cancelNeedsNoLogin() throws {
        var talk = Conversation(.md5)
        let packet = Frontend.packet(1234 << 16 | 5678, Frontend.int32(42) + Frontend.int32(-5))
        #expect(try talk.send(packet) == [.cancel(CancelRequest(process: 42, secret: -5)), .close])
        #expect(talk.machine.isClosed)
    }

    /// The digest is md5("secret" + "bob"); the answer md5(that + salt 01 02 03 04).
    @Test(arguments: [("secret", true), ("Secret", false), ("", false)])
    func md5(password: String, isRight: Bool) throws {
        func hex(_ text: [UInt8]) -> String { Hexadecimal.text(MD5.digest(text)) }
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "bob")]))
        let challenge = talk.machine.identified(PasswordProof(md5: hex(Array("secretbob".utf8))))
        #expect(challenge == [.send(.authentication(.md5Password(salt: [1, 2, 3, 4]))), .flush])
        let answer = "md5" + hex(Array(hex(Array("\(password)bob".utf8)).utf8) + [1, 2, 3, 4])
        let end = try talk.send(Frontend.password(answer))
        if isRight {
            let request = LoginRequest(user: "bob", database: "bob")
            #expect(end == [.send(.authentication(.ok)), .openSession(request)])
        } else {
            #expect(
                end == [
                    .fatal(.invalidAuthorization, "password authentication failed for user \"bob\""), .flush, .close,
                ])
        }
    }

    /// SHA256(SHA256("secret" + salt) + server's nonce + client's nonce), as Redshift's drivers compute it.
    @Test(arguments: [("secret", true), ("Secret", false), ("", false)])
    func digest(password: String, isRight: Bool) throws {
        let salt = Array("pepper".utf8)
        let known = PasswordProof(
            sha256: .init(salt: salt, digest: SHA2.sha256(Array("secret".utf8) + salt)))
        for method in [AuthenticationMethod.md5, .scramSHA256] {
            var talk = Conversation(method)
            _ = try talk.send(Frontend.startup([("user", "bob"), ("client_protocol_version", "2")]))
            guard
                case .send(.authentication(.digest(salt, let nonce))) = talk.machine.identified(known).first
            else {
                Issue.record("no digest is asked for")
                continue
            }
            let own = Array("1700000000000".utf8)
            let proof = SHA2.sha256(SHA2.sha256(Array(password.utf8) + salt) + nonce + own)
            let answer = Frontend.int32(proof.count) + proof + Frontend.int32(own.count) + own
            let end = try talk.send(Frontend.frame("d", answer))
            #expect((end.first == .send(.authentication(.ok))) == isRight)
            #expect(talk.machine.isClosed == !isRight)
        }
    }

    @Test(
        arguments: [[], [0, 0, 0, 9], [0x7F, 0xFF, 0xFF, 0xFF, 1], [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func brokenDigests(answer: [UInt8]) throws {
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "bob")]))
        _ = talk.machine.identified(PasswordProof(sha256: .init(salt: [1], digest: SHA2.sha256([1]))))
        _ = try talk.send(Frontend.frame("d", answer))
        #expect(talk.machine.isClosed)
    }

    /// Who has more than a digest proves it by SCRAM, unless the driver is one of Redshift's, which know the digest alone.
    @Test func otherDriversUseSCRAM() throws {
        let scram = ScramVerifier(salt: [1], iterations: 1, storedKey: [2], serverKey: [3])
        let known = PasswordProof(scram: scram, sha256: .init(salt: [1], digest: SHA2.sha256([1])))
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "bob")]))
        #expect(talk.machine.identified(known).first == .send(.authentication(.sasl(mechanisms: ["SCRAM-SHA-256"]))))
    }

    @Test func unknownUsersAreChallengedToo() throws {
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "nobody")]))
        #expect(talk.machine.identified(nil).first == .send(.authentication(.md5Password(salt: [1, 2, 3, 4]))))
        let answer = "md5" + Hexadecimal.text(MD5.digest([1, 2, 3, 4]))
        #expect(
            try talk.send(Frontend.password(answer)).first
                == .fatal(.invalidAuthorization, "password authentication failed for user \"nobody\""))
    }

    @Test func refusalsWaitForThePassword() throws {
        func hex(_ text: [UInt8]) -> String { Hexadecimal.text(MD5.digest(text)) }
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "bob"), ("database", "nope")]))
        let refusal = SQLError(.invalidCatalogName, "database \"nope\" does not exist")
        _ = talk.machine.identified(PasswordProof(md5: hex(Array("secretbob".utf8))), refusal: refusal)
        let answer = "md5" + hex(Array(hex(Array("secretbob".utf8)).utf8) + [1, 2, 3, 4])
        #expect(
            try talk.send(Frontend.password(answer)) == [
                .fatal(.invalidCatalogName, "database \"nope\" does not exist"), .flush, .close,
            ])
    }

    /// The exchange of RFC 7677, section 3, with our nonce in place of its server's.
    @Test(arguments: [true, false])
    func scram(isRight: Bool) throws {
        let salted = HMAC.pbkdf2(password: Array("pencil".utf8), salt: [9, 8, 7], iterations: 4_096)
        let clientKey = HMAC.sha256(Array("Client Key".utf8), key: salted)
        let verifier = ScramVerifier(
            salt: [9, 8, 7], iterations: 4_096, storedKey: SHA2.sha256(clientKey),
            serverKey: HMAC.sha256(Array("Server Key".utf8), key: salted))
        var talk = Conversation(.scramSHA256)
        _ = try talk.send(Frontend.startup([("user", "user")]))
        #expect(
            talk.machine.identified(PasswordProof(scram: verifier)) == [
                .send(.authentication(.sasl(mechanisms: ["SCRAM-SHA-256"]))), .flush,
            ])
        let first = "n=user,r=rOprNGfwEbeRWgbNEkqO"
        let initial = Array("n,,\(first)".utf8)
        let serverFirst = "r=rOprNGfwEbeRWgbNEkqOBQYHCAkKCwwNDg8QERITFBUW,s=CQgH,i=4096"
        #expect(
            try talk.send(
                Frontend.frame("p", Frontend.string("SCRAM-SHA-256") + Frontend.int32(initial.count) + initial)) == [
                    .send(.authentication(.saslContinue(Array(serverFirst.utf8)))), .flush,
                ])
        let withoutProof = "c=biws,r=rOprNGfwEbeRWgbNEkqOBQYHCAkKCwwNDg8QERITFBUW"
        let message = Array("\(first),\(serverFirst),\(withoutProof)".utf8)
        let signature = HMAC.sha256(message, key: verifier.storedKey)
        var proof = zip(clientKey, signature).map { $0 ^ $1 }
        if !isRight { proof[0] ^= 1 }
        let end = try talk.send(Frontend.frame("p", Array("\(withoutProof),p=\(base64(proof))".utf8)))
        if isRight {
            let final = "v=\(base64(HMAC.sha256(message, key: verifier.serverKey)))"
            #expect(
                end.prefix(2) == [.send(.authentication(.saslFinal(Array(final.utf8)))), .send(.authentication(.ok))])
        } else {
            #expect(
                end.first == .fatal(.invalidAuthorization, "password authentication failed for user \"user\""))
        }
    }

    @Test(arguments: ["", "n", "n,,", "p=tls-unique,,n=,r=a", "n,a=b,n=,r=a", "n,,n=,r=", "n,,r=a,n=", "x,,n=,r=a"])
    func brokenScramEndsTheConnection(first: String) throws {
        var talk = Conversation(.scramSHA256)
        _ = try talk.send(Frontend.startup([("user", "user")]))
        _ = talk.machine.identified(nil)
        let bytes = Array(first.utf8)
        let actions = try talk.send(
            Frontend.frame("p", Frontend.string("SCRAM-SHA-256") + Frontend.int32(bytes.count) + bytes))
        #expect(actions.last == .close)
    }

    @Test func newerMinorVersionsAreNegotiatedDown() throws {
        var talk = Conversation()
        let actions = try talk.send(Frontend.startup([("user", "u"), ("_pq_.x", "1")], version: 3 << 16 | 2))
        #expect(actions.first == .send(.negotiateProtocolVersion(minor: 0, unknownOptions: ["_pq_.x"])))
    }

    @Test func noUser() throws {
        var talk = Conversation()
        #expect(
            try talk.send(Frontend.startup([("database", "d")])) == [
                .fatal(.invalidAuthorization, "no PostgreSQL user name specified in startup packet"), .flush, .close,
            ])
    }

    @Test func queriesBeforeThePasswordAreRefused() throws {
        var talk = Conversation(.md5)
        _ = try talk.send(Frontend.startup([("user", "u")]))
        _ = talk.machine.identified(nil)
        #expect(
            try talk.send(Frontend.query("select 1")) == [
                .fatal(.protocolViolation, "expected password response"), .flush, .close,
            ])
    }
}

func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for index in 0..<4 { text.append(index <= group.count ? alphabet[bits >> (18 - 6 * index) & 63] : "=") }
    }
    return text
}
