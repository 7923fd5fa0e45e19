import Catalog
import QueryPlan
import SQLTypes

// Who owns what, and who may do what with it. Objects of the system are the first superuser's, as in Redshift.

extension SystemState {
    /// `rdsdb`, Redshift's own.
    static let systemOwner = UserID.rdsdb.rawValue

    func owner(ofSchema name: String) -> Int32 { catalog.access.owner(of: .schema(name)).rawValue }

    func owner(of relation: CatalogObjects.Relation) -> Int32 {
        relation.securable.map { catalog.access.owner(of: $0).rawValue } ?? Self.systemOwner
    }

    func userName(_ number: Int32) -> String { catalog.principals.userName(UserID(number)) }

    /// 0: nobody of that name is there any more.
    func userNumber(_ name: String) -> Int32 { catalog.principals.user(named: name)?.id.rawValue ?? 0 }

    /// By query, as far as it is remembered and the user may know of it.
    var userNumbersOfQueries: [Int64: Int32] {
        Dictionary(queries.map { ($0.number, $0.userID.rawValue) }) { first, _ in first }
    }

    /// Others' sessions only with SYSLOG ACCESS UNRESTRICTED.
    func seesSessions(of name: String) -> Bool {
        seesAllQueries || name == user
    }

    /// What `aclitem` columns show; null where nothing was ever granted or revoked.
    func accessItems(of object: Securable?) -> SQLValue {
        object.flatMap { catalog.accessItems(of: $0) }.map { .text($0) } ?? .null
    }

    func accessItems(of object: Securable?, column: String) -> SQLValue {
        object.flatMap { catalog.accessItems(of: $0, column: column) }.map { .text($0) } ?? .null
    }

    /// Whether views that show a user its own world show the object.
    func mayKnow(_ object: Securable) -> Bool {
        guard let rights else { return true }
        return rights.holds(.accessCatalog) || rights.mayKnow(object)
    }

    /// Whether the user may read the column of all rows, as it is stored.
    func mayRead(_ table: TableID, _ column: String) -> Bool {
        guard let rights else { return true }
        return rights.allows(.select, on: .table(table), column: column)
            && !catalog.policies.hides(column, of: table, from: rights)
    }

    /// Whether the user may know of the query; `users` are those of the queries that are remembered.
    func mayKnow(query: Int64, _ users: [Int64: Int32]) -> Bool { seesAllQueries || users[query] != nil }

    /// SYSLOG ACCESS UNRESTRICTED.
    var seesAllQueries: Bool { rights == nil || catalog.principals.user(named: user)?.syslogAccess == true }

    func owner(of relation: NamedRelation) -> Int32 {
        relation.target?.securable.map { catalog.access.owner(of: $0).rawValue } ?? Self.systemOwner
    }

    /// Those of the cluster; there is at least the session's own.
    var allDatabases: [DatabaseDefinition] {
        databases.isEmpty ? [DatabaseDefinition(name: database, owner: .master)] : databases
    }

    // MARK: Privileges as views show them

    func privileges(ofSchema name: String) -> SQLValue { accessItems(of: .schema(name)) }
    func privileges(ofDatabase name: String) -> SQLValue { accessItems(of: .database(name)) }

    func privileges(of relation: TableName) -> SQLValue {
        if catalog.views[relation] != nil { return accessItems(of: .view(relation)) }
        return accessItems(of: catalog.table(named: relation).map { .table($0.id) })
    }
}

extension CommentTarget {
    /// The table or view that it is; nil: something else.
    fileprivate var securable: Securable? {
        switch self {
        case .table(let id): .table(id)
        case .view(let name): .view(name)
        default: nil
        }
    }
}
