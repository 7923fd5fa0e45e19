import Catalog
import SQLTypes

/// Functions about relations: their names, definitions and comments.
/// - Source: PostgreSQL 8.0, "System information functions"; psql 15 for those that later releases added.
enum RelationFunctions {
    static let all: [SystemFunction] = names + definitions + comments

    private static let names: [SystemFunction] = [
        SystemFunction("pg_table_is_visible", [.oid], .boolean) { catalog, arguments in
            let lookup = catalog()
            return lookup.relation(arguments.integer(0)).map { .boolean(lookup.isVisible($0)) } ?? .null
        },
        SystemFunction("regclassin", [.longText], .catalog(.regclass)) { catalog, arguments throws(SQLError) in
            .oid(try catalog().relation(written: arguments.text(0)).oid)
        },
        SystemFunction("regclassout", [.catalog(.regclass)], .longText) { catalog, arguments in
            let number = arguments.integer(0)
            if number == 0 { return .text("-") }
            let lookup = catalog()
            return .text(lookup.relation(number).map(lookup.shownName) ?? "\(number)")
        },
        // The two that there are have no place of their own.
        SystemFunction("pg_tablespace_location", [.oid], .longText) { _, _ in SQLValue("") },
        SystemFunction("format_encoding", [.integer], .varchar(length: 32)) { _, arguments in
            Int(exactly: arguments.integer(0)).flatMap { ColumnEncoding(code: $0) }.map { .text($0.shownName) } ?? .null
        },
    ]

    // MARK: Definitions

    private static let definitions: [SystemFunction] = [
        // What is asked for is text already: pg_attrdef keeps no trees.
        SystemFunction("pg_get_expr", [([.longText, .oid], .longText), ([.longText, .oid, .boolean], .longText)]) {
            _, arguments in arguments[0]
        },
        SystemFunction(
            "pg_get_viewdef",
            [
                ([.oid], .longText), ([.oid, .boolean], .longText), ([.oid, .integer], .longText),
                ([.longText], .longText), ([.longText, .boolean], .longText),
            ]
        ) { catalog, arguments throws(SQLError) in
            let lookup = catalog()
            let relation: CatalogObjects.Relation?
            if case .string = arguments[0] {
                relation = try lookup.relation(written: arguments.text(0))
            } else {
                relation = lookup.relation(arguments.integer(0))
            }
            guard let relation, case .view(let view) = relation.content else { return .text("Not a view") }
            return SystemView.definition(of: view)
        },
        SystemFunction("pg_get_constraintdef", [([.oid], .longText), ([.oid, .boolean], .longText)]) {
            catalog, arguments in
            let lookup = catalog()
            return lookup.constraint(arguments.integer(0)).map { .text(definition(of: $0, lookup)) } ?? .null
        },
        SystemFunction("pg_get_indexdef", [([.oid], .longText), ([.oid, .integer, .boolean], .longText)]) {
            catalog, arguments in
            guard let relation = catalog().relation(arguments.integer(0)),
                case .index(let constraint) = relation.content
            else { return .null }
            let column = arguments.integer(1)
            if arguments.count == 1 || column == 0 { return .text(constraint.indexDefinition) }
            let columns = relation.columns
            guard let place = Int(exactly: column), columns.indices.contains(place - 1) else { return .text("") }
            return .text(columns[place - 1].name.quotedIdentifier)
        },
        SystemFunction("pg_get_ruledef", [([.oid], .longText), ([.oid, .boolean], .longText)]) { catalog, arguments in
            let lookup = catalog()
            guard
                let view = lookup.state.ownViews.first(where: {
                    Int64(lookup.objects.numbers[.rule($0.name)]) == arguments.integer(0)
                })
            else { return .null }
            return .text(
                "CREATE RULE \"_RETURN\" AS ON SELECT TO \(view.name.quotedText) DO INSTEAD \(view.text);",
                max: SQLType.maximumVarcharLength)
        },
        // There are no sequences: IDENTITY has none that could be named.
        SystemFunction("pg_get_serial_sequence", [.longText, .longText], .longText) {
            catalog, arguments throws(SQLError) in
            let relation = try catalog().relation(written: arguments.text(0))
            guard relation.columns.contains(where: { $0.name == arguments.text(1) }) else {
                throw SQLError(
                    .undefinedColumn,
                    "column \"\(arguments.text(1))\" of relation \"\(relation.name.name)\" does not exist")
            }
            return .null
        },
    ]

    private static func definition(of constraint: CatalogObjects.Constraint, _ lookup: CatalogLookup) -> String {
        func list(_ columns: [Int], of table: TableDefinition) -> String {
            columns.compactMap { table.columns.indices.contains($0) ? table.columns[$0].name.quotedIdentifier : nil }
                .joined(separator: ", ")
        }
        switch constraint.definition {
        case .primaryKey(_, let columns): return "PRIMARY KEY (\(list(columns, of: constraint.table)))"
        case .unique(_, let columns): return "UNIQUE (\(list(columns, of: constraint.table)))"
        case .foreignKey(_, let columns, let target, let referenced):
            let own = list(columns, of: constraint.table)
            guard let relation = lookup.relation(Int64(target.rawValue)), case .table(let table) = relation.content
            else { return "FOREIGN KEY (\(own))" }
            return "FOREIGN KEY (\(own)) REFERENCES \(lookup.shownName(relation))(\(list(referenced, of: table)))"
        }
    }

    // MARK: Comments

    private static let comments: [SystemFunction] = [
        SystemFunction("obj_description", [([.oid, .name], .longText), ([.oid], .longText)]) { catalog, arguments in
            let lookup = catalog()
            guard arguments.count > 1 else { return lookup.comment(on: arguments.integer(0)) }
            guard let table = lookup.relation(named: arguments.text(1)) else { return .null }
            return lookup.comment(on: arguments.integer(0), in: Int64(table.oid))
        },
        SystemFunction("shobj_description", [.oid, .name], .longText) { catalog, arguments in
            let lookup = catalog()
            guard let table = lookup.relation(named: arguments.text(1)) else { return .null }
            return lookup.comment(on: arguments.integer(0), in: Int64(table.oid))
        },
        SystemFunction("col_description", [.oid, .integer], .longText) { catalog, arguments in
            catalog().comment(on: arguments.integer(0), part: arguments.integer(1))
        },
    ]
}
