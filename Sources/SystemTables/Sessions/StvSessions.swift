import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "STV_SESSIONS".
    static let stvSessions = SystemView(
        "stv_sessions",
        [
            Column("starttime", .timestamp), Column("process", .integer), Column("user_name", .char(length: 50)),
            Column("db_name", .char(length: 50)), Column("timeout_sec", .integer),
        ]
    ) { state in
        state.live().sessions.filter { state.seesSessions(of: $0.user) }.map { session in
            [
                .timestamp(session.startTime), .int(session.process), .text(session.user, max: 50),
                .text(session.database, max: 50), .int(session.timeoutSeconds),
            ]
        }
    }
}
