/// Who can log in.
/// - Source: Redshift developer guide, "CREATE USER".
package struct UserDefinition: Hashable, Sendable {
    /// ALTER USER … SET: a parameter's value in the user's new sessions.
    package struct Setting: Hashable, Sendable {
        /// In lower case.
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var id: UserID
    package var name: String
    package var isSuperuser: Bool
    package var canCreateDatabases: Bool
    /// Sessions at one time; nil: as many as the cluster allows. Superusers have no limit.
    package var connectionLimit: Int?
    /// From when on the password is no longer good: microseconds since 2000-01-01 00:00:00 UTC, `.max` is infinity;
    /// nil: it was never limited.
    package var validUntil: Int64?
    /// SYSLOG ACCESS UNRESTRICTED: sees rows of system tables that other users have made.
    package var syslogAccess: Bool
    /// Seconds that a session may idle; nil: for ever.
    package var sessionTimeout: Int?
    /// By name.
    package var settings: [Setting]
    package var externalID: String?
    /// nil: no password lets the user in.
    package var verifiers: PasswordVerifiers?

    package init(
        id: UserID, name: String, isSuperuser: Bool = false, canCreateDatabases: Bool = false,
        connectionLimit: Int? = nil, validUntil: Int64? = nil, syslogAccess: Bool = false, sessionTimeout: Int? = nil,
        settings: [Setting] = [], externalID: String? = nil, verifiers: PasswordVerifiers? = nil
    ) {
        self.id = id
        self.name = name
        self.isSuperuser = isSuperuser
        self.canCreateDatabases = canCreateDatabases
        self.connectionLimit = connectionLimit
        self.validUntil = validUntil
        self.syslogAccess = syslogAccess
        self.sessionTimeout = sessionTimeout
        self.settings = settings
        self.externalID = externalID
        self.verifiers = verifiers
    }

    /// No value: the standard again.
    package mutating func set(_ name: String, to value: String?) {
        settings.removeAll { $0.name == name }
        guard let value else { return }
        settings.append(Setting(name, value))
        settings.sort { $0.name < $1.name }
    }
}

/// Users under one name, to whom privileges can be granted together.
package struct GroupDefinition: Hashable, Sendable {
    package var id: GroupID
    package var name: String
    /// Ascending.
    package var members: [UserID]

    package init(id: GroupID, name: String, members: [UserID] = []) {
        self.id = id
        self.name = name
        self.members = members
    }
}

/// Privileges under one name, to be granted to users and to other roles.
/// - Source: Redshift developer guide, "Role-based access control (RBAC)".
package struct RoleDefinition: Hashable, Sendable {
    package var id: RoleID
    package var name: String
    package var owner: UserID
    package var externalID: String?

    package init(id: RoleID, name: String, owner: UserID, externalID: String? = nil) {
        self.id = id
        self.name = name
        self.owner = owner
        self.externalID = externalID
    }

    /// `sys:…`: made by Redshift, not to be changed.
    package var isSystem: Bool { id < .first }
}

/// A role in the hands of a user or of another role.
package struct RoleGrant: Hashable, Sendable {
    package var role: RoleID
    /// A user or a role.
    package var grantee: Grantee
    /// Whoever holds the role may grant it on.
    package var withAdminOption: Bool

    package init(role: RoleID, grantee: Grantee, withAdminOption: Bool) {
        self.role = role
        self.grantee = grantee
        self.withAdminOption = withAdminOption
    }
}
