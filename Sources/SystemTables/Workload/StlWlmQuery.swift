import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Queries that have been through a queue: also those that gave up waiting, which no other log of queries has.
    /// - Source: Redshift developer guide, "STL_WLM_QUERY".
    static let stlWlmQuery = SystemView(log: "stl_wlm_query", QueuedQuery.fields) { scan, add in
        let names = scan.queueNames
        for query in scan.statements {
            guard let queue = query.summary.queue else { continue }
            add(QueuedQuery(record: query.summary, queue: queue, name: names[queue.serviceClass] ?? ""))
        }
    }
}

private struct QueuedQuery {
    let record: QueryRecord
    let queue: QueueUse
    let name: String

    static let fields: [Field<QueuedQuery>] = [
        Field("userid", .integer) { .int($0.record.userID.rawValue) },
        Field("xid", .integer) { .int($0.record.transaction) }, Field("task", .integer) { .int($0.record.number) },
        Field("query", .integer) { .int($0.record.number) },
        Field("service_class", .integer) { .int($0.queue.serviceClass) },
        Field("slot_count", .integer) { .int($0.queue.slots) },
        Field("service_class_start_time", .timestamp) { .timestamp($0.queue.queueStart) },
        Field("queue_start_time", .timestamp) { .timestamp($0.queue.queueStart) },
        Field("queue_end_time", .timestamp) { .timestamp($0.runStart) },
        Field("total_queue_time", .bigint) { .int($0.record.queueTime) },
        Field("exec_start_time", .timestamp) { .timestamp($0.runStart) },
        Field("exec_end_time", .timestamp) { .timestamp($0.record.endTime) },
        Field("total_exec_time", .bigint) { .int($0.record.endTime - $0.runStart) },
        Field("service_class_end_time", .timestamp) { .timestamp($0.record.endTime) },
        Field("final_state", .char(length: 16)) { .text($0.queue.runStart == nil ? "Evicted" : "Completed") },
        Field("est_peak_mem", .bigint, .int(0)),
        Field("query_priority", .char(length: 20)) { .text(SystemView.priority(ofClass: $0.queue.serviceClass)) },
        Field("service_class_name", .char(length: 64)) { .text($0.name, max: 64) },
    ]

    /// One that gave up waiting was in the queue to its end.
    private var runStart: Int64 { queue.runStart ?? record.endTime }
}
