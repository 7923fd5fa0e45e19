import Catalog
import SQLTypes

// Who owns what. Objects of the system are the first superuser's, as in Redshift.

extension SystemState {
    /// `rdsdb`, Redshift's own.
    static let systemOwner: Int32 = 1
    /// The user that the cluster was made with.
    static let masterUser: Int32 = 100

    func owner(ofSchema name: String) -> Int32 {
        CatalogSnapshot.isReserved(schema: name) || name == "public" ? Self.systemOwner : Self.masterUser
    }

    func owner(of relation: CatalogObjects.Relation) -> Int32 {
        if case .system = relation.content { Self.systemOwner } else { Self.masterUser }
    }
}

extension SystemState {
    func userName(_ number: Int32) -> String { number == Self.systemOwner ? "rdsdb" : user }

    func owner(of relation: NamedRelation) -> Int32 { relation.target == nil ? Self.systemOwner : Self.masterUser }

    /// Those of the cluster; there is at least the session's own.
    var allDatabases: [DatabaseDefinition] {
        databases.isEmpty ? [DatabaseDefinition(name: database, owner: .master)] : databases
    }

    // MARK: Privileges as views show them

    func privileges(ofSchema name: String) -> SQLValue { .null }
    func privileges(of relation: TableName) -> SQLValue { .null }
    func privileges(ofDatabase name: String) -> SQLValue { .null }
}
