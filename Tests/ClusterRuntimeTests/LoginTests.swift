import Catalog
import FoundationEssentials
import SQLTypes
import Storage
import Testing

@testable import ClusterRuntime

/// Who may log in, with which password, and that all of it is there after the cluster was opened again.
@Suite struct LoginTests {
    private func leader(
        _ location: ClusterStorage.Location = .memory, _ change: (inout ClusterConfiguration) -> Void = { _ in }
    ) async throws -> Leader {
        var configuration = ClusterConfiguration(shape: ClusterShape(nodes: 1, slicesPerNode: 2), location: location)
        change(&configuration)
        return try await Leader.start(configuration)
    }

    private func run(_ text: String, on leader: Leader, user: String? = nil) async throws {
        let session =
            try user.map { try DatabaseSession.open(on: leader, SessionIdentity(user: $0, database: "dev")) }
            ?? DatabaseSession.open(on: leader)
        var result = try await session.execute(text)
        while try await result.next() != nil {}
        await session.close()
    }

    @Test func whoMayLogIn() async throws {
        let leader = try await leader { $0.masterPassword = "Master123" }
        let master = try leader.login(user: "awsuser", database: "dev")
        #expect(master.id == .master && master.isSuperuser && master.canCreateDatabases)
        #expect(master.verifiers?.matches(password: "Master123", user: "awsuser") == true)
        #expect(master.verifiers?.matches(password: "Master124", user: "awsuser") == false)
        try await run(
            "CREATE USER past PASSWORD DISABLE VALID UNTIL '2020-01-01'; CREATE USER mary PASSWORD 'Secret12'",
            on: leader)
        #expect(try leader.login(user: "mary", database: "dev").id.rawValue == 102)
        for (user, database, state) in [
            ("nobody", "dev", SQLState.invalidAuthorization), ("rdsdb", "dev", .invalidAuthorization),
            ("past", "dev", .invalidAuthorization), ("mary", "prod", .invalidCatalogName),
        ] {
            #expect(throws: SQLError.self) { _ = try leader.login(user: user, database: database) }
            do { _ = try leader.login(user: user, database: database) } catch { #expect(error.state == state) }
        }
        try await leader.shutDown()
    }

    @Test func connectionLimit() async throws {
        let leader = try await leader()
        try await run("CREATE USER mary PASSWORD DISABLE CONNECTION LIMIT 1", on: leader)
        _ = try leader.login(user: "mary", database: "dev")
        let session = try DatabaseSession.open(on: leader, SessionIdentity(user: "mary", database: "dev"))
        do {
            _ = try leader.login(user: "mary", database: "dev")
            Issue.record("a second session")
        } catch {
            #expect(error.state == .tooManyConnections)
            #expect(error.message == "too many connections for user \"mary\"")
        }
        await session.close()
        _ = try leader.login(user: "mary", database: "dev")
        try await leader.shutDown()
    }

    /// The user's three ways to prove a password, against figures that were computed elsewhere.
    /// - Source: Redshift developer guide, "CREATE USER"; CPython's hashlib.
    @Test func verifiers() async throws {
        let leader = try await leader()
        let digest = "821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2"
        let salt = "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6"
        try await run(
            "CREATE USER user1 PASSWORD 'md5153c434b4b77c89e6b94f12c5393af5b';"
                + "CREATE USER admin PASSWORD 'sha256|\(digest)|\(salt)';"
                + "CREATE USER plain PASSWORD 'Secret12'; CREATE USER safe PASSWORD 'sha256|Secret12'",
            on: leader)
        func verifiers(_ user: String) throws -> PasswordVerifiers {
            try #require(try leader.login(user: user, database: "dev").verifiers)
        }
        #expect(try verifiers("user1").matches(password: "ez", user: "user1"))
        #expect(try verifiers("user1") == PasswordVerifiers(md5: "153c434b4b77c89e6b94f12c5393af5b"))
        #expect(try verifiers("admin").matches(password: "Mypassword1", user: "admin"))
        #expect(try verifiers("admin").md5 == nil && verifiers("admin").scram == nil)
        let plain = try verifiers("plain")
        #expect(plain.md5 == "07060faa610b9c121f8eff66f35856d9")
        let scram = try #require(plain.scram)
        let salted = HMAC.pbkdf2(password: Array("Secret12".utf8), salt: scram.salt, iterations: scram.iterations)
        #expect(scram.iterations == 4_096 && scram.salt.count == 16)
        #expect(scram.storedKey == SHA2.sha256(HMAC.sha256(Array("Client Key".utf8), key: salted)))
        #expect(scram.serverKey == HMAC.sha256(Array("Server Key".utf8), key: salted))
        #expect(plain.matches(password: "Secret12", user: "plain"))
        #expect(try verifiers("safe").md5 == nil && verifiers("safe").scram != nil)
        try await run("ALTER USER plain RENAME TO other", on: leader)
        #expect(try leader.login(user: "other", database: "dev").verifiers == nil)
        try await leader.shutDown()
    }

    @Test(arguments: [false, true])
    func allOfItOutlivesTheProcess(checkpointed: Bool) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "login-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var first = try await leader(.directory(directory))
        try await run(
            """
            CREATE USER mary PASSWORD 'Secret12' CREATEDB VALID UNTIL 'infinity' SESSION TIMEOUT 90 CONNECTION LIMIT 4;
            ALTER USER mary SET query_group TO 'x'; CREATE GROUP g USER mary; CREATE ROLE r; CREATE ROLE s;
            CREATE USER gone PASSWORD DISABLE; DROP USER gone; CREATE ROLE t; DROP ROLE t;
            GRANT ROLE r TO mary WITH ADMIN OPTION; GRANT ROLE s TO ROLE r;
            CREATE SCHEMA shop AUTHORIZATION mary; CREATE TABLE shop.t (a INT, b VARCHAR(10));
            CREATE VIEW v AS SELECT a FROM shop.t; ALTER TABLE v OWNER TO mary;
            GRANT SELECT, INSERT ON shop.t TO mary WITH GRANT OPTION, GROUP g, ROLE r, PUBLIC;
            GRANT SELECT (a) ON v TO ROLE s; REVOKE TEMP ON DATABASE dev FROM PUBLIC;
            GRANT USAGE ON LANGUAGE plpythonu TO mary; GRANT CREATE USER, IGNORE RLS TO ROLE r;
            ALTER DEFAULT PRIVILEGES FOR USER mary IN SCHEMA shop GRANT SELECT ON TABLES TO ROLE r;
            CREATE RLS POLICY p WITH (a INT) AS x USING (x.a > 1); ATTACH RLS POLICY p ON shop.t TO ROLE r, mary;
            CREATE RLS POLICY q USING (false); ALTER TABLE shop.t ROW LEVEL SECURITY ON CONJUNCTION TYPE OR;
            CREATE MASKING POLICY m WITH (c VARCHAR(10)) USING ('x'::VARCHAR(10));
            ATTACH MASKING POLICY m ON shop.t (b) TO PUBLIC PRIORITY 7;
            """, on: first)
        let before = first.storage.current.catalog.principals
        let (access, policies) = (first.storage.current.catalog.access, first.storage.current.catalog.policies)
        if checkpointed { try await first.shutDown() } else { first.storage.close() }
        first = try await leader(.directory(directory))
        #expect(first.storage.current.catalog.principals == before)
        #expect(first.storage.current.catalog.access == access)
        #expect(first.storage.current.catalog.policies == policies)
        #expect(access.owners.count == 2 && access.lists.count == 3 && access.columns.count == 1)
        #expect(policies.rowAttachments.count == 2 && policies.maskingAttachments.count == 1)
        let mary = try first.login(user: "mary", database: "dev")
        #expect(mary.validUntil == .max && mary.sessionTimeout == 90 && mary.connectionLimit == 4)
        #expect(before.roles(of: .user(mary.id)).count == 2)
        try await run("CREATE USER next PASSWORD DISABLE", on: first)
        #expect(try first.login(user: "next", database: "dev").id.rawValue == 103)
        try await first.shutDown()
    }

    @Test func theMasterUserStays() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "login-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var leader = try await leader(.directory(directory)) {
            $0.userName = "admin"
            $0.masterPassword = "Master123"
        }
        let verifiers = try leader.login(user: "admin", database: "dev").verifiers
        try await leader.shutDown()
        leader = try await self.leader(.directory(directory)) { $0.masterPassword = "Master123" }
        #expect(try leader.login(user: "admin", database: "dev").verifiers == verifiers)
        try await leader.shutDown()
        leader = try await self.leader(.directory(directory)) { $0.masterPassword = "Master456" }
        let changed = try leader.login(user: "admin", database: "dev").verifiers
        #expect(changed?.matches(password: "Master456", user: "admin") == true)
        try await leader.shutDown()
        await #expect(throws: SQLError.self) {
            _ = try await self.leader(.directory(directory)) { $0.userName = "somebody" }
        }
        await #expect(throws: SQLError.self) {
            _ = try await self.leader { $0.masterPassword = "weak" }
        }
    }
}
