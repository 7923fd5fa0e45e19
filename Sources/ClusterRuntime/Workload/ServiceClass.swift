/// A queue of the workload management: how many queries it lets run at a time, and whose.
/// - Source: Redshift management guide, "Workload management"; developer guide, "WLM system tables and views".
package struct ServiceClass: Hashable, Sendable {
    /// Numbers that Redshift gives to the classes it has itself.
    package static let superuser = 5
    package static let firstManual = 6
    package static let shortQueries = 14
    package static let automatic = 100

    package var id: Int
    package var name: String
    /// Slots: queries that run at a time, those that ask for several counted so often.
    package var concurrency: Int
    /// Of each node's memory that its queries share; nil: nothing is set apart for it.
    package var memoryPercent: Int?
    /// Patterns of user groups and of `query_group`, folded; `*` and `?` mean something only with `hasWildcards`.
    package var userGroups: [String] = []
    package var userGroupsHaveWildcards = false
    package var queryGroups: [String] = []
    package var queryGroupsHaveWildcards = false
    /// Milliseconds that a query may run before it is taken out of the queue; 0: as long as it wants.
    package var timeoutMs: Int64 = 0
    package var rules: [MonitoringRule] = []

    package init(id: Int, name: String, concurrency: Int, memoryPercent: Int? = nil) {
        self.id = id
        self.name = name
        self.concurrency = concurrency
        self.memoryPercent = memoryPercent
    }

    func takes(userGroups groups: [String], queryGroup: String) -> Bool {
        let label = queryGroup.lowercased()
        return queryGroups.contains { Self.matches(label, $0, queryGroupsHaveWildcards) }
            || groups.contains { group in
                userGroups.contains { Self.matches(group.lowercased(), $0, userGroupsHaveWildcards) }
            }
    }

    private static func matches(_ text: String, _ pattern: String, _ hasWildcards: Bool) -> Bool {
        guard hasWildcards else { return text == pattern }
        return matches(Array(text.utf8)[...], Array(pattern.utf8)[...])
    }

    /// `*` any characters, `?` one; in time proportional to the product of the lengths at worst.
    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, inPattern) = (text.startIndex, pattern.startIndex)
        var star: (pattern: Int, text: Int)?
        while at < text.endIndex {
            if inPattern < pattern.endIndex, pattern[inPattern] == UInt8(ascii: "*") {
                star = (inPattern, at)
                inPattern += 1
            } else if inPattern < pattern.endIndex,
                pattern[inPattern] == text[at] || pattern[inPattern] == UInt8(ascii: "?")
            {
                at += 1
                inPattern += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (at, inPattern) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// What is done with a query that goes past some measure.
/// - Source: Redshift developer guide, "WLM query monitoring rules".
package struct MonitoringRule: Hashable, Sendable {
    package enum Metric: String, Hashable, Sendable, CaseIterable {
        /// Seconds.
        case executionTime = "query_execution_time"
        case queueTime = "query_queue_time"
        case cpuTime = "query_cpu_time"
        case returnedRows = "return_row_count"
        case scannedRows = "scan_row_count"
        case joinedRows = "join_row_count"
        case nestedLoopRows = "nested_loop_join_row_count"
        /// Blocks of 1 MB.
        case blocksRead = "query_blocks_read"
        /// Megabytes.
        case spilled = "query_temp_blocks_to_disk"
    }

    package struct Predicate: Hashable, Sendable {
        package enum Comparison: String, Hashable, Sendable { case less = "<", greater = ">", equal = "=" }
        package var metric: Metric
        package var comparison: Comparison
        package var value: Int64

        func holds(for measured: Int64) -> Bool {
            switch comparison {
            case .less: measured < value
            case .greater: measured > value
            case .equal: measured == value
            }
        }
    }

    package enum Action: String, Hashable, Sendable { case log, abort, hop }

    package var name: String
    /// All must hold.
    package var predicates: [Predicate]
    package var action: Action
}

/// All queues of a cluster.
package struct WorkloadConfiguration: Hashable, Sendable {
    /// The superuser queue first, then those of the configuration in their order, the default one last of them.
    package var classes: [ServiceClass]
    /// Short queries that find no slot have a queue of their own.
    package var acceleratesShortQueries: Bool

    /// One queue, wide enough that waiting for it is rare: more at a time would only take memory from one another.
    /// - Parameter permits: slices that compute at a time.
    package static func automatic(permits: Int) -> WorkloadConfiguration {
        WorkloadConfiguration(
            classes: [
                superuserClass,
                ServiceClass(id: ServiceClass.automatic, name: "Default queue", concurrency: max(15, 4 * permits)),
            ], acceleratesShortQueries: true)
    }

    static let superuserClass = ServiceClass(id: ServiceClass.superuser, name: "Superuser queue", concurrency: 1)

    static let shortQueryClass = ServiceClass(id: ServiceClass.shortQueries, name: "Short query queue", concurrency: 6)
}
