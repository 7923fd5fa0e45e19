import FoundationEssentials
package import SQLTypes

extension WorkloadConfiguration {
    /// Reads the parameter `wlm_json_configuration`.
    /// - Parameter permits: for automatic queues.
    /// - Source: Redshift management guide, "WLM configuration properties in the wlm_json_configuration parameter".
    /// - Throws: 22023 for what is no configuration, or has more than 8 queues or 50 slots.
    package init(json: String, permits: Int) throws(SQLError) {
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: Data(json.utf8))
        } catch {
            throw Self.invalid("it is no list of queues: \(error)")
        }
        let queues = entries.filter(\.isQueue)
        if entries.contains(where: { $0.auto_wlm == true }) {
            guard queues.allSatisfy({ $0.query_concurrency == nil }) else {
                throw Self.invalid("automatic queues have no query_concurrency")
            }
            self = .automatic(permits: permits)
            return
        }
        guard 1...8 ~= queues.count else { throw Self.invalid("it has \(queues.count) queues, not 1 to 8") }
        var classes = [Self.superuserClass]
        for (index, queue) in queues.enumerated() {
            let isLast = index == queues.count - 1
            let standardName = isLast ? "Default queue" : "Queue \(index + 1)"
            classes.append(try queue.serviceClass(ServiceClass.firstManual + index, standardName))
        }
        guard classes.dropFirst().reduce(0, { $0 + $1.concurrency }) <= 50 else {
            throw Self.invalid("its queues have more than 50 slots together")
        }
        guard classes.reduce(0, { $0 + ($1.memoryPercent ?? 0) }) <= 100 else {
            throw Self.invalid("its queues have more than 100 percent of the memory together")
        }
        self.init(
            classes: classes, acceleratesShortQueries: entries.contains { $0.short_query_queue == true })
    }

    fileprivate static func invalid(_ reason: String) -> SQLError {
        SQLError(.invalidParameterValue, "wlm_json_configuration is not valid", detail: "\(reason).")
    }

    /// The names are the parameter's.
    private struct Entry: Decodable {
        var auto_wlm: Bool?
        var short_query_queue: Bool?
        var name: String?
        var query_concurrency: Int?
        var memory_percent_to_use: Int?
        var max_execution_time: Int64?
        var user_group: [String]?
        var user_group_wild_card: Int?
        var query_group: [String]?
        var query_group_wild_card: Int?
        var rules: [RuleEntry]?

        var isQueue: Bool {
            query_concurrency != nil || user_group != nil || query_group != nil || memory_percent_to_use != nil
                || rules != nil
        }

        func serviceClass(_ id: Int, _ standardName: String) throws(SQLError) -> ServiceClass {
            let concurrency = query_concurrency ?? 5
            guard 1...50 ~= concurrency else {
                throw WorkloadConfiguration.invalid("query_concurrency \(concurrency) is not 1 to 50")
            }
            if let percent = memory_percent_to_use, !(0...100 ~= percent) {
                throw WorkloadConfiguration.invalid("memory_percent_to_use \(percent) is not 0 to 100")
            }
            guard max_execution_time ?? 0 >= 0 else {
                throw WorkloadConfiguration.invalid("max_execution_time is negative")
            }
            var queue = ServiceClass(
                id: id, name: name ?? standardName, concurrency: concurrency, memoryPercent: memory_percent_to_use)
            queue.userGroups = (user_group ?? []).map { $0.lowercased() }
            queue.userGroupsHaveWildcards = user_group_wild_card == 1
            queue.queryGroups = (query_group ?? []).map { $0.lowercased() }
            queue.queryGroupsHaveWildcards = query_group_wild_card == 1
            queue.timeoutMs = max_execution_time ?? 0
            for rule in rules ?? [] { queue.rules.append(try rule.rule()) }
            return queue
        }
    }

    private struct RuleEntry: Decodable {
        struct Condition: Decodable {
            var metric_name: String
            var `operator`: String
            var value: Int64
        }
        var rule_name: String
        var predicate: [Condition]
        var action: String

        func rule() throws(SQLError) -> MonitoringRule {
            guard let action = MonitoringRule.Action(rawValue: action) else {
                throw WorkloadConfiguration.invalid("rule \"\(rule_name)\" has the action \"\(action)\"")
            }
            guard 1...3 ~= predicate.count else {
                throw WorkloadConfiguration.invalid(
                    "rule \"\(rule_name)\" has \(predicate.count) predicates, not 1 to 3")
            }
            var predicates: [MonitoringRule.Predicate] = []
            for condition in predicate {
                guard let metric = MonitoringRule.Metric(rawValue: condition.metric_name) else {
                    throw .unsupported("the metric \(condition.metric_name) in rule \"\(rule_name)\"")
                }
                guard let comparison = MonitoringRule.Predicate.Comparison(rawValue: condition.operator) else {
                    throw WorkloadConfiguration.invalid(
                        "rule \"\(rule_name)\" has the operator \"\(condition.operator)\"")
                }
                predicates.append(
                    MonitoringRule.Predicate(metric: metric, comparison: comparison, value: condition.value))
            }
            return MonitoringRule(name: rule_name, predicates: predicates, action: action)
        }
    }
}
