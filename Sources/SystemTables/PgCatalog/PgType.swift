import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_type".
    static let pgType = SystemView(
        catalog: "pg_type",
        [
            Column("typname", .name), Column("typnamespace", .oid), Column("typowner", .integer),
            Column("typlen", .smallint), Column("typbyval", .boolean), Column("typtype", .byte),
            Column("typisdefined", .boolean), Column("typdelim", .byte), Column("typrelid", .oid),
            Column("typelem", .oid), Column("typinput", .catalog(.regproc)), Column("typoutput", .catalog(.regproc)),
            Column("typreceive", .catalog(.regproc)), Column("typsend", .catalog(.regproc)),
            Column("typanalyze", .catalog(.regproc)), Column("typalign", .byte), Column("typstorage", .byte),
            Column("typnotnull", .boolean), Column("typbasetype", .oid), Column("typtypmod", .integer),
            Column("typndims", .integer), Column("typdefaultbin", .longText), Column("typdefault", .longText),
        ],
        hidden: [Column("oid", .oid), Column("typarray", .oid), Column("typcategory", .byte)],
        neutral: [
            (Column("typcollation", .oid), .int(0)), (Column("typispreferred", .boolean), .boolean(false)),
            (Column("typacl", .array(.aclitem)), .null),
        ]
    ) { state in
        let functions = state.functions()
        return TypeListing.all.map { row($0, functions) }
    }

    private static func row(_ type: TypeListing.Entry, _ functions: FunctionListing) -> [SQLValue] {
        let what: [SQLValue] = [
            .text(type.name), .oid(SystemSchemas.catalog), .int(SystemState.systemOwner), .int(type.length),
            .boolean(type.layout.isByValue), .text(type.kind), .boolean(true), .text(","), .int(0), .oid(type.element),
        ]
        return what + ["in", "out", "recv", "send"].map { .oid(functions.number(of: $0, for: type)) } + [
            .int(0), .text(type.layout.alignment), .text(type.layout.storage), .boolean(false), .int(0), .int(-1),
            .int(0), .null, .null, .oid(type.oid), .oid(type.array), .text(type.category),
        ]
    }
}
