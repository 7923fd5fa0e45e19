import Catalog
import Execution
import QueryPlan
import SQLTypes
import Synchronization
import Testing
import VectorEngine

@testable import ClusterRuntime

/// A cluster's exchanges without slices: senders and receivers are called by hand.
private struct Network {
    let shape: ClusterShape
    let exchange = ExchangeID(0)
    let leader: NodeExchanges
    let nodes: [NodeExchanges]

    init(_ shape: ClusterShape, _ route: ExchangeRoute, credit: ExchangeCredit = ExchangeCredit()) {
        self.shape = shape
        let leaderInbox = ExchangeInbox()
        let inboxes = (0..<shape.nodes).map { _ in ExchangeInbox() }
        let interconnect = Interconnect(leader: leaderInbox, nodes: inboxes)
        func exchanges(_ node: Int) -> NodeExchanges {
            NodeExchanges(
                query: 1, node: node, shape: shape, routes: [ExchangeID(0): route], credit: credit,
                interconnect: interconnect)
        }
        leader = exchanges(Slice.leaderNode)
        nodes = (0..<shape.nodes).map { exchanges($0) }
        leaderInbox.open(1, leader)
        for (inbox, node) in zip(inboxes, nodes) { inbox.open(1, node) }
    }

    func ports(_ slice: Int, wake: @escaping @Sendable () -> Void = {}) -> TaskPorts {
        let node = slice == SliceTrace.leaderSlice ? leader : nodes[shape.node(ofSlice: slice)]
        return TaskPorts(node, slice: slice, wake: wake)
    }
}

private func batch(_ values: Range<Int>) -> Batch {
    Batch(columns: [.of(values.map { .integer(Int64($0)) }, type: .bigint)], count: values.count)
}

/// The values of a column of integers.
private func values(_ batch: Batch) -> [Int64] {
    (0..<batch.count).compactMap { row in
        if case .integer(let value) = batch.columns[0].value(at: row, as: .bigint) { value } else { nil }
    }
}

private func drain(_ input: any ExchangeInput) throws -> (rows: [Int64], batches: [Int], isEnded: Bool) {
    var rows: [Int64] = []
    var batches: [Int] = []
    while true {
        switch try input.next() {
        case .batch(let batch):
            rows += values(batch)
            batches.append(batch.count)
        case .blocked: return (rows, batches, false)
        case .ended: return (rows, batches, true)
        }
    }
}

private final class Flag: Sendable {
    private let count = Atomic<Int>(0)
    func raise() { count.add(1, ordering: .relaxed) }
    var raised: Int { count.load(ordering: .relaxed) }
}

@Suite struct ExchangeTests {
    /// Offsets that cut `count` rows into nearly equal parts, one for each slice.
    private func evenOffsets(_ count: Int, _ slices: Int) -> [Int] { (0...slices).map { $0 * count / slices } }

    @Test(arguments: [(1, 1), (1, 2), (2, 2), (3, 4)])
    func everyRowArrivesOnceAndInItsSendersOrder(nodes: Int, slicesPerNode: Int) throws {
        let shape = ClusterShape(nodes: nodes, slicesPerNode: slicesPerNode)
        let network = Network(
            shape, ExchangeRoute(senders: Array(0..<shape.slices), receivers: .everySlice),
            credit: ExchangeCredit(bytesPerSliceAndNode: .max, bytesPerQuery: .max))
        let inputs = try (0..<shape.slices).map { try network.ports($0).input(network.exchange, slice: $0) }
        let batchCount = 20
        for sender in 0..<shape.slices {
            let output = try network.ports(sender).output(network.exchange, slice: sender)
            for number in 0..<batchCount {
                let first = (sender * batchCount + number) * 1_000
                let rows = PartitionedBatch(
                    rows: batch(first..<first + 1_000), destination: .slices(offsets: evenOffsets(1_000, shape.slices)))
                _ = try output.send(rows)
            }
            try output.close()
        }
        var all: [Int64] = []
        for input in inputs {
            let received = try drain(input)
            #expect(received.isEnded)
            for sender in 0..<shape.slices {
                let range = Int64(sender * batchCount * 1_000)..<Int64((sender + 1) * batchCount * 1_000)
                let own = received.rows.filter { range.contains($0) }
                #expect(own == own.sorted(), "rows of sender \(sender) out of order")
            }
            if shape.slices > 2 {
                #expect(
                    received.batches.dropLast().allSatisfy { $0 >= Batch.targetRows / 2 },
                    "small batches: \(received.batches)")
            }
            all += received.rows
        }
        #expect(all.sorted() == (0..<Int64(shape.slices * batchCount * 1_000)).map { $0 })
    }

    @Test func aSenderWithoutCreditBlocksAndIsWoken() throws {
        let shape = ClusterShape(nodes: 2, slicesPerNode: 1)
        let network = Network(
            shape, ExchangeRoute(senders: [0], receivers: .everySlice),
            credit: ExchangeCredit(bytesPerSliceAndNode: 10_000, bytesPerQuery: .max))
        let woken = Flag()
        let ports = network.ports(0) { woken.raise() }
        let output = try ports.output(network.exchange, slice: 0)
        let input = try network.ports(1).input(network.exchange, slice: 1)
        var sent = 0
        var result = SinkResult.wantsMore
        while result == .wantsMore, sent < 100 {
            // All rows to slice 1.
            result = try output.send(
                PartitionedBatch(
                    rows: batch(sent * 100..<sent * 100 + 100), destination: .slices(offsets: [0, 0, 100])))
            sent += 1
        }
        #expect(result == .blocked)
        #expect(sent > 1 && sent < 100, "blocked after \(sent) batches of at most 800 bytes")
        #expect(ports.isOutOfCredit)
        #expect(woken.raised == 0)
        // Too few rows for a batch: the receiver takes them all the same, and gives the credit back.
        let early = try drain(input)
        #expect(!early.isEnded)
        #expect(woken.raised == 1)
        #expect(!ports.isOutOfCredit)
        try output.close()
        let rest = try drain(input)
        #expect(rest.isEnded)
        #expect((early.rows + rest.rows) == (0..<Int64(sent * 100)).map { $0 })
    }

    /// Receivers that take nothing: what is on its way stays within the query's credit and a batch for each sender.
    @Test func aStalledReceiverBoundsMemory() throws {
        let shape = ClusterShape(nodes: 4, slicesPerNode: 16)
        let limit = 20_000
        let network = Network(
            shape, ExchangeRoute(senders: Array(0..<shape.slices), receivers: .everySlice),
            credit: ExchangeCredit(bytesPerSliceAndNode: 5_000, bytesPerQuery: limit))
        let rows = batch(0..<640)
        let parts = PartitionedBatch(
            rows: rows, destination: .slices(offsets: evenOffsets(rows.count, shape.slices)))
        for slice in 0..<shape.slices {
            let output = try network.ports(slice).output(network.exchange, slice: slice)
            var sent = 0
            while try output.send(parts) == .wantsMore, sent < 1_000 { sent += 1 }
            #expect(sent < 100, "slice \(slice) goes on sending")
        }
        for node in network.nodes {
            let underway = node.bytesUnderway.load(ordering: .relaxed)
            #expect(underway <= limit + shape.slicesPerNode * parts.byteCount, "\(underway) bytes")
        }
    }

    /// A receiver that waits for a whole batch is woken when the sender cannot send more.
    @Test func nobodyWaitsForTheOther() throws {
        let shape = ClusterShape(nodes: 1, slicesPerNode: 2)
        let network = Network(
            shape, ExchangeRoute(senders: [0], receivers: .everySlice),
            credit: ExchangeCredit(bytesPerSliceAndNode: 1_000, bytesPerQuery: .max))
        let woken = Flag()
        let output = try network.ports(0).output(network.exchange, slice: 0)
        let input = try network.ports(1) { woken.raise() }.input(network.exchange, slice: 1)
        #expect(try drain(input).rows.isEmpty)
        _ = try output.send(PartitionedBatch(rows: batch(0..<50), destination: .slices(offsets: [0, 0, 50])))
        #expect(woken.raised == 0, "50 rows are no batch")
        var result = SinkResult.wantsMore
        var sent = 1
        while result == .wantsMore, sent < 100 {
            result = try output.send(PartitionedBatch(rows: batch(0..<50), destination: .slices(offsets: [0, 0, 50])))
            sent += 1
        }
        #expect(result == .blocked)
        #expect(woken.raised == 1)
    }

    @Test func broadcastGivesEachNodeEachRowOnce() throws {
        let shape = ClusterShape(nodes: 3, slicesPerNode: 2)
        let network = Network(shape, ExchangeRoute(senders: [0, 3], receivers: .everySlice))
        let inputs = try (0..<6).map { try network.ports($0).input(network.exchange, slice: $0) }
        for sender in [0, 3] {
            let output = try network.ports(sender).output(network.exchange, slice: sender)
            for number in 0..<10 {
                let first = (sender * 10 + number) * 10
                _ = try output.send(PartitionedBatch(rows: batch(first..<first + 10), destination: .everyNode))
            }
            try output.close()
        }
        let expected = (Array(0..<100) + Array(300..<400)).map { Int64($0) }
        for node in 0..<3 {
            let slices = try shape.slices(ofNode: node).map { try drain(inputs[$0]) }
            #expect(slices.flatMap(\.rows).sorted() == expected)
            #expect(slices.allSatisfy { !$0.rows.isEmpty && $0.isEnded }, "one slice got everything")
        }
    }

    @Test func rowsInTurnDifferByOneAtMost() throws {
        let shape = ClusterShape(nodes: 2, slicesPerNode: 3)
        var route = ExchangeRoute(senders: Array(0..<6), receivers: .everySlice)
        route.cursor = RoundRobinCursor(start: 4, sliceCount: 6)
        let network = Network(shape, route)
        let inputs = try (0..<6).map { try network.ports($0).input(network.exchange, slice: $0) }
        var random = SplitMix(seed: 3)
        var total = 0
        for sender in 0..<6 {
            let output = try network.ports(sender).output(network.exchange, slice: sender)
            for _ in 0..<5 {
                let count = Int(random.next() % 50) + 1
                // The sender's own idea of the offsets does not matter.
                _ = try output.send(
                    PartitionedBatch(
                        rows: batch(total..<total + count), destination: .slices(offsets: [0, 0, 0, 0, 0, 0, count])))
                total += count
            }
            try output.close()
        }
        let received = try inputs.map { try drain($0).rows }
        #expect(received.flatMap { $0 }.sorted() == (0..<Int64(total)).map { $0 })
        let counts = received.map(\.count)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    }

    @Test func aMergeSeesEachSenderByItself() throws {
        let shape = ClusterShape(nodes: 2, slicesPerNode: 1)
        let network = Network(shape, ExchangeRoute(senders: [0, 1], receivers: .leader, keepsSendersApart: true))
        let inputs = try network.ports(SliceTrace.leaderSlice).inputsBySender(
            network.exchange, slice: SliceTrace.leaderSlice)
        #expect(inputs.count == 2)
        let first = try network.ports(0).output(network.exchange, slice: 0)
        _ = try first.send(PartitionedBatch(rows: batch(0..<5), destination: .leader))
        try first.close()
        let second = try network.ports(1).output(network.exchange, slice: 1)
        _ = try second.send(PartitionedBatch(rows: batch(5..<9), destination: .leader))
        #expect(try drain(inputs[0]).rows == [0, 1, 2, 3, 4])
        #expect(try !drain(inputs[1]).isEnded)
        try second.close()
        let rest = try drain(inputs[1])
        #expect(rest.isEnded)
    }

    /// LIMIT: the receiver ends early, and the senders hear of it instead of waiting for credit for ever.
    @Test func aReceiverThatEndsEarlyStopsTheSenders() throws {
        let shape = ClusterShape(nodes: 1, slicesPerNode: 1)
        let network = Network(
            shape, ExchangeRoute(senders: [0], receivers: .leader),
            credit: ExchangeCredit(bytesPerSliceAndNode: 1_000, bytesPerQuery: .max))
        let woken = Flag()
        let output = try network.ports(0) { woken.raise() }.output(network.exchange, slice: 0)
        let receiver = network.ports(SliceTrace.leaderSlice)
        _ = try receiver.input(network.exchange, slice: SliceTrace.leaderSlice)
        var result = SinkResult.wantsMore
        while result == .wantsMore {
            result = try output.send(PartitionedBatch(rows: batch(0..<100), destination: .leader))
        }
        #expect(result == .blocked)
        receiver.close(isFailed: false)
        #expect(woken.raised == 1)
        #expect(try output.send(PartitionedBatch(rows: batch(0..<100), destination: .leader)) == .done)
    }

    /// What is called must not grow with every call: it once came out of its lock wrapped anew each time, and a long load
    /// ended in stack depths of thousands.
    @Test func aReceiverIsWokenAsCheaplyTheHundredThousandthTime() throws {
        let mailbox = Mailbox(ExchangeRoute(senders: [0], receivers: .everySlice))
        let flag = Flag()
        mailbox.attach { flag.raise() }
        let rows = batch(0..<1)
        for _ in 0..<100_000 {
            guard case .nothing = mailbox.take(stream: 0, awaiting: 1) else {
                Issue.record("rows from nowhere")
                return
            }
            _ = mailbox.put(Mailbox.Item(sender: 0, batch: rows, byteCount: 8))
            guard case .items = mailbox.take(stream: 0, awaiting: 1) else {
                Issue.record("rows are lost")
                return
            }
        }
        #expect(flag.raised == 100_000)
    }
}
