package import SQLTypes

/// What a segment is built from: one source, operators, perhaps a sink, driven by `Execution.SegmentTask` in one loop:
/// it asks the operator furthest down that has something to hand out, gives that to the next one, and only when nobody
/// has anything does it pull the source. So a join that makes more rows than it takes simply goes on producing, nobody
/// recurses, and cancellation, time slices and blocking are looked at in one place. An instance belongs to one task.

/// Where a segment's batches come from.
package protocol BatchSource: AnyObject {
    func next() throws(SQLError) -> SourceResult
    /// Nobody will ask for more (LIMIT is reached): who sends may be told.
    func close()
}

extension BatchSource {
    package func close() {}
}

package enum SourceResult {
    /// May be empty: a scan that has found nothing for a while, so that the driver can look at the clock.
    case batch(Batch)
    /// Nothing now; who brings more wakes the task.
    case blocked
    case ended
}

/// A step between source and sink. One that collects all its input (aggregate, sort) produces after `inputEnded`.
package protocol BatchOperator: AnyObject {
    /// Takes a batch; called only when `produce` has returned nil since the last one.
    func consume(_ batch: Batch) throws(SQLError)
    /// The next batch to hand on; `.stillWorking` after a long look for nothing; nil: nothing (more) for now.
    func produce() throws(SQLError) -> Batch?
    /// No `consume` will follow; `produce` is called until it returns nil, and then never again.
    func inputEnded() throws(SQLError)
    /// LIMIT is reached: input would be thrown away, the source may stop.
    var isSatisfied: Bool { get }
    /// For the trace: bytes held, and how the work is done (`linear probing`, …; empty where there is one way only).
    var memoryBytes: Int { get }
    var algorithm: String { get }
    /// Of the hash table that it holds; nil: it has none, or none of one piece.
    var slotUse: SlotUse? { get }
    /// Of an operator that can spill: what it holds, reserved by itself. nil: the driver reserves `memoryBytes`, and a
    /// refusal ends the query.
    var account: MemoryAccount? { get }
    /// Bytes written to disk for want of memory.
    var spilledBytes: Int64 { get }
}

/// How full a hash table is, for the trace.
package struct SlotUse: Hashable, Sendable {
    /// Places for keys.
    package var slots: Int
    /// Places that are taken.
    package var occupied: Int
}

extension BatchOperator {
    package var slotUse: SlotUse? { nil }
    package var isSatisfied: Bool { false }
    package var memoryBytes: Int { 0 }
    package var account: MemoryAccount? { nil }
    package var spilledBytes: Int64 { 0 }
    package var algorithm: String { "" }
}

/// The end of a segment.
package protocol BatchSink: AnyObject {
    /// Takes the batch in any case. `blocked`: send no more until woken.
    func consume(_ batch: Batch) throws(SQLError) -> SinkResult
    func inputEnded() throws(SQLError)
    var memoryBytes: Int { get }
    var algorithm: String { get }
    /// As for operators.
    var slotUse: SlotUse? { get }
    var account: MemoryAccount? { get }
    var spilledBytes: Int64 { get }
}

extension BatchSink {
    package var slotUse: SlotUse? { nil }
    package var memoryBytes: Int { 0 }
    package var account: MemoryAccount? { nil }
    package var spilledBytes: Int64 { 0 }
    package var algorithm: String { "" }
}

package enum SinkResult { case wantsMore, blocked, done }
