import Catalog
import SQLTypes

extension SystemView {
    /// Queries that run on the compute nodes; those that never leave the leader are not among them.
    /// - Source: Redshift developer guide, "STV_INFLIGHT".
    static let stvInflight = SystemView(
        "stv_inflight",
        [
            Column("userid", .integer), Column("slice", .integer), Column("query", .integer),
            Column("label", .char(length: 320)), Column("xid", .bigint), Column("pid", .integer),
            Column("starttime", .timestamp), Column("text", .char(length: 100)), Column("suspended", .integer),
            Column("insert_pristine", .integer), Column("concurrency_scaling_status", .integer),
        ]
    ) { state in
        let live = state.live()
        return live.queries.map { query in
            let user = live.sessions.first { $0.process == query.process }?.user ?? state.user
            return [
                .int(state.userNumber(user)), .int(leaderSlice), .int(query.number),
                // The log of queries calls one without `query_group` so, and this view nothing.
                .text(query.label == "default" ? "" : query.label, max: 320),
                .int(query.transaction), .int(query.process), .timestamp(query.startTime),
                .text(query.text, max: 100), .int(0), .int(0), .int(0),
            ]
        }
    }

    /// The leader's number in the guide's samples.
    private static let leaderSlice = 1011
}
