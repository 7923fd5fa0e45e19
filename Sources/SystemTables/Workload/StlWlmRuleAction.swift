import Catalog
import SQLTypes

extension SystemView {
    /// What monitoring rules have done. - Source: Redshift developer guide, "STL_WLM_RULE_ACTION".
    static let stlWlmRuleAction = SystemView(
        "stl_wlm_rule_action",
        [
            Column("userid", .integer), Column("query", .integer), Column("service_class", .integer),
            Column("rule", .char(length: 256)), Column("action", .char(length: 256)), Column("recordtime", .timestamp),
            Column("action_value", .char(length: 256)), Column("service_class_name", .char(length: 64)),
        ]
    ) { state in
        let workload = state.live().workload
        let names = Dictionary(workload.queues.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let users = state.userNumbersOfQueries
        return workload.actions.filter { state.mayKnow(query: $0.query, users) }.map { action in
            [
                .int(users[action.query] ?? 0), .int(action.query), .int(action.serviceClass),
                .text(action.rule, max: 256),
                .text(action.action), .timestamp(action.time), .text(""),
                .text(names[action.serviceClass] ?? "", max: 64),
            ]
        }
    }
}
