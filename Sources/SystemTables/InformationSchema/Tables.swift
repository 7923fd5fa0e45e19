import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "information_schema.tables".
    static let informationSchemaTables = SystemView(
        "tables", schema: "information_schema",
        [
            Column("table_catalog", .identifier), Column("table_schema", .identifier),
            Column("table_name", .identifier), Column("table_type", .characterData),
            Column("self_referencing_column_name", .identifier), Column("reference_generation", .characterData),
            Column("user_defined_type_catalog", .identifier), Column("user_defined_type_schema", .identifier),
            Column("user_defined_name", .identifier),
        ]
    ) { state in
        state.namedRelations.map { relation in
            [
                .text(state.database), .text(relation.name.schema), .text(relation.name.name), .text(relation.kind),
                .null, .null, .null, .null, .null,
            ]
        }
    }
}

extension SystemState {
    struct NamedRelation {
        var name: TableName
        /// `BASE TABLE`, `LOCAL TEMPORARY`, `VIEW`.
        var kind: String
        /// What a comment would be about; nil: a table of the system.
        var target: CommentTarget?

        var isView: Bool { kind == "VIEW" }
    }

    /// Tables, then views, then the system's.
    var namedRelations: [NamedRelation] {
        userRelations
            + SystemViews.all.map {
                NamedRelation(name: $0.definition.name, kind: $0.isView ? "VIEW" : "BASE TABLE")
            }
    }

    var userRelations: [NamedRelation] {
        ownTables.map {
            NamedRelation(
                name: $0.name, kind: $0.isTemporary ? "LOCAL TEMPORARY" : "BASE TABLE", target: .table($0.id))
        } + ownViews.map { NamedRelation(name: $0.name, kind: "VIEW", target: .view($0.name)) }
    }

    func comment(_ relation: NamedRelation, max bytes: Int = 256) -> SQLValue {
        guard let target = relation.target, let text = catalog.comments[target] else { return .null }
        return .text(text, max: bytes)
    }
}
