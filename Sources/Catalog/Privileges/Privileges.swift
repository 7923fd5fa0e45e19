/// What somebody may do with an object.
/// - Source: Redshift developer guide, "GRANT"; letters of PostgreSQL 8.0's `aclitem`, with Redshift's own D, P and A.
package struct Privileges: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let insert = Privileges(rawValue: 1 << 0)
    package static let select = Privileges(rawValue: 1 << 1)
    package static let update = Privileges(rawValue: 1 << 2)
    package static let delete = Privileges(rawValue: 1 << 3)
    package static let references = Privileges(rawValue: 1 << 4)
    package static let drop = Privileges(rawValue: 1 << 5)
    package static let truncate = Privileges(rawValue: 1 << 6)
    package static let alter = Privileges(rawValue: 1 << 7)
    package static let execute = Privileges(rawValue: 1 << 8)
    package static let usage = Privileges(rawValue: 1 << 9)
    package static let create = Privileges(rawValue: 1 << 10)
    package static let temporary = Privileges(rawValue: 1 << 11)

    /// In the order in which an `aclitem` lists them.
    private static let all: [(privilege: Privileges, name: String, letter: Character)] = [
        (.insert, "INSERT", "a"), (.select, "SELECT", "r"), (.update, "UPDATE", "w"), (.delete, "DELETE", "d"),
        (.references, "REFERENCES", "x"), (.execute, "EXECUTE", "X"), (.usage, "USAGE", "U"),
        (.create, "CREATE", "C"), (.temporary, "TEMP", "T"), (.drop, "DROP", "D"), (.truncate, "TRUNCATE", "P"),
        (.alter, "ALTER", "A"),
    ]

    /// By name, in any case; TEMPORARY is TEMP.
    package init?(named name: String) {
        let name = name.uppercased() == "TEMPORARY" ? "TEMP" : name.uppercased()
        guard let found = Privileges.all.first(where: { $0.name == name }) else { return nil }
        self = found.privilege
    }

    package var names: [String] { Privileges.all.filter { contains($0.privilege) }.map(\.name) }

    /// One by one, in the order of an `aclitem`.
    package var each: [Privileges] { Privileges.all.map(\.privilege).filter { contains($0) } }

    /// Letters; an asterisk behind those that may be granted on.
    package func letters(grantable: Privileges) -> String {
        var text = ""
        for entry in Privileges.all where contains(entry.privilege) {
            text.append(entry.letter)
            if grantable.contains(entry.privilege) { text += "*" }
        }
        return text
    }
}

/// What privileges are about. Views are known by name, as everywhere in the catalog.
package enum Securable: Hashable, Comparable, Sendable {
    case database(String)
    case schema(String)
    case table(TableID)
    case view(TableName)
    case language(String)

    package var isView: Bool { if case .view = self { true } else { false } }
    package var isDatabase: Bool { if case .database = self { true } else { false } }

    /// All that can be granted on it.
    package var allPrivileges: Privileges {
        switch self {
        case .database: [.create, .temporary, .usage]
        case .schema: [.create, .usage, .alter, .drop]
        case .table, .view: [.select, .insert, .update, .delete, .references, .drop, .truncate, .alter]
        case .language: [.usage]
        }
    }
}
