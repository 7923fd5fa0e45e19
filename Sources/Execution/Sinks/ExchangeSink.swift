import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// dist, bcast, return: decides where each row goes, and hands the batch over in that order.
final class ExchangeSink: BatchSink, TracedStep {
    enum Route {
        case hash(keys: [Int], types: [SQLType])
        case roundRobin
        /// The slice's number stands in the row.
        case slices(column: Int)
        case everyNode
        case slice(Int)
        case leader
    }
    private let route: Route
    private let output: any ExchangeOutput
    private let context: SliceContext
    private let partitioner: Partitioner
    private let measures = !TraceSwitch.isOff
    private var cursor: Int
    private var bytesLocal: Int64 = 0
    private var bytesRemote: Int64 = 0
    private var rowsSent: Int64 = 0
    private var packets: Int64 = 0

    init(_ id: ExchangeID, _ route: Route, _ context: SliceContext) throws(SQLError) {
        self.route = route
        self.context = context
        output = try context.exchanges.output(id, slice: context.slice)
        partitioner = Partitioner(sliceCount: context.shape.slices)
        // Senders start at different slices, and one statement after the other, so that many small inserts spread out.
        cursor = (context.slice + Int(context.version.commit % Int64(context.shape.slices))) % context.shape.slices
    }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        let parts: PartitionedBatch
        switch route {
        case .hash(let keys, let types):
            let split = partitioner.partition(batch, keys: keys, keyTypes: types, routing: context.routing.slices)
            parts = PartitionedBatch(rows: split.rows, destination: .slices(offsets: split.offsets))
        case .roundRobin:
            let split = partitioner.roundRobin(batch, first: cursor)
            cursor = (cursor + batch.count) % context.shape.slices
            parts = PartitionedBatch(rows: split.rows, destination: .slices(offsets: split.offsets))
        case .slices(let column):
            guard let split = partitioner.partition(batch, bySlice: column) else {
                throw SQLError.internalError("a row for a slice that there is not")
            }
            parts = PartitionedBatch(rows: split.rows, destination: .slices(offsets: split.offsets))
        case .everyNode: parts = PartitionedBatch(rows: batch, destination: .everyNode)
        case .slice(let slice): parts = PartitionedBatch(rows: batch, destination: .slice(slice))
        case .leader: parts = PartitionedBatch(rows: batch, destination: .leader)
        }
        if measures { count(parts) }
        return try output.send(parts)
    }

    /// Bytes of rows that go to slices of this node count as local, those to this very slice included; the leader is
    /// another node.
    private func count(_ parts: PartitionedBatch) {
        let bytes = Int64(parts.byteCount)
        let rows = Int64(parts.rows.count)
        switch parts.destination {
        case .slices(let offsets):
            rowsSent += rows
            for node in 0..<context.shape.nodes {
                let slices = context.shape.slices(ofNode: node)
                if offsets[slices.upperBound] > offsets[slices.lowerBound] { packets += 1 }
            }
            guard rows > 0, context.node >= 0 else { return bytesRemote += bytes }
            let own = context.shape.slices(ofNode: context.node)
            let ownRows = Int64(offsets[own.upperBound] - offsets[own.lowerBound])
            bytesLocal += bytes * ownRows / rows
            bytesRemote += bytes - bytes * ownRows / rows
        case .everyNode:
            let nodes = Int64(context.shape.nodes)
            rowsSent += rows * nodes
            packets += nodes
            let local: Int64 = context.node >= 0 ? 1 : 0
            bytesLocal += bytes * local
            bytesRemote += bytes * (nodes - local)
        case .slice(let slice):
            rowsSent += rows
            packets += 1
            if context.node >= 0 && context.shape.node(ofSlice: slice) == context.node {
                bytesLocal += bytes
            } else {
                bytesRemote += bytes
            }
        case .leader:
            rowsSent += rows
            packets += 1
            if context.node < 0 { bytesLocal += bytes } else { bytesRemote += bytes }
        }
    }

    func inputEnded() throws(SQLError) { try output.close() }

    func addFigures(to trace: inout StepTrace) {
        trace.bytesLocal = bytesLocal
        trace.bytesRemote = bytesRemote
        trace.rowsSent = rowsSent
        trace.packets = packets
    }
}
