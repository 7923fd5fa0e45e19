import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    /// Those changes of access that are about privileges.
    mutating func privileges(_ change: AccessChange) {
        switch change {
        case .setOwner(let object, let owner):
            u8(20)
            securable(object)
            i32(owner.rawValue)
        case .setAccess(let object, let list):
            u8(21)
            securable(object)
            accessList(list)
        case .setColumnAccess(let object, let column, let list):
            u8(22)
            securable(object)
            string(column)
            accessList(list)
        case .renameColumn(let object, let old, let new):
            u8(23)
            securable(object)
            string(old)
            string(new)
        case .setDefaults(let key, let list):
            u8(24)
            i32(key.owner.rawValue)
            optional(key.schema) { $0.string($1) }
            u8(UInt8(key.kind.rawValue))
            accessList(list)
        case .setSystemPrivileges(let role, let privileges):
            u8(25)
            i32(role.rawValue)
            list(privileges.sorted()) { $0.string($1.rawValue) }
        default: preconditionFailure("a change of principals among those of privileges")
        }
    }

    private mutating func securable(_ object: Securable) {
        switch object {
        case .database(let name):
            u8(0)
            string(name)
        case .schema(let name):
            u8(1)
            string(name)
        case .table(let id):
            u8(2)
            i32(id.rawValue)
        case .view(let name):
            u8(3)
            string(name.schema)
            string(name.name)
        case .language(let name):
            u8(4)
            string(name)
        }
    }

    private mutating func accessList(_ access: AccessList) {
        list(access.entries) {
            $0.grantee($1.grantee)
            $0.i32($1.grantor.rawValue)
            $0.u16($1.privileges.rawValue)
            $0.u16($1.grantable.rawValue)
        }
    }
}

extension ByteReader {
    mutating func privileges(_ kind: UInt8) throws(SQLError) -> AccessChange {
        switch kind {
        case 20:
            let object = try securable()
            return .setOwner(object, UserID(try i32()))
        case 21:
            let object = try securable()
            return .setAccess(object, try accessList())
        case 22:
            let object = try securable()
            let column = try string()
            return .setColumnAccess(object, column: column, try accessList())
        case 23:
            let object = try securable()
            let old = try string()
            return .renameColumn(object, from: old, to: try string())
        case 24:
            let owner = UserID(try i32())
            let schema = try optional { (reader) throws(SQLError) in try reader.string() }
            let number = try u8()
            guard let kind = AccessControl.DefaultKey.Kind(rawValue: Int(number)) else {
                throw .corrupt("unknown kind \(number) of default privileges")
            }
            return .setDefaults(
                AccessControl.DefaultKey(owner: owner, schema: schema, kind: kind), try accessList())
        case 25:
            let role = RoleID(try i32())
            let privileges = try list(bytesEach: 4) { (reader) throws(SQLError) in
                let name = try reader.string()
                guard let privilege = SystemPrivilege(rawValue: name) else {
                    throw .corrupt("unknown system privilege \"\(name)\"")
                }
                return privilege
            }
            return .setSystemPrivileges(role, Set(privileges))
        default: throw .corrupt("unknown change \(kind) of access")
        }
    }

    private mutating func securable() throws(SQLError) -> Securable {
        switch try u8() {
        case 0: return .database(try string())
        case 1: return .schema(try string())
        case 2: return .table(TableID(try i32()))
        case 3:
            let schema = try string()
            return .view(TableName(schema: schema, name: try string()))
        case 4: return .language(try string())
        case let other: throw .corrupt("unknown kind \(other) of object")
        }
    }

    private mutating func accessList() throws(SQLError) -> AccessList {
        AccessList(
            try list(bytesEach: 9) { (reader) throws(SQLError) in
                let grantee = try reader.grantee()
                let grantor = UserID(try reader.i32())
                let privileges = Privileges(rawValue: try reader.u16())
                return AccessEntry(
                    grantee: grantee, grantor: grantor, privileges: privileges,
                    grantable: Privileges(rawValue: try reader.u16()))
            })
    }
}
