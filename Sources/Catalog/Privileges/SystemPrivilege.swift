/// What a role can be allowed in the whole database.
/// - Source: Redshift developer guide, "System permissions for RBAC".
package enum SystemPrivilege: String, Hashable, Sendable, CaseIterable, Comparable {
    case createUser = "CREATE USER", dropUser = "DROP USER", alterUser = "ALTER USER"
    case createRole = "CREATE ROLE", dropRole = "DROP ROLE", grantRole = "GRANT ROLE"
    case createSchema = "CREATE SCHEMA", dropSchema = "DROP SCHEMA"
    case createTable = "CREATE TABLE", dropTable = "DROP TABLE", alterTable = "ALTER TABLE"
    case truncateTable = "TRUNCATE TABLE", alterDefaultPrivileges = "ALTER DEFAULT PRIVILEGES"
    case accessSystemTable = "ACCESS SYSTEM TABLE", accessCatalog = "ACCESS CATALOG"
    case vacuum = "VACUUM", analyze = "ANALYZE", cancel = "CANCEL"
    case ignoreRLS = "IGNORE RLS", explainRLS = "EXPLAIN RLS", explainMasking = "EXPLAIN MASKING"

    package static func < (left: SystemPrivilege, right: SystemPrivilege) -> Bool { left.rawValue < right.rawValue }

    /// What a role of the system has.
    static func standard(of role: RoleID) -> Set<SystemPrivilege> {
        switch RoleDefinition.system.first(where: { $0.id == role })?.name {
        case "sys:monitor": [.accessCatalog, .accessSystemTable]
        case "sys:operator": [.accessCatalog, .accessSystemTable, .analyze, .cancel, .vacuum]
        case "sys:dba":
            [
                .createSchema, .dropSchema, .createTable, .dropTable, .alterTable, .truncateTable,
                .alterDefaultPrivileges, .analyze, .cancel, .vacuum, .accessCatalog, .accessSystemTable,
            ]
        case "sys:secadmin":
            [
                .accessCatalog, .createUser, .alterUser, .dropUser, .createRole, .dropRole, .grantRole, .explainRLS,
                .ignoreRLS, .explainMasking,
            ]
        case "sys:superuser": Set(allCases)
        default: []
        }
    }
}
