package import Catalog
package import SQLSyntax

/// A change of users, groups, roles or privileges: all names resolved, all rules checked.
package struct PlannedAccess: Sendable {
    package var tag: String
    package var changes: [AccessChange]
    /// For the user whom the changes create or replace; its verifiers are made when the statement runs, since they take
    /// random numbers and time.
    package var password: NewPassword?
    /// ALTER USER … SET and RESET: parameters are known to sessions only. No value: the standard.
    package var settings: [SetStatement] = []
    /// For INFO messages.
    package var notices: [String] = []

    /// Views that it is about: they have no numbers, so that a name must mean the same until the commit.
    package var views: [TableName] {
        changes.compactMap { change in
            switch change {
            case .setOwner(.view(let name), _), .setAccess(.view(let name), _), .setColumnAccess(.view(let name), _, _):
                name
            default: nil
            }
        }
    }

    package init(_ tag: String, _ changes: [AccessChange]) {
        self.tag = tag
        self.changes = changes
    }
}

/// What PASSWORD says, after the rules for passwords.
package enum NewPassword: Sendable {
    case disabled
    /// `md5…`, or `sha256|digest|salt`.
    case verifiers(PasswordVerifiers)
    case clearText(Password, withMD5: Bool)
}
