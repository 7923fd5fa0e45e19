import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_proc".
    static let pgProc = SystemView(
        catalog: "pg_proc", columnsOfPgProc, hidden: [Column("oid", .oid), Column("proiswindow", .boolean)],
        neutral: [
            (Column("proallargtypes", .array(.oid)), .null), (Column("proargmodes", .array(.char)), .null),
            (Column("prolibid", .oid), .int(0)), (Column("proleakproof", .boolean), .boolean(false)),
            (Column("procost", .real), .real(1)), (Column("prorows", .real), .real(0)),
            (Column("proconfig", .array(.text)), .null), (Column("provariadic", .oid), .int(0)),
        ]
    ) { state in
        state.functions().all.map { row(of: $0) + [.oid($0.oid), .boolean($0.kind == .window)] }
    }

    static let columnsOfPgProc: [Column] = [
        Column("proname", .name), Column("pronamespace", .oid), Column("proowner", .integer), Column("prolang", .oid),
        Column("proisagg", .boolean), Column("prosecdef", .boolean), Column("proisstrict", .boolean),
        Column("proretset", .boolean), Column("provolatile", .byte), Column("pronargs", .smallint),
        Column("prorettype", .oid), Column("proargtypes", .catalog(.oidvector)),
        Column("proargnames", .array(.text)), Column("prosrc", .longText), Column("probin", .longText),
        Column("proacl", .array(.aclitem)),
    ]

    static func row(of function: CatalogFunction) -> [SQLValue] {
        let volatility =
            switch function.volatility {
            case .immutable: "i"
            case .stable: "s"
            case .volatile: "v"
            }
        return [
            .text(function.signature.name), .oid(SystemSchemas.catalog), .int(SystemState.systemOwner),
            .oid(PgLanguage.internalLanguage), .boolean(function.kind == .aggregate), .boolean(false),
            .boolean(function.isStrict), .boolean(false), .text(volatility), .int(function.signature.arguments.count),
            .oid(function.result), .vector(function.signature.arguments), .null, .text(function.signature.name), .null,
            .null,
        ]
    }
}
