import Catalog
import SQLTypes

extension SystemView {
    /// - Source: PostgreSQL 8.0, "pg_database".
    static let pgDatabase = SystemView(
        catalog: "pg_database", columnsOfPgDatabase, hidden: [Column("oid", .oid)],
        neutral: [
            (Column("datcollate", .name), .text("C")), (Column("datctype", .name), .text("C")),
            (Column("datconnlimit", .integer), .int(-1)),
        ]
    ) { state in
        rowsOfPgDatabase(state)
    }

    static let columnsOfPgDatabase: [Column] = [
        Column("datname", .name), Column("datdba", .integer), Column("encoding", .integer),
        Column("datistemplate", .boolean), Column("datallowconn", .boolean), Column("datlastsysoid", .oid),
        Column("datvacuumxid", .catalog(.xid)), Column("datfrozenxid", .catalog(.xid)), Column("dattablespace", .oid),
        Column("datconfig", .array(.text)), Column("datacl", .array(.aclitem)),
    ]

    /// With the number at the end.
    static func rowsOfPgDatabase(_ state: SystemState) -> [[SQLValue]] {
        state.allDatabases.enumerated().map { index, database in
            let number = index == 0 ? state.databaseNumber : PgDatabase.number(ofMade: index)
            let row: [SQLValue] = [
                .text(database.name), .int(database.owner.rawValue), .int(PgDatabase.utf8), .boolean(false),
                .boolean(true), .int(TableID.firstUserTable.rawValue - 1), .int(0), .int(0),
                .oid(PgTablespace.standard), .null, state.accessItems(of: .database(database.name)),
                .int(number),
            ]
            return row
        }
    }
}

enum PgDatabase {
    /// `encoding`: UNICODE in 8.0, UTF8 since.
    static let utf8 = 6

    /// Behind the first database's, in the order of their names.
    static func number(ofMade index: Int) -> Int { SystemView.databaseID + index }
}
