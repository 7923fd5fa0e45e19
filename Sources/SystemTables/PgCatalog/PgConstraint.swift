import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_constraint".
    static let pgConstraint = SystemView(
        catalog: "pg_constraint",
        [
            Column("conname", .name), Column("connamespace", .oid), Column("contype", .byte),
            Column("condeferrable", .boolean), Column("condeferred", .boolean), Column("conrelid", .oid),
            Column("contypid", .oid), Column("confrelid", .oid), Column("confupdtype", .byte),
            Column("confdeltype", .byte), Column("confmatchtype", .byte), Column("conkey", .array(.smallint)),
            Column("confkey", .array(.smallint)), Column("conbin", .longText), Column("consrc", .longText),
        ],
        hidden: [Column("oid", .oid), Column("conindid", .oid)],
        neutral: [
            (Column("convalidated", .boolean), .boolean(true)), (Column("conislocal", .boolean), .boolean(true)),
            (Column("coninhcount", .integer), .int(0)), (Column("connoinherit", .boolean), .boolean(true)),
            (Column("conparentid", .oid), .int(0)),
        ]
    ) { state in
        let objects = CatalogObjects(state)
        let schemas = Dictionary(uniqueKeysWithValues: objects.schemas.map { ($0.name, $0.oid) })
        return objects.constraints.map { constraint in
            row(of: constraint, schema: schemas[constraint.table.name.schema] ?? 0)
        }
    }

    private static func row(of constraint: CatalogObjects.Constraint, schema: ObjectID) -> [SQLValue] {
        var target: [SQLValue] = [.int(0), .text(" "), .text(" "), .text(" ")]
        var referenced = SQLValue.null
        let kind: String
        switch constraint.definition {
        case .primaryKey: kind = "p"
        case .unique: kind = "u"
        case .foreignKey(_, _, let table, let columns):
            kind = "f"
            // No action on update or delete, simple match.
            target = [.int(table.rawValue), .text("a"), .text("a"), .text("u")]
            referenced = .array(columns.map { $0 + 1 })
        }
        let owner: [SQLValue] = [
            .text(constraint.name), .oid(schema), .text(kind), .boolean(false), .boolean(false),
            .int(constraint.table.id.rawValue), .int(0),
        ]
        return owner + target + [
            .array(constraint.definition.columns.map { $0 + 1 }), referenced, .null, .null, .oid(constraint.oid),
            .oid(constraint.index),
        ]
    }
}
