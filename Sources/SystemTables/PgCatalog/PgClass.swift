import Catalog
import SQLTypes

extension SystemView {
    /// Tables, views, the system's own, and an entry for the index that a PRIMARY KEY or UNIQUE constraint would have.
    /// Rows are counted as ANALYZE left them; nothing is stored in pages of PostgreSQL's.
    /// - Source: PostgreSQL 8.0, "pg_class"; Redshift developer guide, "PG_CLASS_INFO".
    static let pgClass = SystemView(
        catalog: "pg_class", columnsOfPgClass, hidden: [Column("oid", .oid)],
        neutral: [
            (Column("relhastriggers", .boolean), .boolean(false)), (Column("reloftype", .oid), .int(0)),
            (Column("relpersistence", .byte), .text("p")), (Column("reloptions", .array(.text)), .null),
            (Column("relrowsecurity", .boolean), .boolean(false)),
            (Column("relforcerowsecurity", .boolean), .boolean(false)),
            (Column("relreplident", .byte), .text("d")), (Column("relispartition", .boolean), .boolean(false)),
        ]
    ) { state in
        CatalogObjects(state).relations.map { relation in row(of: relation, state) + [.oid(relation.oid)] }
    }

    static let columnsOfPgClass: [Column] = [
        Column("relname", .name), Column("relnamespace", .oid), Column("reltype", .oid), Column("relowner", .integer),
        Column("relam", .oid), Column("relfilenode", .oid), Column("reltablespace", .oid), Column("relpages", .integer),
        Column("reltuples", .real), Column("reltoastrelid", .oid), Column("reltoastidxid", .oid),
        Column("relhasindex", .boolean), Column("relisshared", .boolean), Column("relkind", .byte),
        Column("relnatts", .smallint), Column("relexternid", .oid), Column("relisreplicated", .boolean),
        Column("relispinned", .boolean), Column("reldiststyle", .smallint), Column("relprojbaseid", .oid),
        Column("relchecks", .smallint), Column("reltriggers", .smallint), Column("relukeys", .smallint),
        Column("relfkeys", .smallint), Column("relrefs", .smallint), Column("relhasoids", .boolean),
        Column("relhaspkey", .boolean), Column("relhasrules", .boolean), Column("relhassubclass", .boolean),
        Column("relacl", .array(.aclitem)),
    ]

    /// Without the hidden columns.
    static func row(of relation: CatalogObjects.Relation, _ state: SystemState) -> [SQLValue] {
        var (table, keys, hasOIDs, isIndex, isView): (TableDefinition?, [TableConstraint], Bool, Bool, Bool) =
            (nil, [], false, false, false)
        switch relation.content {
        case .table(let definition):
            table = definition
            keys = definition.constraints
        case .system(let view):
            hasOIDs = view.definition.columns.contains { $0.isHidden && $0.name == "oid" }
            isView = view.isView
        case .view: isView = true
        case .index: isIndex = true
        }
        let tuples = table.flatMap { state.catalog.statistics[$0.id]?.rowCount } ?? 0
        let foreignKeys = keys.count { !$0.isKey }
        return [
            .text(relation.name.name), .oid(relation.schema), .int(0), .int(state.owner(of: relation)),
            .oid(isIndex ? PgAm.btree : 0), .oid(isView ? 0 : relation.oid), .int(0), .int(0), .real(Float(tuples)),
            .int(0), .int(0), .boolean(keys.count > foreignKeys), .boolean(false), .text(relation.kind),
            .int(relation.columnCount), .int(0), .boolean(false), .boolean(false),
            .int(table?.distribution.declaredCode ?? 0), .int(0), .int(0), .int(0), .int(0), .int(foreignKeys), .int(0),
            .boolean(hasOIDs), .boolean(keys.contains { if case .primaryKey = $0 { true } else { false } }),
            .boolean(isView), .boolean(false), isIndex ? .null : state.accessItems(of: relation.securable),
        ]
    }
}

extension CatalogObjects.Relation {
    fileprivate var columnCount: Int {
        switch content {
        case .system(let view): view.definition.columns.count { !$0.isHidden }
        case .table(let table): table.columns.count
        case .view(let view): view.columns.count
        case .index(let constraint): constraint.definition.columns.count
        }
    }
}

extension Distribution {
    /// `reldiststyle`: as declared, 9 for AUTO.
    var declaredCode: Int { isAutomatic ? 9 : code }
}
