/// The queues of the workload management at one moment, and what has been through them.
package struct WorkloadState: Sendable {
    package struct Queue: Hashable, Sendable {
        package var id: Int
        package var name: String
        package var slots: Int
        package var timeoutMs: Int64
        /// Megabytes that one slot has of each node's memory.
        package var slotMegabytes: Int
        package var isAutomatic: Bool
        package var hasUserWildcards: Bool
        package var hasQueryWildcards: Bool
        package var queued: Int
        package var executing: Int
        package var serviced: Int
        package var executed: Int
        package var evicted: Int

        package init(
            id: Int, name: String, slots: Int, timeoutMs: Int64, slotMegabytes: Int, isAutomatic: Bool,
            hasUserWildcards: Bool, hasQueryWildcards: Bool, queued: Int, executing: Int, serviced: Int, executed: Int,
            evicted: Int
        ) {
            self.id = id
            self.name = name
            self.slots = slots
            self.timeoutMs = timeoutMs
            self.slotMegabytes = slotMegabytes
            self.isAutomatic = isAutomatic
            self.hasUserWildcards = hasUserWildcards
            self.hasQueryWildcards = hasQueryWildcards
            self.queued = queued
            self.executing = executing
            self.serviced = serviced
            self.executed = executed
            self.evicted = evicted
        }
    }

    package struct Query: Hashable, Sendable {
        package var number: Int64
        package var transaction: Int64
        package var serviceClass: Int
        package var slots: Int
        /// Microseconds since 2000-01-01 00:00:00 UTC, as all times here.
        package var queueStart: Int64
        /// nil: it waits, or never ran.
        package var runStart: Int64?
        /// Its client rests between two fetches, and it takes no slots.
        package var isReturning: Bool

        package init(
            number: Int64, transaction: Int64, serviceClass: Int, slots: Int, queueStart: Int64, runStart: Int64?,
            isReturning: Bool = false
        ) {
            self.isReturning = isReturning
            self.number = number
            self.transaction = transaction
            self.serviceClass = serviceClass
            self.slots = slots
            self.queueStart = queueStart
            self.runStart = runStart
        }
    }

    package struct RuleAction: Hashable, Sendable {
        package var query: Int64
        package var serviceClass: Int
        package var rule: String
        package var action: String
        package var time: Int64

        package init(query: Int64, serviceClass: Int, rule: String, action: String, time: Int64) {
            self.query = query
            self.serviceClass = serviceClass
            self.rule = rule
            self.action = action
            self.time = time
        }
    }

    package var queues: [Queue] = []
    /// Those that run or wait, by queue in their order.
    package var queries: [Query] = []
    package var actions: [RuleAction] = []

    package init() {}
}
