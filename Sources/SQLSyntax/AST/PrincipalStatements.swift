/// CREATE, ALTER and DROP of users, groups and roles, and who is given which role.
/// - Source: Redshift developer guide, the pages of these statements.
package enum PrincipalStatement: Hashable, Sendable {
    case createUser(Identifier, [UserOption])
    case alterUser(Identifier, [UserOption])
    case dropUsers([Identifier], ifExists: Bool)

    case createGroup(Identifier, users: [Identifier])
    case alterGroup(Identifier, GroupAction)
    case dropGroup(Identifier)

    case createRole(Identifier, externalID: Identifier?)
    case alterRole(Identifier, [RoleAction])
    case dropRole(Identifier, isForced: Bool)

    case grantRoles([Identifier], to: [GrantTarget])
    case revokeRoles([Identifier], from: [GranteeName], adminOptionOnly: Bool)
}

/// What follows the name in CREATE USER and ALTER USER; some are of one of the two only.
package enum UserOption: Hashable, Sendable {
    /// nil: DISABLE.
    case password(Password?)
    case createDatabases(Bool)
    /// CREATEUSER.
    case superuser(Bool)
    case syslogAccess(isUnrestricted: Bool)
    case inGroups([Identifier])
    case validUntil(String, at: SourcePosition)
    /// nil: UNLIMITED.
    case connectionLimit(Int64?, at: SourcePosition)
    /// Seconds; nil: RESET SESSION TIMEOUT.
    case sessionTimeout(Int64?, at: SourcePosition)
    case externalID(Identifier)
    case renameTo(Identifier)
    case set(SetStatement)
    case reset(Identifier)
}

/// A password as SQL text has it. No dump of a tree shows it.
package struct Password: Hashable, Sendable {
    package var text: String
    package var position: SourcePosition

    package init(_ text: String, at position: SourcePosition = .unknown) {
        self.text = text
        self.position = position
    }
}

extension Password: CustomStringConvertible, CustomReflectable {
    package var description: String { "********" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package enum GroupAction: Hashable, Sendable {
    case add([Identifier])
    case drop([Identifier])
    case renameTo(Identifier)
}

package enum RoleAction: Hashable, Sendable {
    case renameTo(Identifier)
    case ownerTo(Identifier)
    case externalIDTo(Identifier)
}

/// To whom something is granted, and whether to be granted on.
package struct GrantTarget: Hashable, Sendable {
    package var name: GranteeName
    /// WITH GRANT OPTION; for roles, WITH ADMIN OPTION.
    package var withOption: Bool
    package var position: SourcePosition

    package init(_ name: GranteeName, withOption: Bool = false, at position: SourcePosition = .unknown) {
        self.name = name
        self.withOption = withOption
        self.position = position
    }
}

/// `name`, `GROUP name`, `ROLE name` or PUBLIC.
package enum GranteeName: Hashable, Sendable {
    case everyone
    case user(Identifier)
    case group(Identifier)
    case role(Identifier)
}
