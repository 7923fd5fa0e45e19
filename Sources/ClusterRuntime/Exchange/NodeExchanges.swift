import Catalog
import QueryPlan
import SQLTypes
import Synchronization
import VectorEngine

/// Bytes that may be on their way at one time; a batch is always allowed when nothing is.
package struct ExchangeCredit: Sendable {
    /// From one slice to one node, in one exchange.
    package var bytesPerSliceAndNode = 1 << 20
    /// From all slices of a node, in all exchanges of a query.
    package var bytesPerQuery = 64 << 20

    package init(bytesPerSliceAndNode: Int = 1 << 20, bytesPerQuery: Int = 64 << 20) {
        self.bytesPerSliceAndNode = bytesPerSliceAndNode
        self.bytesPerQuery = bytesPerQuery
    }

    /// For a COPY: one slice may have the node's credit for itself. A slice that inflates a whole file receives nothing for a
    /// tenth of a second, in which the others would have nothing to do.
    var ofLoad: ExchangeCredit {
        ExchangeCredit(bytesPerSliceAndNode: bytesPerQuery, bytesPerQuery: bytesPerQuery)
    }
}

/// One query's exchanges as one node (or the leader) has them: the mailboxes of its slices, the credit of its senders.
final class NodeExchanges: Sendable {
    private struct Key: Hashable {
        var exchange: ExchangeID
        var slice: Int
    }

    let query: Int64
    /// `Slice.leaderNode` for the leader.
    let node: Int
    let shape: ClusterShape
    let credit: ExchangeCredit
    /// Bytes of the node's senders that are on their way.
    let bytesUnderway = Atomic<Int>(0)
    private let interconnect: Interconnect
    private struct Known {
        var routes: [ExchangeID: ExchangeRoute] = [:]
        var mailboxes: [Key: Mailbox] = [:]
    }
    private let known: Mutex<Known>
    private let senders = Mutex<[Key: ExchangeSender]>([:])

    init(
        query: Int64, node: Int, shape: ClusterShape, routes: [ExchangeID: ExchangeRoute], credit: ExchangeCredit,
        interconnect: Interconnect
    ) {
        self.query = query
        self.node = node
        self.shape = shape
        self.credit = credit
        self.interconnect = interconnect
        known = Mutex(Known())
        add(routes, replacing: [])
    }

    /// Exchanges of the next round of a loop. Nobody sends into those of the round before any more; credit for them that
    /// still arrives is for nobody.
    func add(_ routes: [ExchangeID: ExchangeRoute], replacing old: [ExchangeID]) {
        known.withLock { known in
            for exchange in old {
                guard let route = known.routes.removeValue(forKey: exchange) else { continue }
                for slice in route.receivers(onNode: node, shape: shape) {
                    known.mailboxes.removeValue(forKey: Key(exchange: exchange, slice: slice))?.detach()
                }
            }
            for (exchange, route) in routes {
                known.routes[exchange] = route
                for slice in route.receivers(onNode: node, shape: shape) {
                    known.mailboxes[Key(exchange: exchange, slice: slice)] = Mailbox(route)
                }
            }
        }
        if !old.isEmpty { senders.withLock { senders in senders = senders.filter { !old.contains($0.key.exchange) } } }
    }

    private func mailbox(_ key: Key) -> Mailbox? { known.withLock { $0.mailboxes[key] } }

    func mailbox(_ exchange: ExchangeID, slice: Int) throws(SQLError) -> Mailbox {
        guard let mailbox = mailbox(Key(exchange: exchange, slice: slice)) else {
            if try route(exchange).receivers == .firstSliceOfEachNode {
                // The segment runs on every slice; the others have nothing to receive, and end at once.
                return Mailbox(ExchangeRoute(senders: [], receivers: .slice(slice)))
            }
            throw SQLError.internalError("slice \(slice) receives nothing from exchange \(exchange.rawValue)")
        }
        return mailbox
    }

    func route(_ exchange: ExchangeID) throws(SQLError) -> ExchangeRoute {
        guard let route = known.withLock({ $0.routes[exchange] }) else {
            throw SQLError.internalError("no segment sends into exchange \(exchange.rawValue)")
        }
        return route
    }

    /// The query is over: senders and mailboxes refer to tasks, and these back to the query with all that it holds.
    func close() {
        senders.withLock { $0.removeAll() }
        for mailbox in known.withLock({ Array($0.mailboxes.values) }) { mailbox.detach() }
    }

    func add(_ sender: ExchangeSender) {
        senders.withLock { $0[Key(exchange: sender.exchange, slice: sender.slice)] = sender }
    }

    func send(_ content: ExchangeMessage.Content, in exchange: ExchangeID, sender: Int, toNode target: Int) {
        let message = ExchangeMessage(query: query, exchange: exchange, sender: sender, content: content)
        interconnect.send(message, toNode: target)
    }

    /// Called by the interconnect on the sender's thread: must be short.
    func receive(_ message: ExchangeMessage) {
        switch message.content {
        case .rows(let batch, let shares, let byteCount):
            deliver(message, batch, shares, byteCount)
        case .outOfCredit:
            forEachMailbox(of: message.exchange) { $0.senderIsOutOfCredit() }
        case .end:
            forEachMailbox(of: message.exchange) { $0.senderEnded(message.sender) }
        case .credit(let byteCount, let receiver, let fromNode, let isRefusal):
            let sender = senders.withLock { $0[Key(exchange: message.exchange, slice: message.sender)] }
            sender?.returnCredit(byteCount, fromNode: fromNode, refusedBy: isRefusal ? receiver : nil)
        }
    }

    private func forEachMailbox(of exchange: ExchangeID, _ body: (Mailbox) -> Void) {
        guard let route = known.withLock({ $0.routes[exchange] }) else { return }
        for slice in route.receivers(onNode: node, shape: shape) {
            if let mailbox = mailbox(Key(exchange: exchange, slice: slice)) { body(mailbox) }
        }
    }

    private func deliver(
        _ message: ExchangeMessage, _ batch: Batch, _ shares: [ExchangeMessage.Share], _ byteCount: Int
    ) {
        for share in shares {
            // Rounded on the running sum, so that the shares add up to the whole.
            let before = byteCount * share.rows.lowerBound / max(batch.count, 1)
            let bytes = byteCount * share.rows.upperBound / max(batch.count, 1) - before
            let rows = share.rows.count == batch.count ? batch : batch.slice(share.rows)
            let item = Mailbox.Item(sender: message.sender, batch: rows, byteCount: bytes)
            let mailbox = mailbox(Key(exchange: message.exchange, slice: share.slice))
            if mailbox?.put(item) != true {
                giveBack(bytes, of: message.sender, in: message.exchange, receiver: share.slice, isRefusal: true)
            }
        }
    }

    /// Tells a sender that its rows are taken, or not wanted.
    func giveBack(_ byteCount: Int, of sender: Int, in exchange: ExchangeID, receiver: Int, isRefusal: Bool = false) {
        let target = sender == SliceTrace.leaderSlice ? Slice.leaderNode : shape.node(ofSlice: sender)
        let content = ExchangeMessage.Content.credit(
            byteCount: byteCount, receiver: receiver, fromNode: node, isRefusal: isRefusal)
        send(content, in: exchange, sender: sender, toNode: target)
    }
}
