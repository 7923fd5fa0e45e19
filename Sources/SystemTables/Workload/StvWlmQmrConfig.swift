import Catalog
import SQLTypes

extension SystemView {
    /// The monitoring rules, a row for each predicate. - Source: Redshift developer guide, "STV_WLM_QMR_CONFIG".
    static let stvWlmQmrConfig = SystemView(
        "stv_wlm_qmr_config",
        [
            Column("service_class", .integer), Column("rule_name", .char(length: 256)),
            Column("action", .char(length: 256)), Column("metric_name", .char(length: 256)),
            Column("metric_operator", .char(length: 256)), Column("metric_value", .double),
            Column("action_value", .char(length: 256)),
        ]
    ) { state in
        state.live().workload.queues.flatMap { queue in
            queue.predicates.map { predicate in
                [
                    .int(queue.id), .text(predicate.rule, max: 256), .text(predicate.action),
                    .text(predicate.metric), .text(predicate.comparison), .double(Double(predicate.value)), .text(""),
                ]
            }
        }
    }
}
