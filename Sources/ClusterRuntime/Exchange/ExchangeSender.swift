import Catalog
import Execution
import QueryPlan
import SQLTypes
import Synchronization
import VectorEngine

/// The end of an exchange that one slice sends into: cuts batches into one message for each node, and keeps account of
/// the bytes that are on their way.
final class ExchangeSender: ExchangeOutput, Sendable {
    private struct State {
        /// Bytes on their way, by node; the leader first.
        var underway: [Int]
        var totalUnderway = 0
        /// The task was told `blocked` and has not been woken since.
        var isWaiting = false
        var isClosed = false
        /// Receivers that want no more.
        var refusals: Set<Int> = []
        /// Which slice of a node takes the next broadcast batch.
        var turn: Int
    }

    let exchange: ExchangeID
    /// The sender.
    let slice: Int
    private let route: ExchangeRoute
    private let exchanges: NodeExchanges
    private let receiverCount: Int
    private let wake: @Sendable () -> Void
    private let state: Mutex<State>

    init(
        _ exchange: ExchangeID, slice: Int, exchanges: NodeExchanges, wake: @escaping @Sendable () -> Void
    ) throws(SQLError) {
        let shape = exchanges.shape
        self.exchange = exchange
        self.slice = slice
        self.exchanges = exchanges
        self.wake = wake
        let route = try exchanges.route(exchange)
        self.route = route
        receiverCount = ExchangeSender.targets(of: route, shape).reduce(0) { count, node in
            count + route.receivers(onNode: node, shape: shape).count
        }
        // Broadcasts of different slices start at different receivers.
        state = Mutex(State(underway: Array(repeating: 0, count: shape.nodes + 1), turn: slice))
    }

    /// Nodes that receive.
    private static func targets(of route: ExchangeRoute, _ shape: ClusterShape) -> [Int] {
        switch route.receivers {
        case .leader: [Slice.leaderNode]
        case .slice(let slice): [shape.node(ofSlice: slice)]
        case .everySlice, .firstSliceOfEachNode: Array(0..<shape.nodes)
        }
    }

    func send(_ rows: PartitionedBatch) throws(SQLError) -> SinkResult {
        guard rows.rows.count > 0 else { return answer }
        switch rows.destination {
        case .slices(let offsets): sendPartitioned(rows, route.cursor.map { inTurn($0, rows.rows.count) } ?? offsets)
        case .everyNode: sendToEveryNode(rows)
        case .slice(let slice):
            send(
                rows.rows, [.init(slice: slice, rows: 0..<rows.rows.count)], rows.byteCount,
                toNode: exchanges.shape.node(ofSlice: slice))
        case .leader:
            send(
                rows.rows, [.init(slice: SliceTrace.leaderSlice, rows: 0..<rows.rows.count)], rows.byteCount,
                toNode: Slice.leaderNode)
        }
        return answer
    }

    /// After a batch. A sender that must wait says so to those who have its rows, because they may be waiting, too: for
    /// enough rows to make a whole batch.
    private var answer: SinkResult {
        let (result, holders): (SinkResult, [Int]) = state.withLock { state in
            if state.refusals.count >= receiverCount { return (.done, []) }
            guard state.isWaiting else { return (.wantsMore, []) }
            return (.blocked, state.underway.indices.filter { state.underway[$0] > 0 })
        }
        for holder in holders {
            exchanges.send(.outOfCredit, in: exchange, sender: slice, toNode: holder - 1)
        }
        return result
    }

    /// Offsets of as many rows for each slice as are its turn: rows of such an exchange may go anywhere, so that only
    /// the numbers matter, and those must be right across all senders.
    private func inTurn(_ cursor: RoundRobinCursor, _ rowCount: Int) -> [Int] {
        var offsets = [0]
        for count in cursor.take(rowCount) { offsets.append(offsets[offsets.count - 1] + count) }
        return offsets
    }

    private func sendPartitioned(_ rows: PartitionedBatch, _ offsets: [Int]) {
        let shape = exchanges.shape
        for target in 0..<shape.nodes {
            let slices = shape.slices(ofNode: target)
            let range = offsets[slices.lowerBound]..<offsets[slices.upperBound]
            guard !range.isEmpty else { continue }
            let shares = slices.compactMap { slice in
                let share = offsets[slice] - range.lowerBound..<offsets[slice + 1] - range.lowerBound
                return share.isEmpty ? nil : ExchangeMessage.Share(slice: slice, rows: share)
            }
            let bytes =
                rows.byteCount * range.upperBound / rows.rows.count
                - rows.byteCount * range.lowerBound / rows.rows.count
            send(rows.rows.slice(range), shares, bytes, toNode: target)
        }
    }

    private func sendToEveryNode(_ rows: PartitionedBatch) {
        let shape = exchanges.shape
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        for target in 0..<shape.nodes {
            let first = shape.slices(ofNode: target).lowerBound
            let slice = route.receivers == .firstSliceOfEachNode ? first : first + turn % shape.slicesPerNode
            send(rows.rows, [.init(slice: slice, rows: 0..<rows.rows.count)], rows.byteCount, toNode: target)
        }
    }

    private func send(_ batch: Batch, _ shares: [ExchangeMessage.Share], _ byteCount: Int, toNode target: Int) {
        let total = exchanges.bytesUnderway.add(byteCount, ordering: .relaxed).newValue
        state.withLock { state in
            state.underway[target + 1] += byteCount
            state.totalUnderway += byteCount
            if isOutOfCredit(state, total) { state.isWaiting = true }
        }
        exchanges.send(.rows(batch, shares, byteCount: byteCount), in: exchange, sender: slice, toNode: target)
    }

    private func isOutOfCredit(_ state: State, _ totalOfQuery: Int) -> Bool {
        if state.totalUnderway > 0 && totalOfQuery >= exchanges.credit.bytesPerQuery { return true }
        return state.underway.contains { $0 > 0 && $0 >= exchanges.credit.bytesPerSliceAndNode }
    }

    /// A message of a receiver; from its thread.
    func returnCredit(_ byteCount: Int, fromNode: Int, refusedBy receiver: Int?) {
        let total = exchanges.bytesUnderway.subtract(byteCount, ordering: .relaxed).newValue
        let mustWake = state.withLock { state in
            state.underway[fromNode + 1] -= byteCount
            state.totalUnderway -= byteCount
            assert(state.underway[fromNode + 1] >= 0, "more credit comes back than was taken")
            if let receiver { state.refusals.insert(receiver) }
            guard state.isWaiting, !isOutOfCredit(state, total) else { return false }
            state.isWaiting = false
            return true
        }
        if mustWake { wake() }
    }

    func close() throws(SQLError) { closeOnce() }

    /// Says `end` to all receivers, once.
    func closeOnce() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        for target in ExchangeSender.targets(of: route, exchanges.shape) {
            exchanges.send(.end, in: exchange, sender: slice, toNode: target)
        }
    }

    var isWaiting: Bool { state.withLock { $0.isWaiting } }
}
