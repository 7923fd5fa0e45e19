import Blueshift
import ClusterRuntime
import FoundationEssentials
import Testing
import VectorEngine

/// Users and privileges where several sessions, databases or starts meet.
@Suite struct AccessTests {
    private func open(_ user: String, on database: String, of cluster: Cluster) throws -> DatabaseSession {
        try DatabaseSession.open(on: cluster.runtime, SessionIdentity(user: user, database: database))
    }

    /// A user who owns or may use something in any database stays, and the cluster opens again.
    @Test func droppedUsersOwnNothingAnywhere() async throws {
        try await withDirectory { directory in
            let configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 2, directory: directory + "/cluster")
            try await withSession(configuration) { cluster, dev in
                try await dev.execute("CREATE USER bob PASSWORD DISABLE; CREATE USER carol PASSWORD DISABLE")
                try await dev.execute("CREATE GROUP g; CREATE ROLE r; CREATE DATABASE b; CREATE DATABASE c OWNER carol")
                let bob = try open("bob", on: "b", of: cluster)
                _ = try await bob.execute("CREATE TABLE bt (a INT); GRANT SELECT ON bt TO GROUP g, ROLE r")
                await bob.close()
                await expectError(.objectInUse) { try await dev.execute("DROP USER bob") }
                await expectError(.objectInUse) { try await dev.execute("BEGIN; DROP USER bob") }
                try await dev.execute("ROLLBACK")
                await expectError(.objectInUse) { try await dev.execute("DROP USER carol") }
                await expectError(.objectInUse) { try await dev.execute("DROP GROUP g") }
                try await dev.execute("DROP ROLE r")
                let b = try open("awsuser", on: "b", of: cluster)
                var found = try await b.execute(
                    "SELECT count(*) FROM svv_relation_privileges WHERE identity_type = 'role'")
                let batch = try #require(try await found.next())
                #expect(batch.columns[0].value(at: 0, as: .bigint) == .integer(0))
                await b.close()
            }
            try await withSession(configuration) { _, dev in
                let left = try await dev.number("SELECT count(*) FROM pg_user WHERE usename IN ('bob', 'carol')")
                #expect(left == 2)
            }
        }
    }

    /// What is dropped or made in a block must fit what others have committed since.
    @Test(arguments: [
        ("CREATE TABLE bobs (a INT)", "DROP USER bob"), ("CREATE VIEW bobs AS SELECT 1 AS n", "DROP USER bob"),
        ("DROP TABLE x", "GRANT SELECT ON x TO bob"), ("ALTER TABLE x RENAME a TO b", "GRANT SELECT (a) ON x TO bob"),
    ])
    func blocksSeeWhoIsThere(meanwhile: String, statement: String) async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE USER bob PASSWORD DISABLE; CREATE TABLE x (a INT); CREATE TABLE y (a INT)")
            try await first.execute("ALTER TABLE x OWNER TO bob; BEGIN; SELECT count(*) FROM y")
            if statement.hasPrefix("DROP USER") {
                try await cluster.session().execute("ALTER TABLE x OWNER TO awsuser")
            }
            let bob = try cluster.session(user: "bob")
            try await bob.execute(meanwhile)
            do {
                try await first.execute("\(statement); COMMIT")
                Issue.record("\(statement) after \(meanwhile)")
            } catch let error as SQLError {
                #expect([.objectInUse, .serializationFailure].contains(error.state), "\(error)")
            }
            try await first.execute("ROLLBACK")
            await bob.close()
        }
    }

    /// A block's own snapshot of users and privileges must not undo what others have committed.
    @Test func changesOfAccessAreNotLost() async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE USER bob PASSWORD DISABLE; CREATE USER carol PASSWORD DISABLE")
            try await first.execute("CREATE USER mallory CREATEUSER PASSWORD 'Abcdefg1'; CREATE GROUP g; CREATE ROLE r")
            try await first.execute("CREATE TABLE t (a INT); GRANT SELECT ON t TO bob; GRANT VACUUM TO ROLE r")
            try await first.execute(
                "ALTER GROUP g ADD USER bob; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob")
            let second = cluster.session()
            try await first.execute("BEGIN; SELECT count(*) FROM t")
            try await second.execute("REVOKE SELECT ON t FROM bob; ALTER USER mallory NOCREATEUSER")
            try await second.execute("ALTER GROUP g DROP USER bob; REVOKE VACUUM FROM ROLE r")
            try await second.execute("ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM bob")
            try await first.execute("GRANT SELECT ON t TO carol; ALTER USER mallory VALID UNTIL 'infinity'")
            try await first.execute("ALTER GROUP g ADD USER carol; GRANT ANALYZE TO ROLE r")
            try await first.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO carol; COMMIT")
            let count = "SELECT count(*) FROM"
            #expect(try await first.number("\(count) pg_user WHERE usename = 'mallory' AND usesuper") == 0)
            #expect(try await first.number("\(count) svv_relation_privileges WHERE identity_name = 'bob'") == 0)
            #expect(try await first.number("\(count) svv_relation_privileges WHERE identity_name = 'carol'") == 1)
            #expect(try await first.number("\(count) svv_system_privileges WHERE identity_name = 'r'") == 1)
            let bob = try cluster.session(user: "bob")
            await expectError(.insufficientPrivilege) { try await bob.execute("SELECT * FROM t") }
            try await first.execute("CREATE TABLE later (a INT)")
            await expectError(.insufficientPrivilege) { try await bob.execute("SELECT * FROM later") }
            let carol = try cluster.session(user: "carol")
            try await carol.execute("SELECT * FROM t; SELECT * FROM later")
            await bob.close()
            await carol.close()
            await second.close()
        }
    }

    /// Rights hold as they are, policies too, whatever the block's snapshot is.
    @Test func whatIsRevokedIsRevokedInOpenBlocks() async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE USER bob PASSWORD DISABLE; CREATE TABLE t (a INT); CREATE TABLE p (a INT)")
            try await first.execute("INSERT INTO p VALUES (1), (2); GRANT ALL ON t TO bob; GRANT ALL ON p TO bob")
            let bob = try cluster.session(user: "bob")
            try await bob.execute("CREATE VIEW v AS SELECT * FROM t; PREPARE q AS SELECT count(*) FROM p")
            try await bob.execute("BEGIN; CREATE TABLE own (n INT); SELECT * FROM t")
            #expect(try await bob.number("EXECUTE q") == 2)
            try await first.execute(
                "CREATE RLS POLICY one WITH (a INT) USING (a = 1); ATTACH RLS POLICY one ON p TO bob")
            try await first.execute("ALTER TABLE p ROW LEVEL SECURITY ON")
            #expect(try await bob.number("EXECUTE q") == 1)
            #expect(try await bob.number("SELECT count(*) FROM p") == 1)
            #expect(try await bob.number("SELECT count(*) FROM own") == 0, "its own table stays its own")
            try await first.execute("REVOKE ALL ON t FROM bob")
            await expectError(.insufficientPrivilege) { try await bob.execute("INSERT INTO t VALUES (666)") }
            try await bob.execute("ROLLBACK; BEGIN; SELECT * FROM p")
            try await first.execute("ALTER TABLE v OWNER TO bob; DROP VIEW v; DROP TABLE p")
            await expectError(.insufficientPrivilege) { try await bob.execute("SELECT * FROM p") }
            try await bob.execute("ROLLBACK")
            await bob.close()
        }
    }

    /// A view that a block still sees reads with the rights of who has made it, whoever has taken its name since.
    @Test(arguments: ["", "CREATE VIEW v AS SELECT 1 AS n"]) func viewsKeepTheirOwner(again: String) async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE USER bob PASSWORD DISABLE; CREATE TABLE topsecret (a INT)")
            let bob = try cluster.session(user: "bob")
            try await bob.execute("CREATE VIEW v AS SELECT * FROM public.topsecret WITH NO SCHEMA BINDING")
            try await bob.execute("BEGIN; SELECT 1")
            try await bob.execute("SELECT count(*) FROM pg_class")
            try await first.execute("DROP VIEW v")
            if !again.isEmpty { try await first.execute(again) }
            try await first.execute("GRANT USAGE ON SCHEMA public TO bob")
            await expectError(.insufficientPrivilege) { try await bob.execute("SELECT * FROM v") }
            try await bob.execute("ROLLBACK; BEGIN; SELECT count(*) FROM pg_class")
            await bob.close()
        }
    }

    /// What a block's views and foreign keys refer to must be the same at its commit.
    @Test(arguments: [
        ("CREATE VIEW v AS SELECT a FROM t", "ALTER TABLE t RENAME COLUMN a TO b"),
        ("CREATE VIEW v AS SELECT a FROM t", "DROP TABLE t"), ("CREATE VIEW v AS SELECT a FROM w", "DROP VIEW w"),
        ("CREATE VIEW v AS SELECT a FROM s.t", "ALTER SCHEMA s RENAME TO r"),
        ("CREATE TABLE f (a INT REFERENCES t)", "DROP TABLE t"),
        ("ALTER TABLE own ADD FOREIGN KEY (a) REFERENCES t", "DROP TABLE t"),
    ])
    func definitionsFindWhatTheyReferTo(statement: String, meanwhile: String) async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE TABLE t (a INT PRIMARY KEY); CREATE VIEW w AS SELECT 1 AS a")
            try await first.execute("CREATE TABLE own (a INT); CREATE SCHEMA s; CREATE TABLE s.t (a INT)")
            let second = cluster.session()
            // The other one first, with an older snapshot here.
            try await first.execute("BEGIN; SELECT count(*) FROM own")
            try await second.execute(meanwhile)
            await expectError(.serializationFailure) { try await first.execute(statement) }
            try await first.execute("ROLLBACK")
            await second.close()
        }
    }

    /// And the other way round: whoever changes what an open block refers to waits for its end.
    @Test func definitionsWaitForThoseWhoReferToThem() async throws {
        try await withSession { cluster, first in
            try await first.execute("CREATE TABLE t (a INT PRIMARY KEY); BEGIN; CREATE VIEW v AS SELECT a FROM t")
            let second = cluster.session()
            try await second.execute("SET statement_timeout TO 200")
            await expectError(.queryCanceled) { try await second.execute("ALTER TABLE t RENAME COLUMN a TO b") }
            await expectError(.queryCanceled) { try await second.execute("DROP TABLE t") }
            try await second.execute("INSERT INTO t VALUES (1)")
            try await first.execute("COMMIT")
            try await second.execute("ALTER TABLE t RENAME COLUMN a TO b; ALTER SCHEMA public RENAME TO everybody")
            #expect(try await second.number("SELECT * FROM everybody.v") == 1)
            await second.close()
        }
    }

    /// Rights of statements on databases, and of ending sessions, are those of the current user.
    @Test func sessionsEndByPrivilege() async throws {
        try await withSession { cluster, dev in
            try await dev.execute("CREATE USER op PASSWORD DISABLE; CREATE USER bob PASSWORD DISABLE")
            try await dev.execute("GRANT ROLE sys:operator TO op")
            let (op, bob) = (try cluster.session(user: "op"), try cluster.session(user: "bob"))
            let process = try await dev.number("SELECT pg_backend_pid()")
            try await op.execute("CANCEL \(process)")
            await expectError(.insufficientPrivilege) { try await bob.execute("CANCEL \(process)") }
            await expectError(.insufficientPrivilege) {
                _ = try await bob.number("SELECT pg_cancel_backend(\(process))::INT")
            }
            try await dev.execute("SET SESSION AUTHORIZATION bob")
            let other = try await op.number("SELECT pg_backend_pid()")
            await expectError(.insufficientPrivilege) { try await dev.execute("CANCEL \(other)") }
            await op.close()
            await bob.close()
        }
    }

    /// EXPLAIN ANALYZE counts no rows that a policy hides, and names no table that it looks up.
    @Test func analysesTellNothingOfGuardedRows() async throws {
        try await withSession { cluster, dev in
            try await dev.execute(
                """
                CREATE USER bob PASSWORD DISABLE; CREATE TABLE docs (owner VARCHAR(20), secret VARCHAR(20)) SORTKEY (secret);
                INSERT INTO docs VALUES ('carol', 'TOPSECRET'), ('carol', 'TOPHAT'), ('bob', 'bobsdoc');
                CREATE TABLE hiddenlookup (u VARCHAR(20), o VARCHAR(20));
                INSERT INTO hiddenlookup VALUES ('bob', 'bob'), ('carol', 'carol');
                GRANT ALL ON docs TO PUBLIC; ANALYZE docs; CREATE RLS POLICY own WITH (owner VARCHAR(20))
                    USING (owner IN (SELECT o FROM hiddenlookup WHERE u = current_user));
                ATTACH RLS POLICY own ON docs TO PUBLIC; ALTER TABLE docs ROW LEVEL SECURITY ON
                """)
            let bob = try cluster.session(user: "bob")
            let statements = [
                "SELECT * FROM docs WHERE secret = 'TOPSECRET'", "UPDATE docs SET secret = 'x' WHERE secret < 'TP'",
                "DELETE FROM docs WHERE secret = 'TOPHAT'",
            ]
            for statement in statements {
                for format in ["", "VERBOSE", "FORMAT JSON"] {
                    let text = try await bob.rows("EXPLAIN ANALYZE \(format) \(statement)").map {
                        try $0.decode(String.self)
                    }.joined(separator: "\n")
                    for word in ["hiddenlookup", "hjoin", "hash", "stored ", "blocks 1"] {
                        #expect(!text.contains(word), "\(word) in \(text)")
                    }
                    #expect(text.contains("RLS SecureScan docs"))
                }
            }
            let seen = try await bob.rows("EXPLAIN ANALYZE SELECT * FROM docs WHERE secret > 'Q'")
            #expect(try seen.contains { try $0.decode(String.self).contains("│ 1 row ") })
            await bob.close()
        }
    }

    /// A directory that somebody else may need is left as it is; what the cluster makes in it is its owner's alone.
    @Test(arguments: [
        (mode: 0o1777, isOccupied: false, after: 0o1777), (mode: 0o775, isOccupied: true, after: 0o775),
        (mode: 0o755, isOccupied: false, after: 0o700),
    ])
    func directoriesOfOthersStayOpen(mode: Int, isOccupied: Bool, after: Int) async throws {
        try await withDirectory { directory in
            let path = directory + "/cluster"
            let files = FileManager.default
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
            try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            if isOccupied { try Data().write(to: URL(fileURLWithPath: path + "/somebody")) }
            func found(_ path: String) throws -> Int {
                try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
            }
            let configuration = Cluster.Configuration(nodes: 1, slicesPerNode: 1, directory: path)
            try await withSession(configuration) { _, session in
                _ = try await session.execute("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); VACUUM t")
            }
            #expect(try found(path) == after)
            for name in try files.subpathsOfDirectory(atPath: path) where name != "somebody" {
                #expect(try found("\(path)/\(name)") & 0o077 == 0, "\(name)")
            }
            // Opened on purpose, for those who bring files.
            try files.setAttributes([.posixPermissions: 0o711], ofItemAtPath: path)
            try await withSession(configuration) { _, _ in }
            #expect(try found(path) == 0o711)
            // As an earlier version left it.
            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path + "/checkpoint")
            try await withSession(configuration) { _, _ in }
            #expect(try found(path) == 0o700)
        }
    }

    /// Nobody reads the cluster's files but who runs it.
    @Test func filesArePrivate() async throws {
        try await withDirectory { directory in
            let path = directory + "/cluster"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            try await withSession(.init(nodes: 1, slicesPerNode: 1, directory: path)) { _, session in
                _ = try await session.execute("CREATE TABLE t (a INT); INSERT INTO t VALUES (1); VACUUM t")
            }
            func mode(_ path: String) throws -> Int {
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? -1
            }
            let root = try mode(path)
            #expect(root == 0o700)
            for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
                let found = try mode("\(path)/\(name)")
                #expect(found & 0o077 == 0, "\(name)")
            }
        }
    }
}
