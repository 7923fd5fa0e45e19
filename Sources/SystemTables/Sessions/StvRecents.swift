import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Statements that run, and queries that ran last. - Source: Redshift developer guide, "STV_RECENTS".
    static let stvRecents = SystemView(
        "stv_recents",
        [
            Column("userid", .integer), Column("status", .char(length: 20)), Column("starttime", .timestamp),
            Column("duration", .integer), Column("user_name", .char(length: 50)), Column("db_name", .char(length: 50)),
            Column("query", .char(length: 600)), Column("pid", .integer),
        ]
    ) { state in
        let live = state.live()
        func row(
            _ status: String, _ start: Int64, _ end: Int64, _ number: Int32, _ user: String, _ database: String,
            _ text: String,
            _ process: Int32
        ) -> [SQLValue] {
            [
                .int(number), .text(status), .timestamp(start), .int(Int32(clamping: end - start)),
                .text(user, max: 50), .text(database, max: 50), .text(text, max: 600), .int(process),
            ]
        }
        let running = live.sessions.compactMap { session in
            session.statement.map {
                row(
                    "Running", $0.startTime, live.now, state.userNumber(session.user), session.user, session.database,
                    $0.text, session.process)
            }
        }
        let done = state.queries.lazy.map(\.summary).filter(\.usesNodes).suffix(recentCount).reversed().map { query in
            row(
                "Done", query.startTime, query.endTime, query.userID.rawValue, query.user, query.database,
                query.trace.text,
                -1)
        }
        return running + done
    }

    private static let recentCount = 100
}
