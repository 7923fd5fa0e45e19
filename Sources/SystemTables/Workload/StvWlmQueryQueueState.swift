import Catalog
import SQLTypes

extension SystemView {
    /// Queries that wait, each with its place. - Source: Redshift developer guide, "STV_WLM_QUERY_QUEUE_STATE".
    static let stvWlmQueryQueueState = SystemView(
        "stv_wlm_query_queue_state",
        [
            Column("service_class", .integer), Column("position", .integer), Column("task", .integer),
            Column("query", .integer), Column("slot_count", .integer), Column("start_time", .timestamp),
            Column("queue_time", .bigint),
        ]
    ) { state in
        let live = state.live()
        var places: [Int: Int] = [:]
        return live.workload.queries.filter { $0.runStart == nil }.map { query in
            let place = places[query.serviceClass, default: 0] + 1
            places[query.serviceClass] = place
            return [
                .int(query.serviceClass), .int(place), .int(query.number), .int(query.number), .int(query.slots),
                .timestamp(query.queueStart), .int(live.now - query.queueStart),
            ]
        }
    }
}
