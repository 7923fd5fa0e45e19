import Catalog
import SQLTypes

/// The catalog as functions look things up in it: by number and by name. Made once for a statement that calls one.
package struct CatalogLookup: Sendable {
    package let state: SystemState
    let objects: CatalogObjects
    private let relationsByNumber: [ObjectID: CatalogObjects.Relation]
    private let relationsByName: [TableName: CatalogObjects.Relation]
    private let constraints: [ObjectID: CatalogObjects.Constraint]
    private let comments: [CommentAddress: SQLValue]

    /// Of a comment: what pg_description has for keys. Class 0: of any.
    struct CommentAddress: Hashable {
        var object: Int64
        var catalog: Int64
        var part: Int64
    }

    package init(_ state: SystemState) {
        self.state = state
        objects = CatalogObjects(state)
        let byFirst: (CatalogObjects.Relation, CatalogObjects.Relation) -> CatalogObjects.Relation = { first, _ in first
        }
        relationsByNumber = Dictionary(objects.relations.map { ($0.oid, $0) }, uniquingKeysWith: byFirst)
        relationsByName = Dictionary(objects.relations.map { ($0.name, $0) }, uniquingKeysWith: byFirst)
        constraints = Dictionary(objects.constraints.map { ($0.oid, $0) }) { first, _ in first }
        var comments: [CommentAddress: SQLValue] = [:]
        for row in SystemView.pgDescription.rows(state) where row.count >= 4 {
            let address = CommentAddress(object: row.integer(0), catalog: row.integer(1), part: row.integer(2))
            comments[address] = row[3]
            comments[CommentAddress(object: address.object, catalog: 0, part: address.part)] = row[3]
        }
        self.comments = comments
    }

    func relation(_ number: Int64) -> CatalogObjects.Relation? {
        ObjectID(exactly: number).flatMap { relationsByNumber[$0] }
    }

    func constraint(_ number: Int64) -> CatalogObjects.Constraint? {
        ObjectID(exactly: number).flatMap { constraints[$0] }
    }

    /// NULL: there is none.
    func comment(on object: Int64, in catalog: Int64 = 0, part: Int64 = 0) -> SQLValue {
        comments[CommentAddress(object: object, catalog: catalog, part: part)] ?? .null
    }

    /// Schemas in which an unqualified name is looked up, in their order.
    var lookupPath: [String] {
        let path = state.searchPath
        if path.contains("pg_catalog") { return path }
        let temporary = path.prefix { TableName.isTemporary(schema: $0) }.count
        return path[..<temporary] + ["pg_catalog"] + path[temporary...]
    }

    /// The relation that the (folded) name alone means.
    func relation(named name: String) -> CatalogObjects.Relation? {
        for schema in lookupPath {
            if let relation = relationsByName[TableName(schema: schema, name: name)] { return relation }
        }
        return nil
    }

    func isVisible(_ relation: CatalogObjects.Relation) -> Bool {
        self.relation(named: relation.name.name)?.oid == relation.oid
    }

    /// As `regclass` shows it.
    func shownName(_ relation: CatalogObjects.Relation) -> String {
        isVisible(relation) ? relation.name.name.quotedIdentifier : relation.name.quotedText
    }

    /// - Throws: 42P01, 3F000, 42601.
    func relation(written text: String) throws(SQLError) -> CatalogObjects.Relation {
        guard var parts = NameText.parts(text), (1...3).contains(parts.count) else {
            throw SQLError(.syntaxError, "invalid name syntax")
        }
        if parts.count == 3 {
            guard parts[0] == state.database else { throw .unsupported("cross-database reference") }
            parts.removeFirst()
        }
        if parts.count == 1 {
            if let found = relation(named: parts[0]) { return found }
        } else {
            if let found = relationsByName[TableName(schema: parts[0], name: parts[1])] { return found }
            guard objects.schemas.contains(where: { $0.name == parts[0] }) else {
                throw SQLError(.invalidSchemaName, "schema \"\(parts[0])\" does not exist")
            }
        }
        throw SQLError(.undefinedTable, "relation \"\(parts.joined(separator: "."))\" does not exist")
    }

    /// Bytes on all slices; nil: no table.
    func size(ofTable number: Int64) -> Int64? {
        guard let relation = relation(number), case .table(let table) = relation.content else { return nil }
        return state.partitions().filter { $0.table == table.id }.reduce(0) { $0 + $1.bytes }
    }
}
