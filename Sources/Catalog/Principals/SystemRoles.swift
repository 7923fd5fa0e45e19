/// Roles that every cluster has.
/// - Source: Redshift developer guide, "Amazon Redshift system-defined roles".
extension RoleDefinition {
    package static let superuser = RoleDefinition(id: RoleID(5), name: "sys:superuser", owner: .rdsdb)
    /// Makes and attaches policies, and is bound by none.
    package static let securityAdministrator = RoleDefinition(id: RoleID(4), name: "sys:secadmin", owner: .rdsdb)
    package static let system: [RoleDefinition] = [
        RoleDefinition(id: RoleID(1), name: "sys:monitor", owner: .rdsdb),
        RoleDefinition(id: RoleID(2), name: "sys:operator", owner: .rdsdb),
        RoleDefinition(id: RoleID(3), name: "sys:dba", owner: .rdsdb),
        securityAdministrator, superuser,
    ]
}
