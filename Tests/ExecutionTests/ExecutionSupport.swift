import Catalog
import QueryPlan
import SQLTypes
import Storage
import Synchronization
import Testing
import VectorEngine

@testable import Execution

typealias Row = [SQLValue]

func integers(_ values: Range<Int>) -> [Row] { values.map { [.integer(Int64($0))] } }

func batch(_ rows: [Row], _ types: [SQLType]) -> Batch {
    Batch(
        columns: types.enumerated().map { column, type in Vector.of(rows.map { $0[column] }, type: type) },
        count: rows.count)
}

extension Batch {
    func rows(_ types: [SQLType]) -> [Row] {
        (0..<count).map { row in zip(columns, types).map { $0.value(at: row, as: $1) } }
    }
}

/// Collects what it gets; answers as told.
final class TestSink: ResultSink {
    private struct State {
        var batches: [Batch] = []
        var answers: [SinkResult]
        var hasEnded = false
    }
    private let state: Mutex<State>

    init(answers: [SinkResult] = []) { state = Mutex(State(answers: answers)) }

    func consume(_ batch: Batch) -> SinkResult {
        state.withLock { state in
            state.batches.append(batch)
            return state.answers.isEmpty ? .wantsMore : state.answers.removeFirst()
        }
    }

    func inputEnded() { state.withLock { $0.hasEnded = true } }
    var batches: [Batch] { state.withLock { $0.batches } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    func rows(_ types: [SQLType]) -> [Row] { batches.flatMap { $0.rows(types) } }
}

/// Exchanges as lists in memory: what is sent to a slice is what it receives, once the sender has run.
final class TestPorts: ExchangePorts {
    enum Item { case batch(Batch), blocked }
    struct Key: Hashable {
        var exchange: ExchangeID
        var receiver: Int
    }
    struct State {
        var queues: [Key: [Item]] = [:]
        var sent: [PartitionedBatch] = []
        var closedOutputs = 0
        var closedInputs = 0
        var asked = 0
        var answers: [SinkResult] = []
    }
    let shape: ClusterShape
    let state = Mutex(State())

    init(_ shape: ClusterShape) { self.shape = shape }

    func put(_ items: [Item], into exchange: Int, receiver: Int) {
        state.withLock { $0.queues[Key(exchange: ExchangeID(exchange), receiver: receiver), default: []] += items }
    }

    func output(_ id: ExchangeID, slice: Int) -> any ExchangeOutput { Output(self, id) }
    func input(_ id: ExchangeID, slice: Int) -> any ExchangeInput { Input(self, Key(exchange: id, receiver: slice)) }

    /// Sender i's rows wait under receiver i.
    func inputsBySender(_ id: ExchangeID, slice: Int) -> [any ExchangeInput] {
        (0..<shape.slices).map { Input(self, Key(exchange: id, receiver: $0)) }
    }

    private final class Output: ExchangeOutput {
        let ports: TestPorts
        let id: ExchangeID
        init(_ ports: TestPorts, _ id: ExchangeID) {
            self.ports = ports
            self.id = id
        }

        func send(_ rows: PartitionedBatch) -> SinkResult {
            ports.state.withLock { state in
                state.sent.append(rows)
                func put(_ batch: Batch, _ receiver: Int) {
                    guard batch.count > 0 else { return }
                    state.queues[Key(exchange: id, receiver: receiver), default: []].append(.batch(batch))
                }
                switch rows.destination {
                case .slices(let offsets):
                    for slice in 0..<ports.shape.slices {
                        put(rows.rows.slice(offsets[slice]..<offsets[slice + 1]), slice)
                    }
                case .everyNode:
                    for node in 0..<ports.shape.nodes { put(rows.rows, ports.shape.slices(ofNode: node).lowerBound) }
                case .slice(let slice): put(rows.rows, slice)
                case .leader: put(rows.rows, SliceTrace.leaderSlice)
                }
                return state.answers.isEmpty ? .wantsMore : state.answers.removeFirst()
            }
        }

        func close() { ports.state.withLock { $0.closedOutputs += 1 } }
    }

    private final class Input: ExchangeInput {
        let ports: TestPorts
        let key: Key
        init(_ ports: TestPorts, _ key: Key) {
            self.ports = ports
            self.key = key
        }

        func next() -> SourceResult {
            ports.state.withLock { state in
                state.asked += 1
                guard let first = state.queues[key]?.first else { return .ended }
                state.queues[key]?.removeFirst()
                return switch first {
                case .batch(let batch): .batch(batch)
                case .blocked: .blocked
                }
            }
        }

        func close() { ports.state.withLock { $0.closedInputs += 1 } }
    }
}

struct TestViews: VirtualTableProvider {
    func rows(of scan: VirtualScan, within bounds: ColumnBounds) throws(SQLError) -> [Row] {
        guard scan.name == "numbers" else { throw SQLError.internalError("no view \(scan.name)") }
        return integers(0..<5_000)
    }

    func value(of name: String, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue {
        throw SQLError.internalError("no function \(name)")
    }

    /// `numbers(n)`: 0, 1, … n − 1.
    func rows(of function: String, _ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> FunctionRows {
        guard function == "numbers", case .integer(let count)? = arguments.first else { return FunctionRows([]) }
        return FunctionRows(count: Int(count)) { [.integer(Int64($0))] }
    }
}

/// A cluster in memory, with one query's state.
final class TestCluster {
    let shape: ClusterShape
    let storage: ClusterStorage
    let ports: TestPorts
    let tables: [HashTableRegistry]
    let inserted = InsertedRowGroups()
    let cancellation = CancellationFlag()

    init(nodes: Int = 1, slicesPerNode: Int = 1) throws {
        shape = ClusterShape(nodes: nodes, slicesPerNode: slicesPerNode)
        storage = try ClusterStorage.open(at: .memory, shape: shape)
        ports = TestPorts(shape)
        tables = (0..<nodes).map { _ in HashTableRegistry() }
    }

    func context(_ slice: Int = 0, results: TestSink? = nil, memory: any MemoryGrant = UnlimitedMemory())
        -> SliceContext
    {
        let isLeader = slice == SliceTrace.leaderSlice
        let node = isLeader ? -1 : shape.node(ofSlice: slice)
        return SliceContext(
            slice: slice, node: node, shape: shape, routing: RoutingTable(shape), version: storage.current,
            store: isLeader ? nil : storage.slice(slice),
            nodeStore: isLeader ? nil : storage.slice(shape.slices(ofNode: node).lowerBound), exchanges: ports,
            hashTables: isLeader ? HashTableRegistry() : tables[node], virtualTables: TestViews(), inserted: inserted,
            results: results, memory: memory, cancellation: cancellation)
    }

    func makeTable(
        _ columns: [(String, SQLType)], _ style: Distribution.Style = .even, sortKey: SortKey = .none,
        required: Set<String> = []
    ) throws -> TableDefinition {
        let definition = TableDefinition(
            id: storage.reserveTableID(), name: TableName(schema: "public", name: "t\(storage.current.commit)"),
            columns: columns.map {
                ColumnDefinition(
                    name: $0.0, type: $0.1, isNullable: !required.contains($0.0),
                    encoding: .automatic(for: $0.1, isSortKey: false))
            },
            distribution: Distribution(style), sortKey: sortKey)
        _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createTable(definition)]))
        return definition
    }

    /// Each inner list becomes row groups of its own.
    func load(_ table: TableDefinition, slice: Int, _ parts: [[Row]]) throws {
        var groups: [RowGroupDescriptor] = []
        for rows in parts {
            let writer = try storage.slice(slice).makeWriter(for: table, isSorted: false)
            try writer.append(batch(rows, table.columns.map(\.type)))
            groups += try writer.finish()
        }
        _ = try storage.commit(CommitRecord(transaction: 2, changes: [.append(table.id, slice: slice, groups)]))
    }

    /// Runs a segment to its end, on one slice.
    @discardableResult
    func run(
        _ steps: [Step], slice: Int = 0, location: Segment.Location = .everySlice, results: TestSink? = nil
    ) throws -> [StepTrace] {
        let segment = Segment(number: 0, location: location, steps: steps)
        let task = try SegmentTask(segment: segment, context: context(slice, results: results))
        var turns = 0
        while try task.run(untilNs: .max) != .finished {
            turns += 1
            try #require(turns < 10_000, "the task does not end")
        }
        return task.steps
    }

    /// The rows that a segment makes, and its trace.
    func rows(_ steps: [Step], _ types: [SQLType], slice: Int = 0) throws -> (rows: [Row], steps: [StepTrace]) {
        let sink = TestSink()
        let traces = try run(steps, slice: slice, results: sink)
        return (sink.rows(types), traces)
    }
}
