import Synchronization

/// The network of the cluster: brings messages to nodes and leader, in the order in which each sender sent them. In
/// this process it is a call; nothing but the message passes.
package final class Interconnect: Sendable {
    /// Of the leader first, then of the nodes.
    private let inboxes: [ExchangeInbox]

    init(leader: ExchangeInbox, nodes: [ExchangeInbox]) {
        inboxes = [leader] + nodes
    }

    /// - Parameter node: `Slice.leaderNode` is the leader.
    func send(_ message: ExchangeMessage, toNode node: Int) {
        inboxes[node + 1].receive(message)
    }
}

/// Where a node's messages arrive, by query. A message of a query that is over here is dropped.
package final class ExchangeInbox: Sendable {
    private let queries = Mutex<[Int64: NodeExchanges]>([:])

    package init() {}

    func open(_ query: Int64, _ exchanges: NodeExchanges) {
        queries.withLock { $0[query] = exchanges }
    }

    func close(_ query: Int64) {
        _ = queries.withLock { $0.removeValue(forKey: query) }
    }

    fileprivate func receive(_ message: ExchangeMessage) {
        queries.withLock { $0[message.query] }?.receive(message)
    }
}
