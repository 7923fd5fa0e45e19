import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Sessions that have ended. - Source: Redshift developer guide, "STL_SESSIONS".
    static let stlSessions = SystemView(
        "stl_sessions",
        [
            .int("userid"), .time("starttime"), .time("endtime"), .int("process"), .char("user_name", 50),
            .char("db_name", 50), .int("timeout_sec"), .int("timed_out"),
        ]
    ) { state in
        state.events().sessions.map { session in
            [
                session.source.userValue, .timestamp(session.startTime), .timestamp(session.endTime),
                .int(session.source.session), .text(session.userName, max: 50),
                .text(session.source.database, max: 50), .clamped(session.timeoutSeconds),
                .int(Int32(session.end.rawValue)),
            ]
        }
    }
}
