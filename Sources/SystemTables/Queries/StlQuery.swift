import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Statements that ran a plan and have ended. - Source: Redshift developer guide, "STL_QUERY".
    static let stlQuery = SystemView(
        "stl_query",
        [
            Column("userid", .integer), Column("query", .integer), Column("label", .char(length: 320)),
            Column("xid", .bigint),
            Column("pid", .integer), Column("database", .char(length: 32)), Column("querytxt", .char(length: 4_000)),
            Column("starttime", .timestamp), Column("endtime", .timestamp), Column("aborted", .integer),
            Column("insert_pristine", .integer), Column("concurrency_scaling_status", .integer),
        ]
    ) { state in
        state.queries.map { query -> [SQLValue] in
            [
                .int(query.session.userID.rawValue), .int(query.trace.query), .text("default"), .int(query.trace.query),
                .int(query.session.process),
                .text(query.session.database, max: 32), .text(query.trace.text, max: 4_000),
                .timestamp(query.startTime),
                .timestamp(query.endTime), .int(query.error == nil ? 0 : 1), .int(0), .int(0),
            ]
        }
    }
}
