import Catalog
import SQLTypes

extension SystemView {
    /// What COMMENT ON said. - Source: PostgreSQL 8.0, "pg_description".
    static let pgDescription = SystemView(
        catalog: "pg_description",
        [
            Column("objoid", .oid), Column("classoid", .oid), Column("objsubid", .integer),
            Column("description", .longText),
        ]
    ) { state in
        let objects = CatalogObjects(state)
        return state.catalog.comments.sorted { $0.key < $1.key }.compactMap { target, text -> [SQLValue]? in
            guard let object = address(of: target, state, objects) else { return nil }
            return object + [.text(text, max: SQLType.maximumVarcharLength)]
        }
    }

    /// `objoid`, `classoid`, `objsubid`; nil: another session's.
    private static func address(
        of target: CommentTarget, _ state: SystemState, _ objects: CatalogObjects
    ) -> [SQLValue]? {
        let classes = (relation: SystemView.pgClass.oid, constraint: SystemView.pgConstraint.oid)
        if let table = target.table, state.catalog.tables[table].map(state.isOwn) != true { return nil }
        switch target {
        case .database: return [.int(state.databaseNumber), .oid(SystemView.pgDatabase.oid), .int(0)]
        case .table(let table): return [.int(table.rawValue), .oid(classes.relation), .int(0)]
        case .column(let table, let name):
            guard let position = state.catalog.tables[table]?.column(named: name) else { return nil }
            return [.int(table.rawValue), .oid(classes.relation), .int(position + 1)]
        case .constraint(let table, let name):
            let number = objects.numbers[.constraint(table, name)]
            return number == 0 ? nil : [.oid(number), .oid(classes.constraint), .int(0)]
        case .view(let name):
            let number = objects.numbers[.view(name)]
            return number == 0 ? nil : [.oid(number), .oid(classes.relation), .int(0)]
        }
    }
}
