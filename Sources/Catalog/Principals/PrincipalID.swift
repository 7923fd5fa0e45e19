/// A user's number, as PG_USER.usesysid shows it. What belongs to a user says the number, so that it outlives a new name.
package struct UserID: Hashable, Comparable, Sendable {
    package let rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
    /// Redshift's own user: it owns the system's objects and cannot log in.
    package static let rdsdb = UserID(1)
    /// The superuser who was there when the cluster was made.
    package static let master = UserID(100)
    package static func < (left: UserID, right: UserID) -> Bool { left.rawValue < right.rawValue }
}

/// A group's number, as PG_GROUP.grosysid shows it: from 100.
package struct GroupID: Hashable, Comparable, Sendable {
    package let rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
    package static let first = GroupID(100)
    package static func < (left: GroupID, right: GroupID) -> Bool { left.rawValue < right.rawValue }
}

/// A role's number, as SVV_ROLES.role_id shows it: from 100,000; those of the system are below.
package struct RoleID: Hashable, Comparable, Sendable {
    package let rawValue: Int32
    package init(_ rawValue: Int32) { self.rawValue = rawValue }
    package static let first = RoleID(100_000)
    package static func < (left: RoleID, right: RoleID) -> Bool { left.rawValue < right.rawValue }
}

/// Whom a privilege or a role is granted to.
package enum Grantee: Hashable, Comparable, Sendable {
    case everyone
    case user(UserID)
    case group(GroupID)
    case role(RoleID)
}
