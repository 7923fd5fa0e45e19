import Catalog
import SQLTypes

extension SystemView {
    /// Queries that have been through a queue. - Source: Redshift developer guide, "STL_WLM_QUERY".
    static let stlWlmQuery = SystemView(
        "stl_wlm_query",
        [
            Column("userid", .integer), Column("xid", .integer), Column("task", .integer), Column("query", .integer),
            Column("service_class", .integer), Column("slot_count", .integer),
            Column("service_class_start_time", .timestamp), Column("queue_start_time", .timestamp),
            Column("queue_end_time", .timestamp), Column("total_queue_time", .bigint),
            Column("exec_start_time", .timestamp), Column("exec_end_time", .timestamp),
            Column("total_exec_time", .bigint), Column("service_class_end_time", .timestamp),
            Column("final_state", .char(length: 16)), Column("est_peak_mem", .bigint),
            Column("query_priority", .char(length: 20)), Column("service_class_name", .char(length: 64)),
        ]
    ) { state in
        let workload = state.live().workload
        let names = Dictionary(workload.queues.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let users = state.userNumbersOfQueries
        return workload.records.filter { state.mayKnow(query: $0.number, users) }.map { query in
            let end = query.end ?? query.queueStart
            // One that gave up waiting was in the queue to its end.
            let start = query.runStart ?? end
            return [
                .int(users[query.number] ?? 0), .int(query.transaction), .int(query.number), .int(query.number),
                .int(query.serviceClass), .int(query.slots), .timestamp(query.queueStart),
                .timestamp(query.queueStart), .timestamp(start), .int(start - query.queueStart), .timestamp(start),
                .timestamp(end), .int(end - start), .timestamp(end),
                .text(query.runStart == nil ? "Evicted" : "Completed"), .int(0),
                .text(priority(ofClass: query.serviceClass)), .text(names[query.serviceClass] ?? "", max: 64),
            ]
        }
    }
}
