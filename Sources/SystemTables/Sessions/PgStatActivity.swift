import Catalog
import SQLTypes

extension SystemView {
    /// Sessions and what they do. - Source: PostgreSQL 8.0, "pg_stat_activity".
    static let pgStatActivity = SystemView(
        "pg_stat_activity",
        [
            Column("datid", .oid), Column("datname", .name), Column("procpid", .integer), Column("usesysid", .integer),
            Column("usename", .name), Column("current_query", .longText), Column("query_start", .timestamptz),
        ]
    ) { state in
        state.live().sessions.filter { state.seesSessions(of: $0.user) }.map { session in
            let index = state.allDatabases.firstIndex { $0.name == session.database }
            let number = index.map { $0 == 0 ? state.databaseNumber : PgDatabase.number(ofMade: $0) }
            return [
                number.map { .int($0) } ?? .null, .text(session.database), .int(session.process),
                .int(state.userNumber(session.user)), .text(session.user),
                .text(session.statement?.text ?? "<IDLE>", max: SQLType.maximumVarcharLength),
                session.statement.map { .timestamp($0.startTime) } ?? .null,
            ]
        }
    }
}
