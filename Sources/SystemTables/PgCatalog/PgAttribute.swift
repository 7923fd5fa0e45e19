import Catalog
import SQLTypes

extension SystemView {
    /// Columns of all that pg_class lists. System columns (ctid, oid, …) have no rows; numbers are those of the columns
    /// that there are, for a dropped one leaves no gap.
    /// - Source: PostgreSQL 8.0, "pg_attribute"; Redshift developer guide, "PG_ATTRIBUTE_INFO".
    static let pgAttribute = SystemView(
        catalog: "pg_attribute", columnsOfPgAttribute,
        neutral: [
            (Column("attcollation", .oid), .int(0)), (Column("attidentity", .byte), .text("")),
            (Column("attgenerated", .byte), .text("")), (Column("attacl", .array(.aclitem)), .null),
            (Column("attoptions", .array(.text)), .null), (Column("attfdwoptions", .array(.text)), .null),
            (Column("atthasmissing", .boolean), .boolean(false)), (Column("attcompression", .byte), .text("")),
        ]
    ) { state in
        rowsOfPgAttribute(state)
    }

    static let columnsOfPgAttribute: [Column] = [
        Column("attrelid", .oid), Column("attname", .name), Column("atttypid", .oid), Column("attstattarget", .integer),
        Column("attlen", .smallint), Column("attnum", .smallint), Column("attndims", .integer),
        Column("attcacheoff", .integer), Column("atttypmod", .integer), Column("attbyval", .boolean),
        Column("attstorage", .byte), Column("attalign", .byte), Column("attnotnull", .boolean),
        Column("atthasdef", .boolean), Column("attisdropped", .boolean), Column("attislocal", .boolean),
        Column("attinhcount", .integer), Column("attispreloaded", .boolean), Column("attisdistkey", .boolean),
        Column("attsortkeyord", .integer), Column("attencodingtype", .smallint), Column("attencrypttype", .smallint),
    ]

    static func rowsOfPgAttribute(_ state: SystemState) -> [[SQLValue]] {
        CatalogObjects(state).relations.flatMap(rowsOfPgAttribute)
    }

    /// In the order of the relation's columns.
    static func rowsOfPgAttribute(_ relation: CatalogObjects.Relation) -> [[SQLValue]] {
        relation.columns.enumerated().map { position, column in row(of: column, at: position, relation.oid) }
    }

    private static func row(of column: RelationColumn, at position: Int, _ relation: ObjectID) -> [SQLValue] {
        let layout = column.type.layout
        let key: [SQLValue] = [
            .oid(relation), .text(column.name), .oid(column.type.oid), .int(-1),
            .int(Int(column.type.postgreSQL.length)),
            .int(position + 1), .int(column.type.isArray ? 1 : 0), .int(-1), .int(column.type.typeModifier),
        ]
        return key + [
            .boolean(layout.isByValue), .text(layout.storage), .text(layout.alignment), .boolean(!column.isNullable),
            .boolean(column.hasDefault), .boolean(false), .boolean(true), .int(0), .boolean(false),
            .boolean(column.isDistributionKey), .int(column.sortKey), .int(column.encoding.code), .int(0),
        ]
    }
}
