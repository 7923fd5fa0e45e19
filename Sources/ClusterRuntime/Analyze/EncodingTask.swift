import Catalog
import Execution
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

/// What the slices are to try encodings on: sent with a segment whose only step is a scan of the table.
struct EncodingOrder: Sendable {
    var table: TableDefinition
    /// Positions in the table.
    var columns: [Int]
    /// By place in `columns`: the encodings to try, the present one first.
    var candidates: [[ColumnEncoding]]
    /// By slice.
    var partitions: [[RowGroupDescriptor]]
    /// Rows of a slice after which it stops; its row groups are taken whole.
    var rowsPerSlice: Int
}

/// Bytes at rest of what a slice tried: by place in `columns`, then in `candidates`.
struct EncodingSizes: Sendable {
    var rowCount = 0
    var bytes: [[Int]]

    mutating func add(_ other: EncodingSizes) {
        rowCount += other.rowCount
        for column in bytes.indices {
            for candidate in bytes[column].indices { bytes[column][candidate] += other.bytes[column][candidate] }
        }
    }
}

/// Encodes a slice's row groups with each candidate, a column at a time, and keeps the sizes alone.
final class EncodingTask: SliceWork {
    private let order: EncodingOrder
    private let groups: [RowGroupDescriptor]
    private let store: SliceStore
    private let cancellation: CancellationFlag
    private let report: (EncodingSizes) -> Void
    private var sizes: EncodingSizes
    private var group = 0
    private var column = 0
    private var trace: StepTrace

    init(_ order: EncodingOrder, context: SliceContext, report: @escaping (EncodingSizes) -> Void) throws(SQLError) {
        guard let store = context.store else {
            throw SQLError.internalError("ANALYZE COMPRESSION on a slice without rows")
        }
        self.order = order
        trace = StepTrace(scanOf: order.table.id)
        self.store = store
        self.report = report
        cancellation = context.cancellation
        groups = order.partitions[context.slice]
        sizes = EncodingSizes(bytes: order.candidates.map { Array(repeating: 0, count: $0.count) })
    }

    var steps: [StepTrace] { [trace] }

    func run(untilNs deadline: UInt64) throws(SQLError) -> SegmentTask.Outcome {
        while group < groups.count, sizes.rowCount < order.rowsPerSlice {
            try cancellation.check()
            if monotonicNs() >= deadline { return .yielded }
            try tryOne()
        }
        report(sizes)
        return .finished
    }

    private func tryOne() throws(SQLError) {
        let descriptor = groups[group]
        if column < order.columns.count {
            let position = order.columns[column]
            let vector = try store.column(position, of: descriptor, in: order.table)
            for (place, encoding) in order.candidates[column].enumerated() {
                var definition = order.table.columns[position]
                if place > 0 {
                    definition.encoding = encoding
                    definition.isEncodingDeclared = true
                }
                sizes.bytes[column][place] += try definition.encodedByteCount(of: vector)
            }
            column += 1
        }
        if column >= order.columns.count {
            sizes.rowCount += descriptor.rowCount
            trace.rowsOut += Int64(descriptor.rowCount)
            trace.rowGroupsRead.append(descriptor.number)
            group += 1
            column = 0
        }
    }
}
