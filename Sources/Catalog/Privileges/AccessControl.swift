/// Whose each object is, and what was granted on it. What is not listed belongs to the master user, or to the system,
/// and has the privileges that Redshift gives from the start.
package struct AccessControl: Hashable, Sendable {
    /// For whom, and where, ALTER DEFAULT PRIVILEGES holds.
    package struct DefaultKey: Hashable, Comparable, Sendable {
        package enum Kind: Int, Hashable, Comparable, Sendable {
            case tables, functions, procedures
            package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
        }
        /// Who creates the objects.
        package var owner: UserID
        /// nil: wherever they are created.
        package var schema: String?
        package var kind: Kind

        package init(owner: UserID, schema: String?, kind: Kind) {
            self.owner = owner
            self.schema = schema
            self.kind = kind
        }

        package static func < (left: DefaultKey, right: DefaultKey) -> Bool {
            (left.owner, left.schema ?? "", left.kind) < (right.owner, right.schema ?? "", right.kind)
        }
    }

    package private(set) var owners: [Securable: UserID] = [:]
    package private(set) var lists: [Securable: AccessList] = [:]
    /// By table or view, then by column.
    package private(set) var columns: [Securable: [String: AccessList]] = [:]
    package private(set) var defaults: [DefaultKey: AccessList] = [:]
    /// What roles may do in the whole database.
    package private(set) var systemPrivileges: [RoleID: Set<SystemPrivilege>] = [:]

    package init() {}

    package func owner(of object: Securable) -> UserID {
        if let owner = owners[object] { return owner }
        switch object {
        case .database, .language: return .rdsdb
        case .schema(let name): return name == "public" || CatalogSnapshot.isReserved(schema: name) ? .rdsdb : .master
        case .table, .view: return .master
        }
    }

    /// nil would be the owner's alone: PostgreSQL's null ACL.
    package func list(of object: Securable) -> AccessList {
        lists[object] ?? AccessControl.standardList(of: object, owner: owner(of: object))
    }

    /// What Redshift gives everybody from the start.
    private static func standardList(of object: Securable, owner: UserID) -> AccessList {
        func everyone(_ privileges: Privileges) -> AccessList {
            AccessList([AccessEntry(grantee: .everyone, grantor: owner, privileges: privileges)])
        }
        switch object {
        case .database: return everyone(.temporary)
        case .schema("public"): return everyone([.create, .usage])
        case .schema(let name):
            return CatalogSnapshot.isReserved(schema: name) ? everyone(.usage) : AccessList()
        case .language: return everyone(.usage)
        case .table, .view: return AccessList()
        }
    }

    /// What the role itself may do in the whole database, without those that it has through other roles.
    package func privileges(ofRole role: RoleID) -> Set<SystemPrivilege> {
        SystemPrivilege.standard(of: role).union(systemPrivileges[role] ?? [])
    }

    // MARK: Changes

    /// What the old owner has granted, the new one has granted from now on.
    mutating func set(owner: UserID, of object: Securable) {
        let old = self.owner(of: object)
        owners[object] = owner
        lists[object] = lists[object]?.handedOver(from: old, to: owner)
        columns[object] = columns[object]?.mapValues { $0.handedOver(from: old, to: owner) }
    }

    mutating func set(_ list: AccessList, on object: Securable) { lists[object] = list }

    mutating func set(_ list: AccessList, on object: Securable, column: String) {
        columns[object, default: [:]][column] = list.isEmpty ? nil : list
        if columns[object]?.isEmpty == true { columns[object] = nil }
    }

    mutating func set(_ list: AccessList, asDefaultFor key: DefaultKey) {
        defaults[key] = list.isEmpty ? nil : list
    }

    mutating func set(_ privileges: Set<SystemPrivilege>, of role: RoleID) {
        systemPrivileges[role] = privileges.isEmpty ? nil : privileges
    }

    mutating func renameColumn(of object: Securable, from old: String, to new: String) {
        guard let list = columns[object]?.removeValue(forKey: old) else { return }
        columns[object]?[new] = list
    }

    /// What holds in all databases of the cluster: system privileges, and what is granted on databases.
    mutating func share(with other: AccessControl) {
        systemPrivileges = other.systemPrivileges
        owners = owners.filter { !$0.key.isDatabase }.merging(other.owners.filter { $0.key.isDatabase }) { $1 }
        lists = lists.filter { !$0.key.isDatabase }.merging(other.lists.filter { $0.key.isDatabase }) { $1 }
    }

    /// Whose the object is, and what is granted on it, as the other one says.
    mutating func copy(_ object: Securable, from other: AccessControl) {
        owners[object] = other.owner(of: object)
        lists[object] = other.lists[object]
        columns[object] = other.columns[object]
    }

    /// The object is gone.
    mutating func forget(_ object: Securable) {
        owners[object] = nil
        lists[object] = nil
        columns[object] = nil
        if case .schema(let name) = object { defaults = defaults.filter { $0.key.schema != name } }
    }

    /// Columns that the table no longer has.
    mutating func keepColumns(_ names: Set<String>, of object: Securable) {
        guard let known = columns[object] else { return }
        let kept = known.filter { names.contains($0.key) }
        columns[object] = kept.isEmpty ? nil : kept
    }

    /// The same object under another name.
    mutating func rename(_ old: Securable, to new: Securable) {
        owners[new] = owners.removeValue(forKey: old)
        lists[new] = lists.removeValue(forKey: old)
        columns[new] = columns.removeValue(forKey: old)
        guard case .schema(let oldName) = old, case .schema(let newName) = new else { return }
        for (var key, list) in defaults where key.schema == oldName {
            defaults[key] = nil
            key.schema = newName
            defaults[key] = list
        }
    }

    /// Who is dropped takes what he was granted with him, and what was to be granted on what he makes.
    mutating func forget(_ grantee: Grantee) {
        if case .role(let role) = grantee { systemPrivileges[role] = nil }
        if names(grantee) {
            lists = lists.mapValues { $0.without { $0 == grantee } }
            columns = columns.mapValues { $0.mapValues { $0.without { $0 == grantee } }.filter { !$0.value.isEmpty } }
                .filter { !$0.value.isEmpty }
        }
        defaults = defaults.mapValues { $0.without { $0 == grantee } }
            .filter { !$0.value.isEmpty && Grantee.user($0.key.owner) != grantee }
    }

    /// Whether anything at all was granted to it.
    package func names(_ grantee: Grantee) -> Bool {
        lists.values.contains { $0.names(grantee) }
            || columns.values.contains { $0.values.contains { $0.names(grantee) } }
            || defaults.values.contains { $0.names(grantee) }
    }

    package func owns(_ user: UserID) -> Bool { owners.values.contains(user) }
}
