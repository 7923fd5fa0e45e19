import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func access(_ change: AccessChange) {
        switch change {
        case .createUser(let user):
            u8(1)
            self.user(user)
        case .replaceUser(let user):
            u8(2)
            self.user(user)
        case .dropUser(let id):
            u8(3)
            i32(id.rawValue)
        case .createGroup(let group):
            u8(4)
            self.group(group)
        case .replaceGroup(let group):
            u8(5)
            self.group(group)
        case .dropGroup(let id):
            u8(6)
            i32(id.rawValue)
        case .createRole(let role):
            u8(7)
            self.role(role)
        case .replaceRole(let role):
            u8(8)
            self.role(role)
        case .dropRole(let id):
            u8(9)
            i32(id.rawValue)
        case .grantRole(let grant):
            u8(10)
            i32(grant.role.rawValue)
            grantee(grant.grantee)
            bool(grant.withAdminOption)
        case .revokeRole(let role, let from):
            u8(11)
            i32(role.rawValue)
            grantee(from)
        case .setOwner, .setAccess, .setColumnAccess, .renameColumn, .setDefaults, .setSystemPrivileges:
            privileges(change)
        case .policy(let change):
            u8(30)
            policy(change)
        case .reserveIDs(let next):
            u8(12)
            i32(next.user.rawValue)
            i32(next.group.rawValue)
            i32(next.role.rawValue)
        }
    }

    private mutating func user(_ user: UserDefinition) {
        i32(user.id.rawValue)
        string(user.name)
        bool(user.isSuperuser)
        bool(user.canCreateDatabases)
        optional(user.connectionLimit) { $0.i64(Int64($1)) }
        optional(user.validUntil) { $0.i64($1) }
        bool(user.syslogAccess)
        optional(user.sessionTimeout) { $0.i64(Int64($1)) }
        list(user.settings) {
            $0.string($1.name)
            $0.string($1.value)
        }
        optional(user.externalID) { $0.string($1) }
        optional(user.verifiers) { $0.verifiers($1) }
    }

    private mutating func verifiers(_ verifiers: PasswordVerifiers) {
        optional(verifiers.md5) { $0.string($1) }
        optional(verifiers.scram) {
            $0.byteString($1.salt)
            $0.u32(UInt32(clamping: $1.iterations))
            $0.byteString($1.storedKey)
            $0.byteString($1.serverKey)
        }
        optional(verifiers.sha256) {
            $0.byteString($1.salt)
            $0.byteString($1.digest)
        }
    }

    private mutating func group(_ group: GroupDefinition) {
        i32(group.id.rawValue)
        string(group.name)
        list(group.members) { $0.i32($1.rawValue) }
    }

    private mutating func role(_ role: RoleDefinition) {
        i32(role.id.rawValue)
        string(role.name)
        i32(role.owner.rawValue)
        optional(role.externalID) { $0.string($1) }
    }

    mutating func grantee(_ grantee: Grantee) {
        switch grantee {
        case .everyone: u8(0)
        case .user(let id):
            u8(1)
            i32(id.rawValue)
        case .group(let id):
            u8(2)
            i32(id.rawValue)
        case .role(let id):
            u8(3)
            i32(id.rawValue)
        }
    }
}

extension ByteReader {
    mutating func access() throws(SQLError) -> AccessChange {
        let kind = try u8()
        switch kind {
        case 1: return .createUser(try user())
        case 2: return .replaceUser(try user())
        case 3: return .dropUser(UserID(try i32()))
        case 4: return .createGroup(try group())
        case 5: return .replaceGroup(try group())
        case 6: return .dropGroup(GroupID(try i32()))
        case 7: return .createRole(try role())
        case 8: return .replaceRole(try role())
        case 9: return .dropRole(RoleID(try i32()))
        case 10:
            let role = RoleID(try i32())
            let grantee = try grantee()
            return .grantRole(RoleGrant(role: role, grantee: grantee, withAdminOption: try bool()))
        case 11:
            let role = RoleID(try i32())
            return .revokeRole(role, from: try grantee())
        case 12:
            let user = UserID(try i32())
            let group = GroupID(try i32())
            return .reserveIDs(Principals.NextIDs(user: user, group: group, role: RoleID(try i32())))
        case 30: return .policy(try policy())
        default: return try privileges(kind)
        }
    }

    private mutating func user() throws(SQLError) -> UserDefinition {
        var user = UserDefinition(id: UserID(try i32()), name: try string())
        user.isSuperuser = try bool()
        user.canCreateDatabases = try bool()
        user.connectionLimit = try optional { (reader) throws(SQLError) in Int(try reader.i64()) }
        user.validUntil = try optional { (reader) throws(SQLError) in try reader.i64() }
        user.syslogAccess = try bool()
        user.sessionTimeout = try optional { (reader) throws(SQLError) in Int(try reader.i64()) }
        user.settings = try list(bytesEach: 8) { (reader) throws(SQLError) in
            let name = try reader.string()
            return UserDefinition.Setting(name, try reader.string())
        }
        user.externalID = try optional { (reader) throws(SQLError) in try reader.string() }
        user.verifiers = try optional { (reader) throws(SQLError) in try reader.verifiers() }
        return user
    }

    private mutating func verifiers() throws(SQLError) -> PasswordVerifiers {
        let md5 = try optional { (reader) throws(SQLError) in try reader.string() }
        let scram = try optional { (reader) throws(SQLError) in
            let salt = try reader.byteString()
            let iterations = Int(try reader.u32())
            let storedKey = try reader.byteString()
            return PasswordVerifiers.SCRAM(
                salt: salt, iterations: iterations, storedKey: storedKey, serverKey: try reader.byteString())
        }
        let sha256 = try optional { (reader) throws(SQLError) in
            let salt = try reader.byteString()
            return PasswordVerifiers.SaltedDigest(salt: salt, digest: try reader.byteString())
        }
        return PasswordVerifiers(md5: md5, scram: scram, sha256: sha256)
    }

    private mutating func group() throws(SQLError) -> GroupDefinition {
        let id = GroupID(try i32())
        let name = try string()
        let members = try list(bytesEach: 4) { (reader) throws(SQLError) in UserID(try reader.i32()) }
        return GroupDefinition(id: id, name: name, members: members)
    }

    private mutating func role() throws(SQLError) -> RoleDefinition {
        let id = RoleID(try i32())
        let name = try string()
        let owner = UserID(try i32())
        let externalID = try optional { (reader) throws(SQLError) in try reader.string() }
        return RoleDefinition(id: id, name: name, owner: owner, externalID: externalID)
    }

    mutating func grantee() throws(SQLError) -> Grantee {
        switch try u8() {
        case 0: return .everyone
        case 1: return .user(UserID(try i32()))
        case 2: return .group(GroupID(try i32()))
        case 3: return .role(RoleID(try i32()))
        case let other: throw .corrupt("unknown kind \(other) of grantee")
        }
    }
}
