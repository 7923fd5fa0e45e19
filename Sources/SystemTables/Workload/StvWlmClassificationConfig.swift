import Catalog
import SQLTypes

extension SystemView {
    /// Which queries go to which queue: the first rule that holds.
    /// - Source: Redshift developer guide, "STV_WLM_CLASSIFICATION_CONFIG", whose sample has these conditions.
    static let stvWlmClassificationConfig = SystemView(
        "stv_wlm_classification_config",
        [
            Column("id", .integer), Column("condition", .char(length: 128)), Column("action_seq", .integer),
            Column("action", .char(length: 64)), Column("action_service_class", .integer),
        ]
    ) { state in
        let queues = state.live().workload.queues
        var rules: [(condition: String, queue: Int)] = []
        for queue in queues where queue.id != shortQueryClass {
            if queue.id == superuserClass { rules.append(("(super user) and (query group: superuser)", queue.id)) }
            rules += queue.queryGroups.map { ("(query group: \($0))", queue.id) }
            rules += queue.userGroups.map { ("(user group: \($0))", queue.id) }
        }
        if let last = queues.last(where: { $0.id != shortQueryClass }) { rules.append(("(querytype: any)", last.id)) }
        return rules.enumerated().map { number, rule in
            [.int(number + 1), .text(rule.condition, max: 128), .int(0), .text("assign"), .int(rule.queue)]
        }
    }

    /// Redshift's numbers of the classes that it has itself; the second takes what is expected to be short.
    private static let superuserClass = 5
    private static let shortQueryClass = 14
}
