import Catalog
import SQLTypes

extension SystemView {
    /// What cannot be without what: a view's rule reads tables and views (`n`), and belongs to its view (`i`); a
    /// constraint to its table, its index to the constraint; a default to its column (`a`). Which columns a view reads
    /// is not kept: `refobjsubid` is 0.
    /// - Source: PostgreSQL 8.0, "pg_depend".
    static let pgDepend = SystemView(
        catalog: "pg_depend",
        [
            Column("classid", .oid), Column("objid", .oid), Column("objsubid", .integer), Column("refclassid", .oid),
            Column("refobjid", .oid), Column("refobjsubid", .integer), Column("deptype", .byte),
        ]
    ) { state in
        let objects = CatalogObjects(state)
        return ofViews(state, objects) + ofConstraints(objects) + ofDefaults(state, objects)
    }

    private struct Address {
        var catalog: SystemView
        var object: ObjectID
        var part = 0

        var values: [SQLValue] { [.oid(catalog.oid), .oid(object), .int(part)] }
        func depends(on other: Address, _ kind: String) -> [SQLValue] { values + other.values + [.text(kind)] }
    }

    private static func ofViews(_ state: SystemState, _ objects: CatalogObjects) -> [[SQLValue]] {
        state.ownViews.flatMap { view -> [[SQLValue]] in
            let rule = Address(catalog: .pgRewrite, object: objects.numbers[.rule(view.name)])
            let own = Address(catalog: .pgClass, object: objects.numbers[.view(view.name)])
            let read =
                state.tablesRead(by: view).map { ObjectID($0.rawValue) }
                + state.viewsRead(by: view).map { objects.numbers[.view($0)] }
            return [rule.depends(on: own, "i")]
                + read.map { rule.depends(on: Address(catalog: .pgClass, object: $0), "n") }
        }
    }

    private static func ofConstraints(_ objects: CatalogObjects) -> [[SQLValue]] {
        objects.constraints.flatMap { constraint -> [[SQLValue]] in
            let own = Address(catalog: .pgConstraint, object: constraint.oid)
            let table = ObjectID(constraint.table.id.rawValue)
            var rows = constraint.definition.columns.map { column in
                own.depends(on: Address(catalog: .pgClass, object: table, part: column + 1), "a")
            }
            if constraint.index != 0 {
                rows.append(Address(catalog: .pgClass, object: constraint.index).depends(on: own, "i"))
            }
            if case .foreignKey(_, _, let target, let columns) = constraint.definition {
                rows += columns.map { column in
                    own.depends(
                        on: Address(catalog: .pgClass, object: ObjectID(target.rawValue), part: column + 1), "n")
                }
                // Drivers find the name of the referenced key by it.
                let key = objects.constraints.first { other in
                    other.index != 0 && other.table.id == target
                        && Set(other.definition.columns) == Set(columns)
                }
                if let key { rows.append(own.depends(on: Address(catalog: .pgClass, object: key.index), "n")) }
            }
            return rows
        }
    }

    private static func ofDefaults(_ state: SystemState, _ objects: CatalogObjects) -> [[SQLValue]] {
        state.ownTables.flatMap { table in
            table.columns.enumerated().filter(\.element.hasDefault).map { position, column in
                let own = Address(catalog: .pgAttrdef, object: objects.numbers[.columnDefault(table.id, column.name)])
                let target = Address(catalog: .pgClass, object: ObjectID(table.id.rawValue), part: position + 1)
                return own.depends(on: target, "a")
            }
        }
    }
}

extension SystemState {
    /// Those that the view names itself: `ViewDefinition` has also what its views read.
    func tablesRead(by view: ViewDefinition) -> [TableID] {
        let inner = Set(view.views.flatMap { catalog.views[$0]?.tables ?? [] })
        return view.tables.filter { !inner.contains($0) && catalog.tables[$0] != nil }
    }

    func viewsRead(by view: ViewDefinition) -> [TableName] {
        let inner = Set(view.views.flatMap { catalog.views[$0]?.views ?? [] })
        return view.views.filter { !inner.contains($0) && catalog.views[$0] != nil }
    }
}
