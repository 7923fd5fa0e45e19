import Catalog
import SQLTypes

/// Redshift's functions that list columns.
/// - Source: Redshift developer guide, "PG_GET_COLS", "PG_GET_LATE_BINDING_VIEW_COLS".
enum ViewColumns {
    static let all: [SystemTableFunction] = [lateBinding, ofRelation]

    private static func columns(_ relation: String) -> [VirtualTableDefinition.Column] {
        [
            .init("\(relation)_schema", .name), .init("\(relation)_name", .name), .init("col_name", .name),
            .init("col_type", .longText), .init("col_num", .integer),
        ]
    }

    /// A view that cannot be bound now has none.
    private static let lateBinding = SystemTableFunction("pg_get_late_binding_view_cols") { types in
        types.isEmpty ? .init(arguments: [], columns: columns("view")) : nil
    } rows: { catalog, _, _ in
        let state = catalog().state
        return FunctionRows(
            state.ownViews.filter(\.columns.isEmpty).flatMap { view in
                rows(view.name, (state.lateBindingColumns(view) ?? []).map { ($0.name, $0.type) })
            })
    }

    private static let ofRelation = SystemTableFunction("pg_get_cols") { types in
        guard types.count == 1, types[0].isString else { return nil }
        return .init(arguments: [.longText], columns: columns("view"))
    } rows: { catalog, arguments, _ throws(SQLError) in
        let lookup = catalog()
        let relation = try lookup.relation(written: arguments.text(0))
        if case .view(let view) = relation.content, view.columns.isEmpty {
            return FunctionRows(
                rows(view.name, (lookup.state.lateBindingColumns(view) ?? []).map { ($0.name, $0.type) }))
        }
        return FunctionRows(rows(relation.name, relation.columns.map { ($0.name, $0.type) }))
    }

    private static func rows(_ relation: TableName, _ columns: [(name: String, type: SQLType)]) -> [[SQLValue]] {
        columns.enumerated().map { place, column in
            [
                .text(relation.schema), .text(relation.name), .text(column.name), .text(column.type.description),
                .int(place + 1),
            ]
        }
    }
}
