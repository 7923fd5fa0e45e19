import Catalog
import SQLTypes
import Storage
import Testing

/// Users, groups, roles and privileges through commits, the log and checkpoints.
@Suite("Access history") struct AccessHistoryTests {
    private static let databases = ["", "b"]

    /// One change, often of something that is gone.
    private func change(_ random: inout SplitMix64) -> AccessChange {
        let user = UserID(Int32(101 + random.below(5)))
        let group = GroupID(Int32(100 + random.below(3)))
        let role = RoleID(Int32(100_000 + random.below(3)))
        let objects: [Securable] = [.schema("public"), .schema("s"), .database("b"), .table(.firstUserTable)]
        let object = objects[random.below(objects.count)]
        let grantee = [Grantee.user(user), .group(group), .role(role), .everyone][random.below(4)]
        let list = AccessList([AccessEntry(grantee: grantee, grantor: .master, privileges: .usage)])
        switch random.below(14) {
        case 0, 1: return .createUser(UserDefinition(id: user, name: "u\(user.rawValue)"))
        case 2: return .dropUser(user)
        case 3: return .createGroup(GroupDefinition(id: group, name: "g\(group.rawValue)", members: [user]))
        case 4: return .dropGroup(group)
        case 5: return .createRole(RoleDefinition(id: role, name: "r\(role.rawValue)", owner: user))
        case 6: return .dropRole(role)
        case 7: return .grantRole(RoleGrant(role: role, grantee: .user(user), withAdminOption: false))
        case 8: return .setOwner(object, user)
        case 9: return .setAccess(object, list)
        case 10: return .setColumnAccess(.table(.firstUserTable), column: "id", list)
        case 11: return .setDefaults(.init(owner: user, schema: nil, kind: .tables), list)
        case 12: return .setSystemPrivileges(role, [.vacuum])
        default:
            return .policy(
                .attachRowPolicy(
                    RowPolicyAttachment(policy: "p", table: .firstUserTable, grantee: grantee, grantor: .master)))
        }
    }

    /// Everybody who is named is there.
    private func expectWhole(_ catalog: CatalogSnapshot, _ place: String) {
        let (principals, access) = (catalog.principals, catalog.access)
        func isThere(_ grantee: Grantee) -> Bool {
            switch grantee {
            case .everyone: true
            case .user(let id): principals.users[id] != nil
            case .group(let id): principals.groups[id] != nil
            case .role(let id): principals.roles[id] != nil
            }
        }
        #expect(access.owners.values.allSatisfy { principals.users[$0] != nil }, "owners, \(place)")
        let lists =
            Array(access.lists.values) + access.columns.values.flatMap(\.values) + Array(access.defaults.values)
        #expect(lists.allSatisfy { $0.entries.allSatisfy { isThere($0.grantee) } }, "grantees, \(place)")
        #expect(access.defaults.keys.allSatisfy { principals.users[$0.owner] != nil }, "defaults, \(place)")
        #expect(access.systemPrivileges.keys.allSatisfy { isThere(.role($0)) }, "system privileges, \(place)")
        #expect(catalog.policies.rowAttachments.allSatisfy { isThere($0.grantee) }, "policies, \(place)")
        #expect(principals.roles.values.allSatisfy { principals.users[$0.owner] != nil }, "roles, \(place)")
    }

    @Test("whatever has happened to users and privileges, the cluster opens as it was", arguments: UInt64(0)..<40)
    func anyHistoryOpens(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var random = SplitMix64(seed: seed)
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        _ = try storage.commit(
            CommitRecord(
                transaction: 1,
                changes: [
                    .access(.createUser(UserDefinition(id: .master, name: "awsuser", isSuperuser: true))),
                    .createSchema("s"), .createTable(testTable("t", id: .firstUserTable)),
                    .putDatabase(DatabaseDefinition(name: "b", owner: .master)), .use(database: "b"),
                    .createSchema("s"),
                ]))
        for _ in 0..<60 {
            let database = Self.databases[random.below(2)]
            let changes = (0...random.below(3)).map { _ in CommitRecord.Change.access(change(&random)) }
            do throws(SQLError) {
                _ = try storage.commit(
                    CommitRecord(transaction: 2, changes: [.use(database: database)] + changes))
            } catch {
                let states: [SQLState] = [.serializationFailure, .duplicateObject, .objectInUse]
                #expect(states.contains(error.state), "\(error)")
            }
        }
        let before = storage.current
        for name in Self.databases { expectWhole(before.seen(from: name).catalog, "\(name) before") }
        storage.close()
        // Once from the log, and once from the checkpoint that this has left.
        for turn in 1...2 {
            let again = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
            for name in Self.databases {
                let (old, new) = (before.seen(from: name).catalog, again.current.seen(from: name).catalog)
                #expect(old.principals == new.principals && old.access == new.access, "\(name), turn \(turn)")
                #expect(old.policies == new.policies)
            }
            try again.checkpoint()
            again.close()
        }
    }
}
