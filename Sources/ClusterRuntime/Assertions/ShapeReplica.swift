import Catalog
import Execution
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

/// A cluster of another shape, in memory, with the same definitions, and the rows of the tables that a query reads. Nothing
/// is committed there: the rows are in a version of the replica's own.
struct ShapeReplica {
    /// Rows that are under way from one cluster to the other at a time, and bytes of them.
    private static let chunkRows = 100_000
    private static let chunkBytes = 8 << 20
    /// Of what the origin may hold in operators and caches: its part.
    private static let memoryShare = 8

    private let leader: Leader
    /// Of the user who asks: what a query finds out while it runs is decided by that user's rights, too.
    private let session: DatabaseSession
    private(set) var version: DatabaseVersion
    /// Of the origin's leader: the rows that are here, and those on their way.
    private let memory: HeldMemory

    static func make(
        _ shape: ClusterShape, of tables: [TableID], _ origin: DatabaseSession, _ run: StatementRun,
        _ version: DatabaseVersion
    ) async throws(SQLError) -> ShapeReplica {
        var configuration = ClusterConfiguration(shape: shape)
        configuration.databaseName = origin.record.database
        configuration.permits = origin.leader.permitCount
        configuration.memoryBytes = MemoryPlan.bytes(origin.leader.configuration.memoryBytes) / memoryShare
        let leader = try await Leader.start(configuration)
        var replica = ShapeReplica(
            leader, origin.record, await origin.settings, version, HeldMemory(origin.leader.memory))
        do throws(SQLError) {
            for id in tables {
                guard let table = version.catalog.tables[id] else { continue }
                try await replica.fill(table, from: origin, run, version)
            }
        } catch {
            try await replica.close()
            throw error
        }
        return replica
    }

    private init(
        _ leader: Leader, _ record: SessionRecord, _ settings: SessionSettings, _ version: DatabaseVersion,
        _ memory: HeldMemory
    ) {
        self.leader = leader
        self.memory = memory
        session = DatabaseSession.open(on: leader, as: record, settings)
        self.version = version
        let slices = leader.shape.slices
        for id in version.tables.keys {
            self.version.tables[id] = TableVersion(table: id, partitions: Array(repeating: [], count: slices))
        }
    }

    func close() async throws(SQLError) {
        await session.close()
        try await leader.shutDown()
    }

    /// - Parameter context: the origin's: who asks, and in which schemas names are looked up.
    func rows(
        of query: Query, _ context: PlanningContext, _ run: StatementRun
    ) async throws(SQLError) -> ResultRows {
        var context = context
        context.shape = leader.shape
        guard case .query(let plan) = try Planner(context: context).plan(.query(query)) else {
            throw SQLError.internalError("a query was not planned as one")
        }
        var rows = ResultRows(columns: plan.output, in: memory.node)
        let running = await session.begin(plan, run, version)
        do throws(SQLError) {
            while let batch = try await running.next() { try rows.append(batch) }
        } catch {
            running.abandon()
            _ = try await session.end(running)
            throw error
        }
        _ = try await session.end(running)
        return rows
    }

    // MARK: Rows

    private mutating func fill(
        _ table: TableDefinition, from origin: DatabaseSession, _ run: StatementRun, _ source: DatabaseVersion
    ) async throws(SQLError) {
        var chunk: [[SQLValue]] = []
        let underWay = HeldMemory(memory.node)
        let chunkBytes = min(ShapeReplica.chunkBytes, memory.node.budgetBytes / 4)
        let types = table.columns.map(\.type)
        let running = try await origin.beginReading(table, run, source)
        do throws(SQLError) {
            while let batch = try await running.next() {
                for row in 0..<batch.count {
                    let values = zip(batch.columns, types).map { column, type in column.value(at: row, as: type) }
                    try underWay.hold(bytes: values.heldBytes)
                    chunk.append(values)
                    guard chunk.count >= ShapeReplica.chunkRows || underWay.bytes >= chunkBytes else { continue }
                    try run.control.check()
                    try await insert(chunk, into: table, types)
                    chunk.removeAll(keepingCapacity: true)
                    underWay.releaseAll()
                }
            }
            if !chunk.isEmpty { try await insert(chunk, into: table, types) }
        } catch {
            running.abandon()
            _ = try await origin.end(running)
            throw error
        }
        _ = try await origin.end(running)
    }

    private mutating func insert(
        _ rows: [[SQLValue]], into table: TableDefinition, _ types: [SQLType]
    ) async throws(SQLError) {
        let changes = try await session.insert(rows, into: table, types, version)
        version = try version.applying(
            CommitRecord(transaction: 0, changes: changes), shape: leader.shape, from: .block)
        let stored = version.tables.values.reduce(0) { sum, table in
            sum + table.partitions.joined().reduce(0) { $0 + $1.byteCount }
        }
        if stored > memory.bytes { try memory.hold(bytes: stored - memory.bytes) }
    }
}

/// Rows that are here already, as a view that a slice scans.
private struct GivenRows: VirtualTableProvider {
    let given: [[SQLValue]]

    func rows(of scan: VirtualScan, within bounds: ColumnBounds) -> [[SQLValue]] { given }

    func rows(of function: String, _ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> FunctionRows {
        throw SQLError.internalError("a function of the leader in a plan that copies rows")
    }

    func value(of name: String, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue {
        throw SQLError.internalError("a function of the leader in a plan that copies rows")
    }
}

extension DatabaseSession {
    /// All rows of the table as they are: policies that hide some from the user hide them in the replica, too.
    fileprivate func beginReading(
        _ table: TableDefinition, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> MeasuredRun {
        var context = planningContext(run, version)
        context = PlanningContext(
            catalog: context.catalog, functions: context.functions, virtualTables: context.virtualTables,
            shape: context.shape, database: context.database, temporarySchema: context.temporarySchema,
            clock: context.clock, dateTime: context.dateTime)
        let query = try parseStatement("SELECT * FROM \(table.sqlName)").statement
        guard case .query(let plan) = try Planner(context: context).plan(query) else {
            throw SQLError.internalError("a query was not planned as one")
        }
        return await begin(plan, run, version)
    }

    /// As COPY would with records of a file. What the slices wrote, as changes.
    fileprivate func insert(
        _ rows: [[SQLValue]], into table: TableDefinition, _ types: [SQLType], _ version: DatabaseVersion
    ) async throws(SQLError) -> [CommitRecord.Change] {
        let exchange = ExchangeID(0)
        let sink: Step =
            switch table.distribution.effective {
            case .even: .distributeRoundRobin(exchange)
            case .key(let column): .distribute(exchange, keys: [column])
            case .all: .broadcast(exchange)
            }
        let view = VirtualScan(name: table.name.name, columns: Array(types.indices), types: types)
        let segments = [
            Segment(number: 0, location: .oneSlice(0), steps: [.virtualScan(view), sink]),
            Segment(number: 1, location: .everySlice, steps: [.receive(exchange, types: types), .insert(table.id)]),
        ]
        let explain = ExplainNode(
            operation: "Copy", cost: Cost(startup: 0, total: 0), rows: Double(rows.count), width: 0,
            attributes: [table.name.description])
        let plan = QueryPlan(
            streams: [Stream(segments: segments)], explain: explain, notices: [], output: [], tables: [table.id])
        let execution = prepare(
            plan, StatementRun(text: "rows of \(table.name)"), version, planningNs: 0,
            virtualTables: GivenRows(given: rows))
        return try await complete(execution).appends
    }
}
