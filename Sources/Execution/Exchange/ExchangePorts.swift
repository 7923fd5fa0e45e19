package import QueryPlan
package import SQLTypes
package import VectorEngine

/// The ends of a query's exchanges, as a slice sees them. Mailboxes, credits and wake-ups are the other side's concern.
package protocol ExchangePorts: Sendable {
    /// The end that this slice (or the leader, by `SliceTrace.leaderSlice`) sends into.
    func output(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeOutput
    /// Batches of all senders, in any order.
    func input(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeInput
    /// One input for each sender, whose batches come in the sender's order: what a merge reads.
    func inputsBySender(_ id: ExchangeID, slice: Int) throws(SQLError) -> [any ExchangeInput]
}

package protocol ExchangeOutput: AnyObject {
    /// Takes the rows in any case. `blocked`: no credit is left, send no more until woken. `done`: nobody wants more.
    func send(_ rows: PartitionedBatch) throws(SQLError) -> SinkResult
    /// This sender is through.
    func close() throws(SQLError)
}

/// A batch source that blocks until senders have sent, and ends when all have closed.
package protocol ExchangeInput: BatchSource {}
