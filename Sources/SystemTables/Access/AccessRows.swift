import Catalog
import SQLTypes

/// Grants one privilege a row, as Redshift's SVV_…_PRIVILEGES show them.
struct GrantedPrivilege {
    var privilege: String
    var grantee: Grantee
    var grantor: UserID
    var isGrantable: Bool
}

extension AccessList {
    var each: [GrantedPrivilege] {
        entries.flatMap { entry in
            entry.privileges.each.flatMap { privilege in
                privilege.names.map {
                    GrantedPrivilege(
                        privilege: $0, grantee: entry.grantee, grantor: entry.grantor,
                        isGrantable: entry.grantable.contains(privilege))
                }
            }
        }
    }
}

extension SystemState {
    /// Superusers, and who has ACCESS SYSTEM TABLE or SYSLOG ACCESS, see all; others what is theirs.
    func seesGrants(to grantee: Grantee) -> Bool {
        guard let rights else { return true }
        return rights.holds(.accessSystemTable) || rights.includes(grantee)
            || catalog.principals.users[rights.user]?.syslogAccess == true
    }

    /// `identity_id`, `identity_name`, `identity_type`.
    func identity(_ grantee: Grantee) -> [SQLValue] {
        switch grantee {
        case .everyone: [.int(0), .text("public"), .text("public")]
        case .user(let id): [.int(id.rawValue), .text(catalog.principals.userName(id)), .text("user")]
        case .group(let id): [.int(id.rawValue), .text(catalog.principals.groups[id]?.name), .text("group")]
        case .role(let id): [.int(id.rawValue), .text(catalog.principals.roles[id]?.name), .text("role")]
        }
    }

    /// Rows of a view of privileges: what the object is, the privilege, and the identity.
    func rows(_ place: [SQLValue], _ list: AccessList, withOption: Bool = true) -> [[SQLValue]] {
        list.each.filter { seesGrants(to: $0.grantee) }.map { granted in
            place + [.text(granted.privilege)] + identity(granted.grantee)
                + (withOption ? [.boolean(granted.isGrantable)] : [])
        }
    }

    /// Tables and views with their lists, by name.
    var relationLists: [(name: TableName, object: Securable)] {
        let tables = ownTables.map { (name: $0.name, object: Securable.table($0.id)) }
        let views = ownViews.map { (name: $0.name, object: Securable.view($0.name)) }
        return (tables + views).sorted { $0.name < $1.name }
    }
}

extension SystemState {
    /// Users know the roles that they have and own.
    func mayKnow(_ role: RoleDefinition) -> Bool {
        seesGrants(to: .role(role.id)) || role.owner == rights?.user
    }
}
