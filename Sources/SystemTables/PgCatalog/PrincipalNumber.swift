import Catalog
import SQLTypes

/// Users, groups and roles are numbered each for themselves: among PostgreSQL's roles each kind has a range of its own,
/// users their own numbers.
enum PrincipalNumber {
    static func of(_ user: UserID) -> ObjectID { ObjectID(bitPattern: user.rawValue) }
    static func of(_ group: GroupID) -> ObjectID { 0x2000_0000 | ObjectID(bitPattern: group.rawValue) }
    static func of(_ role: RoleID) -> ObjectID { 0x1000_0000 | ObjectID(bitPattern: role.rawValue) }
}
