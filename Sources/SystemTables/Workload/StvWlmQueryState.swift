import Catalog
import SQLTypes

extension SystemView {
    /// Queries that run or wait in a queue. - Source: Redshift developer guide, "STV_WLM_QUERY_STATE".
    static let stvWlmQueryState = SystemView(
        "stv_wlm_query_state",
        [
            Column("xid", .integer), Column("task", .integer), Column("query", .integer),
            Column("service_class", .integer), Column("slot_count", .integer), Column("wlm_start_time", .timestamp),
            Column("state", .char(length: 16)), Column("queue_time", .bigint), Column("exec_time", .bigint),
            Column("query_priority", .char(length: 20)),
        ]
    ) { state in
        let live = state.live()
        // Of others' queries a user sees none, running or not.
        let shown = Set(live.queries.map(\.number))
        return live.workload.queries.filter { state.seesAllQueries || shown.contains($0.number) }.map { query in
            let start = query.runStart ?? live.now
            let running = query.isReturning ? "Returning" : "Running"
            return [
                .int(query.transaction), .int(query.number), .int(query.number), .int(query.serviceClass),
                .int(query.slots), .timestamp(query.queueStart),
                .text(query.runStart == nil ? "QueuedWaiting" : running), .int(start - query.queueStart),
                .int(live.now - start), .text(SystemView.priority(ofClass: query.serviceClass)),
            ]
        }
    }

    /// Only automatic queues have priorities.
    static func priority(ofClass id: Int) -> String { id >= 100 ? "normal" : "n/a" }
}
