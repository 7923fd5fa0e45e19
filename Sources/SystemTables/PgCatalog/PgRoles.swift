import Catalog
import SQLTypes

extension SystemView {
    /// Users, groups and roles, as psql asks for them; Redshift's own list of users is PG_USER.
    /// - Source: PostgreSQL, "pg_roles".
    static let pgRoles = SystemView(
        catalog: "pg_roles",
        [
            Column("rolname", .name), Column("rolsuper", .boolean), Column("rolinherit", .boolean),
            Column("rolcreaterole", .boolean), Column("rolcreatedb", .boolean), Column("rolcanlogin", .boolean),
            Column("rolreplication", .boolean), Column("rolconnlimit", .integer), Column("rolpassword", .longText),
            Column("rolvaliduntil", .timestamptz), Column("rolbypassrls", .boolean),
            Column("rolconfig", .array(.text)), Column("oid", .oid),
        ]
    ) { state in
        let principals = state.catalog.principals
        let users = principals.users.values.sorted { $0.id < $1.id }.map { user in
            row(
                user.name, .oid(PrincipalNumber.of(user.id)), isSuperuser: user.isSuperuser,
                mayCreateDatabases: user.canCreateDatabases, canLogIn: true, connectionLimit: user.connectionLimit,
                until: user.validUntil)
        }
        let groups = principals.groups.values.sorted { $0.id < $1.id }.map {
            row($0.name, .oid(PrincipalNumber.of($0.id)))
        }
        let roles = principals.roles.values.sorted { $0.id < $1.id }.map {
            row($0.name, .oid(PrincipalNumber.of($0.id)))
        }
        return users + groups + roles
    }

    private static func row(
        _ name: String, _ number: SQLValue, isSuperuser: Bool = false, mayCreateDatabases: Bool = false,
        canLogIn: Bool = false, connectionLimit: Int? = nil, until: Int64? = nil
    ) -> [SQLValue] {
        let end: SQLValue = until.map { $0 == .max ? .null : .timestamptz($0) } ?? .null
        return [
            .text(name), .boolean(isSuperuser), .boolean(true), .boolean(isSuperuser), .boolean(mayCreateDatabases),
            .boolean(canLogIn), .boolean(false), .int(connectionLimit ?? -1), .text("********"), end,
            .boolean(isSuperuser), .null, number,
        ]
    }
}
