import Catalog
import Execution
import QueryPlan
import SQLTypes

/// A compute node: its slices and its memory. The leader tells it what to run; it starts that on each of its slices and
/// reports once, when all have ended. What happens between is the slices' own business.
///
/// Its methods are the messages that it takes: values in, a reply later. None of them takes long, so that a driver that
/// finds the node free goes through it on its own thread.
package actor ComputeNode {
    /// From 0.
    package nonisolated let number: Int
    private let host: SliceHost

    init(number: Int, host: SliceHost) {
        self.number = number
        self.host = host
    }

    /// What the operators of all queries hold on this node.
    var bytesInUse: Int { host.bytesInUse }

    func open(_ opening: QueryOpening) { host.open(opening) }

    func run(_ order: SegmentOrder, reply: @escaping SegmentReply) {
        host.run(order, virtualTables: SentVirtualTables(rows: order.virtualRows), results: nil, reply: reply)
    }

    /// All that the node does for a query. Nothing of it is the actor's own: the message does not wait for its turn.
    nonisolated func run(
        _ order: WholeOrder, reply: @escaping @Sendable (WholeReport) -> Void
    ) {
        host.run(order, virtualTables: SentVirtualTables(rows: nil), reply: reply)
    }

    func cancel(_ query: Int64) { host.cancel(query) }

    /// The next round of a loop.
    func add(_ exchanges: RoundExchanges) { host.add(exchanges) }

    /// The query is over on all nodes.
    func close(_ query: Int64) { host.close(query) }
}

/// System views are computed by the leader: what a node scans of one comes with the order.
private struct SentVirtualTables: VirtualTableProvider {
    let rows: [[SQLValue]]?

    func rows(of scan: VirtualScan, within bounds: ColumnBounds) throws(SQLError) -> [[SQLValue]] {
        guard let rows else { throw SQLError.internalError("\(scan.name) is scanned on a compute node") }
        return rows
    }

    func value(of name: String, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue {
        throw SQLError.internalError("\(name) is called on a compute node")
    }

    func rows(of function: String, _ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> FunctionRows {
        throw SQLError.internalError("\(function) is called on a compute node")
    }
}
