package import Catalog
package import QueryPlan
import SQLSyntax
import SQLTypes

/// ALTER TABLE target APPEND FROM source: the rows of one table become rows of another, slice by slice.
package struct TableAppend: Sendable {
    package var target: TableDefinition
    package var source: TableDefinition
    /// The target's row over the source's columns.
    package var values: [BoundExpression]
    package var identities: [IdentityFill.Column]
}

/// - Source: Redshift developer guide, "ALTER TABLE APPEND".
extension Planner {
    func append(
        to target: TableDefinition, _ name: QualifiedName, from sourceName: QualifiedName,
        _ mode: AlterTableStatement.AppendMode?
    ) throws(SQLError) -> PlannedStatement {
        let source = try Binder(context).resolveTable(sourceName)
        let place = sourceName.position.character
        func refuse(_ message: String) -> SQLError { SQLError(.invalidTableDefinition, message, position: place) }
        guard source.id != target.id else { throw refuse("source and target table of APPEND must differ") }
        guard !source.isTemporary, !target.isTemporary else {
            throw SQLError(.wrongObjectType, "ALTER TABLE APPEND needs permanent tables", position: place)
        }
        guard Self.keys(source) == Self.keys(target) else {
            throw refuse("source and target table must have the same distribution style, distribution key and sort key")
        }
        var values: [BoundExpression] = []
        var identities: [IdentityFill.Column] = []
        var taken: Set<Int> = []
        for (position, column) in target.columns.enumerated() {
            // Of a sequence the values are the target's own.
            let isOwn = column.identity?.isByDefault == false
            if let match = source.column(named: column.name), !(isOwn && source.columns[match].identity == nil) {
                if isOwn || source.columns[match].identity?.isByDefault == false {
                    throw refuse("identity column \"\(column.name)\" cannot be appended")
                }
                guard Self.attributes(source.columns[match]) == Self.attributes(column) else {
                    throw refuse("column \"\(column.name)\" has different attributes in source and target table")
                }
                taken.insert(match)
                values.append(.column(match, column.type))
                continue
            }
            guard mode == .fillTarget else {
                throw refuse(
                    "target table has column \"\(column.name)\", which the source table has not: use FILLTARGET")
            }
            let value = try InsertPlanner(context).defaultValue(column)
            if case .literal(.null, _) = value, !column.isNullable, column.identity == nil {
                throw SQLError.nullInserted(column, into: target, at: sourceName.position)
            }
            values.append(value)
            if let identity = column.identity {
                identities.append(
                    IdentityFill.Column(
                        column: position, type: column.type, seed: identity.seed, step: identity.step,
                        onlyNulls: false))
            }
        }
        if let extra = source.columns.indices.first(where: { !taken.contains($0) }), mode != .ignoreExtra {
            throw refuse(
                "source table has column \"\(source.columns[extra].name)\", which the target table has not: use IGNOREEXTRA"
            )
        }
        return .appendTable(TableAppend(target: target, source: source, values: values, identities: identities))
    }

    /// Distribution and sort key by names.
    private static func keys(_ table: TableDefinition) -> [String] {
        let style =
            switch table.distribution.effective {
            case .even: "even"
            case .all: "all"
            case .key(let column): "key \(table.columns[column].name)"
            }
        let sort =
            switch table.sortKey {
            case .none, .auto: "none"
            case .compound: "compound"
            case .interleaved: "interleaved"
            }
        return [style, sort] + table.sortKey.columns.map { table.columns[$0].name }
    }

    private static func attributes(_ column: Catalog.ColumnDefinition) -> Catalog.ColumnDefinition {
        var column = column
        column.defaultText = nil
        column.identity = nil
        column.isEncodingDeclared = false
        return column
    }
}
