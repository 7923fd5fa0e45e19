import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "STV_WLM_SERVICE_CLASS_STATE".
    static let stvWlmServiceClassState = SystemView(
        "stv_wlm_service_class_state",
        [
            Column("service_class", .integer), Column("num_queued_queries", .integer),
            Column("num_executing_queries", .integer), Column("num_serviced_queries", .integer),
            Column("num_executed_queries", .integer), Column("num_evicted_queries", .integer),
            Column("num_concurrency_scaling_queries", .integer),
        ]
    ) { state in
        state.live().workload.queues.map { queue in
            [
                .int(queue.id), .int(queue.queued), .int(queue.executing), .int(queue.serviced), .int(queue.executed),
                .int(queue.evicted), .int(0),
            ]
        }
    }
}
