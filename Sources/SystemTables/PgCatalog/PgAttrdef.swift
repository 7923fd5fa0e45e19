import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_attrdef".
    static let pgAttrdef = SystemView(
        catalog: "pg_attrdef",
        [
            Column("adrelid", .oid), Column("adnum", .smallint), Column("adbin", .longText),
            Column("adsrc", .longText),
        ], hidden: [Column("oid", .oid)]
    ) { state in
        let objects = CatalogObjects(state)
        return state.ownTables.flatMap { table in
            table.columns.enumerated().compactMap { position, column -> [SQLValue]? in
                guard let text = column.defaultExpression(table: table.id, position: position) else { return nil }
                // `adbin` is a tree of PostgreSQL's parser there: here both are the text, which pg_get_expr gives back.
                return [
                    .int(table.id.rawValue), .int(position + 1), .text(text), .text(text),
                    .oid(objects.numbers[.columnDefault(table.id, column.name)]),
                ]
            }
        }
    }
}
