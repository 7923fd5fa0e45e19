import Catalog
import SQLTypes

/// Tables of PostgreSQL's catalog for what there is none of here: no triggers, rules, inheritance, conversions, large
/// objects, operator classes, shared dependencies, collations. Tools read them all the same, and find nothing.
/// - Source: PostgreSQL 8.0, "System catalogs"; PG_COLLATION and the like of later releases, which psql names.
enum EmptyCatalogs {
    static let all: [SystemView] = tables + views

    private static let tables: [SystemView] = [
        table(
            "pg_trigger",
            [
                ("tgrelid", .oid), ("tgname", .name), ("tgfoid", .oid), ("tgtype", .smallint), ("tgenabled", .boolean),
                ("tgisconstraint", .boolean), ("tgconstrname", .name), ("tgconstrrelid", .oid),
                ("tgdeferrable", .boolean), ("tginitdeferred", .boolean), ("tgnargs", .smallint),
                ("tgattr", .catalog(.int2vector)), ("tgargs", .longText),
            ], hidden: [("oid", .oid), ("tgisinternal", .boolean), ("tgconstraint", .oid), ("tgparentid", .oid)]),
        table("pg_inherits", [("inhrelid", .oid), ("inhparent", .oid), ("inhseqno", .integer)]),
        table(
            "pg_conversion",
            [
                ("conname", .name), ("connamespace", .oid), ("conowner", .integer), ("conforencoding", .integer),
                ("contoencoding", .integer), ("conproc", .catalog(.regproc)), ("condefault", .boolean),
            ], hidden: [("oid", .oid)]),
        table("pg_largeobject", [("loid", .oid), ("pageno", .integer), ("data", .longText)]),
        table("pg_listener", [("relname", .name), ("listenerpid", .integer), ("notification", .integer)]),
        table(
            "pg_opclass",
            [
                ("opcamid", .oid), ("opcname", .name), ("opcnamespace", .oid), ("opcowner", .integer),
                ("opcintype", .oid), ("opcdefault", .boolean), ("opckeytype", .oid),
            ], hidden: [("oid", .oid), ("opcmethod", .oid), ("opcfamily", .oid)]),
        table(
            "pg_opfamily",
            [("opfmethod", .oid), ("opfname", .name), ("opfnamespace", .oid), ("opfowner", .integer)],
            hidden: [("oid", .oid)]),
        table(
            "pg_amop",
            [
                ("amopclaid", .oid), ("amopsubtype", .oid), ("amopstrategy", .smallint),
                ("amopreqcheck", .boolean), ("amopopr", .oid),
            ]),
        table(
            "pg_amproc",
            [
                ("amopclaid", .oid), ("amprocsubtype", .oid), ("amprocnum", .smallint),
                ("amproc", .catalog(.regproc)),
            ]),
        table(
            "pg_collation",
            [
                ("collname", .name), ("collnamespace", .oid), ("collowner", .integer), ("collencoding", .integer),
                ("collcollate", .name), ("collctype", .name),
            ], hidden: [("oid", .oid)]),
        table(
            "pg_external_schema",
            [
                ("esoid", .oid), ("eskind", .integer), ("esdbname", .longText), ("esoptions", .longText),
            ]),
        // Where Redshift notes the tables of BACKUP NO, which asks for nothing here.
        table("pg_conf", [("key", .longText), ("value", .longText)]),
        table(
            "pg_library",
            [
                ("name", .name), ("language_oid", .oid), ("file_store_id", .integer), ("owner", .integer),
            ], hidden: [("oid", .oid)]),
    ]

    private static let views: [SystemView] = [
        view(
            "pg_rules",
            [("schemaname", .name), ("tablename", .name), ("rulename", .name), ("definition", .longText)])
    ]

    private static func table(
        _ name: String, _ columns: [(String, SQLType)], hidden: [(String, SQLType)] = []
    ) -> SystemView {
        SystemView(catalog: name, columns.map(SystemView.Column.init), hidden: hidden.map(SystemView.Column.init)) {
            _ in []
        }
    }

    private static func view(_ name: String, _ columns: [(String, SQLType)]) -> SystemView {
        SystemView(name, columns.map(SystemView.Column.init)) { _ in [] }
    }
}

extension SystemView.Column {
    fileprivate init(_ column: (String, SQLType)) { self.init(column.0, column.1) }
}
