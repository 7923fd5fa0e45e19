import Catalog
import SQLSyntax
import SQLTypes

/// ALTER TABLE ADD and DROP CONSTRAINT.
extension Planner {
    func add(
        _ declared: SQLSyntax.TableConstraint, to alteration: inout TableAlteration, _ name: QualifiedName
    ) throws(SQLError) {
        let table = alteration.definition
        let constraint = try self.constraint(declared, table.columns, name)
        let place = declared.position.character
        if let own = declared.name, table.constraintNames.contains(own.name) {
            throw SQLError(
                .duplicateObject, "constraint \"\(own.name)\" for relation \"\(table.name.name)\" already exists",
                position: own.position.character)
        }
        if case .primaryKey(_, let columns) = constraint {
            for case .primaryKey in table.constraints {
                throw SQLError(
                    .invalidTableDefinition, "multiple primary keys for table \"\(table.name.name)\" are not allowed",
                    position: place)
            }
            if let nullable = columns.first(where: { table.columns[$0].isNullable }) {
                // - Source: Redshift's message, as users report it.
                throw SQLError(
                    .invalidTableDefinition, "can not make a nullable column a primary key",
                    detail: "Column \"\(table.columns[nullable].name)\".", position: place)
            }
        }
        alteration.definition.constraints.append(constraint)
    }

    func dropConstraint(
        _ name: Identifier, isCascade: Bool, from alteration: inout TableAlteration
    ) throws(SQLError) {
        let table = alteration.definition
        guard let index = table.constraintNames.firstIndex(of: name.name) else {
            throw Self.undefinedConstraint(name, of: table)
        }
        let gone = alteration.definition.constraints.remove(at: index)
        let target = CommentTarget.constraint(table.id, name.name)
        if context.catalog.comments[target] != nil { alteration.comments = [(target, nil)] }
        guard let key = gone.keyColumns else { return }
        // Foreign keys that point to it cannot stay without it.
        for var other in context.catalog.tables.values.sorted(by: { $0.id < $1.id }) where other.id != table.id {
            let kept = other.constraints.filter { constraint in
                guard case .foreignKey(_, _, table.id, let referenced) = constraint else { return true }
                return referenced != key
            }
            guard kept.count < other.constraints.count else { continue }
            guard isCascade else {
                throw SQLError(
                    .dependentObjectsStillExist,
                    "cannot drop constraint \(name.name) on table \(table.name.name) because other objects depend on it",
                    detail: "a foreign key of table \(other.name) depends on it",
                    hint: "Use DROP ... CASCADE to drop the dependent objects too.", position: name.position.character)
            }
            other.constraints = kept
            alteration.others.append(other)
        }
    }
}

extension Catalog.TableConstraint {
    /// Of a primary key or UNIQUE; nil for others.
    fileprivate var keyColumns: [Int]? {
        switch self {
        case .primaryKey(_, let columns), .unique(_, let columns): columns
        case .foreignKey: nil
        }
    }
}
