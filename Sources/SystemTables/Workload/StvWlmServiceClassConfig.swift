import Catalog
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "STV_WLM_SERVICE_CLASS_CONFIG".
    static let stvWlmServiceClassConfig = SystemView(
        "stv_wlm_service_class_config",
        [
            Column("service_class", .integer), Column("queueing_strategy", .char(length: 32)),
            Column("num_query_tasks", .integer), Column("target_num_query_tasks", .integer),
            Column("evictable", .char(length: 8)), Column("eviction_threshold", .bigint),
            Column("query_working_mem", .integer), Column("target_query_working_mem", .integer),
            Column("min_step_mem", .integer), Column("name", .char(length: 64)), Column("max_execution_time", .bigint),
            Column("user_group_wild_card", .boolean), Column("query_group_wild_card", .boolean),
            Column("concurrency_scaling", .char(length: 20)), Column("query_priority", .char(length: 20)),
        ]
    ) { state in
        state.live().workload.queues.map { queue in
            let tasks: SQLValue = .int(queue.isAutomatic ? -1 : queue.slots)
            let memory: SQLValue = .int(queue.isAutomatic ? -1 : queue.slotMegabytes)
            return [
                .int(queue.id), .text(queue.isAutomatic ? "Automatic" : "FIFO Queue Policy"), tasks, tasks,
                .text(queue.timeoutMs > 0 ? "true" : "false"), .int(queue.timeoutMs * 1_000), memory, memory,
                .int(0), .text(queue.name, max: 64), .int(queue.timeoutMs), .boolean(queue.hasUserWildcards),
                .boolean(queue.hasQueryWildcards), .text("off"), .text(priority(ofClass: queue.id)),
            ]
        }
    }
}
