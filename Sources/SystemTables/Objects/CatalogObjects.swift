package import Catalog

/// The objects of a database with their numbers, as all views of pg_catalog tell of them: what one view refers to,
/// another one lists.
package struct CatalogObjects: Sendable {
    package struct Schema: Sendable {
        package var oid: ObjectID
        package var name: String
    }

    /// What pg_class lists.
    package struct Relation: Sendable {
        package enum Content: Sendable {
            case system(SystemView)
            case table(TableDefinition)
            case view(ViewDefinition)
            case index(Constraint)
        }
        package var oid: ObjectID
        package var schema: ObjectID
        package var name: TableName
        package var content: Content
    }

    package struct Constraint: Sendable {
        package var oid: ObjectID
        /// 0: none.
        package var index: ObjectID
        package var name: String
        package var table: TableDefinition
        package var definition: TableConstraint
    }

    package let schemas: [Schema]
    /// The system's, then tables, views and indexes, each by name.
    package let relations: [Relation]
    /// By table, in the order of their declaration.
    package let constraints: [Constraint]
    package let numbers: ObjectNumbers<ObjectKey>

    init(_ state: SystemState) {
        let (tables, views) = (state.ownTables, state.ownViews)
        let names = state.ownSchemas
        let constraintNames = tables.map(\.constraintNames)
        numbers = ObjectNumbers(Self.keys(schemas: names, views, tables, constraintNames))
        let numbers = numbers
        let schemaNumber = { (name: String) in SystemSchemas.numbers[name] ?? numbers[.schema(name)] }
        schemas = names.map { Schema(oid: schemaNumber($0), name: $0) }

        var constraints: [Constraint] = []
        for (table, names) in zip(tables, constraintNames) {
            for (definition, name) in zip(table.constraints, names) {
                let index = definition.isKey ? numbers[.index(table.id, name)] : 0
                constraints.append(
                    Constraint(
                        oid: numbers[.constraint(table.id, name)], index: index, name: name, table: table,
                        definition: definition))
            }
        }
        self.constraints = constraints

        var relations = SystemViews.all.map { view in
            let name = view.definition.name
            return Relation(oid: view.oid, schema: schemaNumber(name.schema), name: name, content: .system(view))
        }
        relations += tables.map {
            Relation(
                oid: ObjectID($0.id.rawValue), schema: schemaNumber($0.name.schema), name: $0.name, content: .table($0))
        }
        relations += views.map {
            Relation(
                oid: numbers[.view($0.name)], schema: schemaNumber($0.name.schema), name: $0.name, content: .view($0))
        }
        relations += constraints.filter { $0.index != 0 }.map {
            let schema = $0.table.name.schema
            return Relation(
                oid: $0.index, schema: schemaNumber(schema), name: TableName(schema: schema, name: $0.name),
                content: .index($0))
        }
        self.relations = relations
    }

    private static func keys(
        schemas: [String], _ views: [ViewDefinition], _ tables: [TableDefinition], _ constraintNames: [[String]]
    ) -> [ObjectKey] {
        var keys = schemas.filter { SystemSchemas.numbers[$0] == nil }.map { ObjectKey.schema($0) }
        for view in views { keys += [.view(view.name), .rule(view.name)] }
        for (table, names) in zip(tables, constraintNames) {
            for (constraint, name) in zip(table.constraints, names) {
                keys.append(.constraint(table.id, name))
                if constraint.isKey { keys.append(.index(table.id, name)) }
            }
            for column in table.columns where column.hasDefault { keys.append(.columnDefault(table.id, column.name)) }
        }
        return keys
    }
}

/// Schemas that every database has, with PostgreSQL's numbers where they are the same in each of its releases.
enum SystemSchemas {
    static let catalog: ObjectID = 11
    static let numbers: [String: ObjectID] = [
        "pg_catalog": catalog, "public": 2200, "information_schema": 13_000, "pg_internal": 13_001,
    ]
}

extension TableConstraint {
    /// PRIMARY KEY or UNIQUE: pg_class and pg_index list an index for it, though nothing is stored.
    var isKey: Bool { if case .foreignKey = self { false } else { true } }
}

extension ColumnDefinition {
    /// pg_attrdef lists it.
    var hasDefault: Bool { defaultText != nil || identity != nil }

    /// As pg_attrdef and information_schema print it; the identity's as Redshift writes it: the table's number, the
    /// column's from 0, and the seed and step as text.
    /// - Source: Redshift developer guide, "Identity columns": samples of PG_ATTRDEF and SVV_COLUMNS.
    func defaultExpression(table: TableID, position: Int) -> String? {
        if let defaultText { return defaultText }
        guard let identity else { return nil }
        let name = identity.isByDefault ? "default_identity" : "identity"
        return "\"\(name)\"(\(table.rawValue), \(position), '\(identity.seed),\(identity.step)'::text)"
    }
}
