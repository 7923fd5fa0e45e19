import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Those, and the ones that are open. - Source: Redshift developer guide, "SYS_SESSION_HISTORY".
    static let sysSessionHistory = SystemView(
        "sys_session_history",
        [
            .char("user_id", 50), .int("session_id"), .char("database_name", 50), .char("status", 10),
            .int("session_timeout"), .time("start_time"), .time("end_time"),
        ]
    ) { state in
        let ended = state.events().sessions.map { session -> [SQLValue] in
            [
                .text("\(session.source.user.rawValue)"), .int(session.source.session),
                .text(session.source.database, max: 50), .text(session.end == .timedOut ? "timed out" : "closed"),
                .clamped(session.timeoutSeconds), .timestamp(session.startTime), .timestamp(session.endTime),
            ]
        }
        let open = state.live().sessions.filter { state.seesSessions(of: $0.user) }.map { session -> [SQLValue] in
            [
                .text("\(state.userNumber(session.user))"), .int(session.process),
                .text(session.database, max: 50), .text("active"), .clamped(session.timeoutSeconds),
                .timestamp(session.startTime), .null,
            ]
        }
        return ended + open
    }
}
