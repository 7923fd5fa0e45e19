import Catalog
import SQLTypes

extension SystemView {
    /// Who is in which group, and who has which role. - Source: PostgreSQL, "pg_auth_members".
    static let pgAuthMembers = SystemView(
        catalog: "pg_auth_members",
        [Column("roleid", .oid), Column("member", .oid), Column("grantor", .oid), Column("admin_option", .boolean)]
    ) { state in
        let principals = state.catalog.principals
        let groups = principals.groups.values.sorted { $0.id < $1.id }.flatMap { group in
            group.members.map { member -> [SQLValue] in
                [
                    .oid(PrincipalNumber.of(group.id)), .oid(PrincipalNumber.of(member)), .int(UserID.master.rawValue),
                    .boolean(false),
                ]
            }
        }
        let roles = principals.roleGrants.compactMap { grant -> [SQLValue]? in
            let member: ObjectID
            switch grant.grantee {
            case .user(let user): member = PrincipalNumber.of(user)
            case .role(let role): member = PrincipalNumber.of(role)
            case .group(let group): member = PrincipalNumber.of(group)
            case .everyone: return nil
            }
            return [
                .oid(PrincipalNumber.of(grant.role)), .oid(member), .int(UserID.master.rawValue),
                .boolean(grant.withAdminOption),
            ]
        }
        return groups + roles
    }
}
