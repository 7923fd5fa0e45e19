import Catalog
import SQLTypes

extension SystemView {
    /// The rule that makes a view a view: from it pg_depend leads to what the view reads.
    /// - Source: PostgreSQL 8.0, "pg_rewrite".
    static let pgRewrite = SystemView(
        catalog: "pg_rewrite",
        [
            Column("rulename", .name), Column("ev_class", .oid), Column("ev_attr", .smallint), Column("ev_type", .byte),
            Column("is_instead", .boolean), Column("ev_qual", .longText), Column("ev_action", .longText),
        ], hidden: [Column("oid", .oid)], neutral: [(Column("ev_enabled", .byte), .text("O"))]
    ) { state in
        let numbers = CatalogObjects(state).numbers
        return state.ownViews.map { view in
            [
                .text("_RETURN"), .oid(numbers[.view(view.name)]), .int(-1), .text("1"), .boolean(true), .text("<>"),
                .text(view.text, max: SQLType.maximumVarcharLength), .oid(numbers[.rule(view.name)]),
            ]
        }
    }
}
