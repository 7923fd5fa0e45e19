import Execution
import QueryPlan
import SQLTypes
import VectorEngine

/// The end of an exchange that one slice receives from. Small ranges are collected to about `Batch.targetRows` rows, so
/// that what follows works on whole batches however many slices share the rows of a sender. Belongs to one task.
final class ExchangeReceiver: ExchangeInput {
    private let exchange: ExchangeID
    private let slice: Int
    private let stream: Int
    private let mailbox: Mailbox
    private let exchanges: NodeExchanges
    /// Batches to hand on, oldest first.
    private var ready = Fifo<Batch>()
    /// Rows too few for a batch of their own.
    private var collected: [Batch] = []
    private var collectedRows = 0

    /// - Parameter stream: the sender's place among the senders, if they are kept apart; else 0.
    init(_ exchange: ExchangeID, slice: Int, stream: Int, mailbox: Mailbox, exchanges: NodeExchanges) {
        self.exchange = exchange
        self.slice = slice
        self.stream = stream
        self.mailbox = mailbox
        self.exchanges = exchanges
    }

    func next() throws(SQLError) -> SourceResult {
        while true {
            if let batch = ready.popFirst() { return .batch(batch) }
            switch mailbox.take(stream: stream, awaiting: Batch.targetRows - collectedRows) {
            case .items(let items): for item in items { take(item) }
            case .nothing: return .blocked
            case .ended:
                guard collectedRows > 0 else { return .ended }
                handOnCollected()
            }
        }
    }

    /// The order of a sender's rows is kept: a batch that is large enough still comes after what was collected before
    /// it.
    private func take(_ item: Mailbox.Item) {
        exchanges.giveBack(item.byteCount, of: item.sender, in: exchange, receiver: slice)
        if item.batch.count >= Batch.targetRows / 2 {
            if collectedRows > 0 { handOnCollected() }
            ready.append(item.batch)
            return
        }
        collected.append(item.batch)
        collectedRows += item.batch.count
        if collectedRows >= Batch.targetRows { handOnCollected() }
    }

    private func handOnCollected() {
        let kinds = collected.first?.columns.map(\.kind) ?? []
        ready.append(Batch.concatenated(collected, kinds: kinds))
        collected.removeAll(keepingCapacity: true)
        collectedRows = 0
    }
}
