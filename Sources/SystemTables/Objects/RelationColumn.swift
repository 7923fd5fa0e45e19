package import Catalog
package import SQLTypes

/// A column as pg_attribute lists it, of whatever kind of relation.
package struct RelationColumn: Sendable {
    package var name: String
    package var type: SQLType
    package var isNullable = true
    package var hasDefault = false
    package var encoding = ColumnEncoding.raw
    package var isDistributionKey = false
    /// Place in the sort key from 1, negative in turn for an interleaved one; 0: not in it.
    package var sortKey = 0
}

extension CatalogObjects.Relation {
    /// In the order of the relation. A late-binding view's are not known before it is used.
    package var columns: [RelationColumn] {
        switch content {
        case .system(let view):
            view.definition.columns.filter { !$0.isHidden }.map { RelationColumn(name: $0.name, type: $0.type) }
        case .table(let table):
            table.columns.enumerated().map { position, column in
                RelationColumn(
                    name: column.name, type: column.type, isNullable: column.isNullable,
                    hasDefault: column.hasDefault, encoding: column.encoding,
                    isDistributionKey: table.distribution.keyColumn == position,
                    sortKey: table.sortKey.ordinal(of: position))
            }
        case .view(let view): view.columns.map { RelationColumn(name: $0.name, type: $0.type) }
        case .index(let constraint):
            constraint.definition.columns.compactMap { position in
                guard constraint.table.columns.indices.contains(position) else { return nil }
                let column = constraint.table.columns[position]
                return RelationColumn(name: column.name, type: column.type)
            }
        }
    }

    /// `relkind`.
    package var kind: String {
        switch content {
        case .system(let view): view.isView ? "v" : "r"
        case .table: "r"
        case .view: "v"
        case .index: "i"
        }
    }
}
