extension TableDefinition {
    /// What the constraints are called, in their order: one without a name has PostgreSQL's, `table_column_key`.
    package var constraintNames: [String] {
        var names: [String] = []
        let given = Set(constraints.compactMap(\.name))
        for constraint in constraints {
            if let name = constraint.name {
                names.append(name)
                continue
            }
            func label(_ columns: [Int]) -> String { columns.map { self.columns[$0].name }.joined(separator: "_") }
            let base =
                switch constraint {
                case .primaryKey: "\(name.name)_pkey"
                case .unique(_, let columns): "\(name.name)_\(label(columns))_key"
                case .foreignKey(_, let columns, _, _): "\(name.name)_\(label(columns))_fkey"
                }
            var own = base
            var number = 1
            while given.contains(own) || names.contains(own) {
                own = "\(base)\(number)"
                number += 1
            }
            names.append(own)
        }
        return names
    }
}

extension TableConstraint {
    package var name: String? {
        switch self {
        case .primaryKey(let name, _), .unique(let name, _), .foreignKey(let name, _, _, _): name
        }
    }

    /// By position from 0.
    package var columns: [Int] {
        switch self {
        case .primaryKey(_, let columns), .unique(_, let columns), .foreignKey(_, let columns, _, _): columns
        }
    }
}
