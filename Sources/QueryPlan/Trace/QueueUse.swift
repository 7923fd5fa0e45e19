/// How a query went through a queue of the workload management. Times are microseconds since 2000-01-01 00:00:00 UTC.
package struct QueueUse: Hashable, Sendable {
    package var serviceClass: Int
    /// Those that it took: 0 in a slot of its session's.
    package var slots: Int
    package var queueStart: Int64
    /// nil: it gave up waiting.
    package var runStart: Int64?

    package init(serviceClass: Int, slots: Int, queueStart: Int64, runStart: Int64?) {
        self.serviceClass = serviceClass
        self.slots = slots
        self.queueStart = queueStart
        self.runStart = runStart
    }
}
