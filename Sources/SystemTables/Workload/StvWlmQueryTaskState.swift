import Catalog
import SQLTypes

extension SystemView {
    /// Queries that run in a slot: here each is one task. - Source: Redshift developer guide, "STV_WLM_QUERY_TASK_STATE".
    static let stvWlmQueryTaskState = SystemView(
        "stv_wlm_query_task_state",
        [
            Column("service_class", .integer), Column("task", .integer), Column("query", .integer),
            Column("slot_count", .integer), Column("start_time", .timestamp), Column("exec_time", .bigint),
        ]
    ) { state in
        let live = state.live()
        let shown = Set(live.queries.map(\.number))
        return live.workload.queries.compactMap { query -> [SQLValue]? in
            guard let start = query.runStart, state.seesAllQueries || shown.contains(query.number) else { return nil }
            return [
                .int(query.serviceClass), .int(query.number), .int(query.number), .int(query.slots),
                .timestamp(start), .int(live.now - start),
            ]
        }
    }
}
