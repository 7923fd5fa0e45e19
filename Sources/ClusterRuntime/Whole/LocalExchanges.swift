import Catalog
import Execution
import QueryPlan
import SQLTypes
import VectorEngine

/// The exchanges of a plan that runs whole: rows rest here between the segment that sends them and the one that receives
/// them, which begins when all have come. So there is no credit and nobody is woken.
///
/// `@unchecked Sendable`: belongs to the thread that runs the plan.
final class LocalExchanges: ExchangePorts, @unchecked Sendable {
    /// Rows for one slice, or for the leader's.
    struct Parcel: Sendable {
        var exchange: ExchangeID
        var sender: Int
        var receiver: Int
        var rows: Batch
    }

    private let routes: [ExchangeID: ExchangeRoute]
    private let slices: Range<Int>
    private var parcels: [Parcel]

    /// - Parameters:
    ///   - slices: those of the node, to which everything goes that does not go to the leader.
    ///   - parcels: what has come already.
    init(_ routes: [ExchangeID: ExchangeRoute], slices: Range<Int>, parcels: [Parcel] = []) {
        self.routes = routes
        self.slices = slices
        self.parcels = parcels
    }

    /// What the leader is to get.
    var forLeader: [Parcel] { parcels.filter { $0.receiver == SliceTrace.leaderSlice } }

    func output(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeOutput {
        LocalSender(self, id, slice: slice)
    }

    func input(_ id: ExchangeID, slice: Int) throws(SQLError) -> any ExchangeInput {
        LocalReceiver(parcels.lazy.filter { $0.exchange == id && $0.receiver == slice }.map(\.rows))
    }

    func inputsBySender(_ id: ExchangeID, slice: Int) throws(SQLError) -> [any ExchangeInput] {
        guard let route = routes[id] else {
            throw SQLError.internalError("no segment sends into exchange \(id.rawValue)")
        }
        return route.senders.map { sender in
            LocalReceiver(
                parcels.lazy.filter { $0.exchange == id && $0.receiver == slice && $0.sender == sender }.map(\.rows))
        }
    }

    fileprivate func send(_ rows: PartitionedBatch, _ exchange: ExchangeID, from sender: Int, turn: Int) {
        func put(_ batch: Batch, for receiver: Int) {
            parcels.append(Parcel(exchange: exchange, sender: sender, receiver: receiver, rows: batch))
        }
        switch rows.destination {
        case .slices(let offsets):
            for slice in slices where offsets[slice] < offsets[slice + 1] {
                let share = offsets[slice]..<offsets[slice + 1]
                put(share.count == rows.rows.count ? rows.rows : rows.rows.slice(share), for: slice)
            }
        // The node's slices share a copy: its batches go to them in turn.
        case .everyNode: put(rows.rows, for: slices.lowerBound + turn % slices.count)
        case .slice(let slice): put(rows.rows, for: slice)
        case .leader: put(rows.rows, for: SliceTrace.leaderSlice)
        }
    }
}

private final class LocalSender: ExchangeOutput {
    private let exchanges: LocalExchanges
    private let exchange: ExchangeID
    private let slice: Int
    /// Broadcasts of different slices start at different receivers.
    private var turn: Int

    init(_ exchanges: LocalExchanges, _ exchange: ExchangeID, slice: Int) {
        self.exchanges = exchanges
        self.exchange = exchange
        self.slice = slice
        turn = slice
    }

    func send(_ rows: PartitionedBatch) throws(SQLError) -> SinkResult {
        guard rows.rows.count > 0 else { return .wantsMore }
        turn += 1
        exchanges.send(rows, exchange, from: slice, turn: turn)
        return .wantsMore
    }

    func close() throws(SQLError) {}
}

/// Hands out rows that are all here. Small batches are put together, as `ExchangeReceiver` does.
private final class LocalReceiver: ExchangeInput {
    private var batches: [Batch] = []
    private var position = 0

    init(_ rows: some Sequence<Batch>) {
        var collected: [Batch] = []
        var collectedRows = 0
        for batch in rows {
            collected.append(batch)
            collectedRows += batch.count
            if collectedRows >= Batch.targetRows {
                batches.append(LocalReceiver.one(collected))
                collected.removeAll(keepingCapacity: true)
                collectedRows = 0
            }
        }
        if !collected.isEmpty { batches.append(LocalReceiver.one(collected)) }
    }

    private static func one(_ parts: [Batch]) -> Batch {
        parts.count == 1 ? parts[0] : Batch.concatenated(parts, kinds: parts[0].columns.map(\.kind))
    }

    func next() throws(SQLError) -> SourceResult {
        guard position < batches.count else { return .ended }
        position += 1
        return .batch(batches[position - 1])
    }
}
