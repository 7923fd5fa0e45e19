import Catalog
import QueryPlan
import SQLTypes
import Storage
import Synchronization
import Testing
import VectorEngine

@testable import Execution

/// Whole plans, segment after segment, slice after slice.
@Suite struct QueryTests {
    private let leader = SliceTrace.leaderSlice

    private func sorted(_ rows: [Row]) -> [String] { rows.map { "\($0)" }.sorted() }

    private func scan(_ table: TableDefinition, share: TableScan.Share = .ownPartition) -> Step {
        let columns = Array(table.columns.indices)
        return .scan(
            TableScan(
                table: table.id, columns: columns, types: table.columns.map(\.type), filter: nil, output: columns,
                share: share))
    }

    /// SELECT k, count(*), sum(n) … GROUP BY k over two phases and a `dist` between them.
    @Test func aggregatesInTwoPhases() throws {
        let cluster = try TestCluster(nodes: 2, slicesPerNode: 2)
        let table = try cluster.makeTable([("k", .varchar(length: 9)), ("n", .integer)])
        var expected: [String: (Int64, Int64)] = [:]
        for slice in 0..<4 {
            let rows = (0..<500).map { row -> Row in [SQLValue("k\((row + slice) % 37)"), .integer(Int64(row))] }
            for row in 0..<500 {
                let key = "k\((row + slice) % 37)"
                expected[key] = ((expected[key]?.0 ?? 0) + 1, (expected[key]?.1 ?? 0) + Int64(row))
            }
            try cluster.load(table, slice: slice, [rows])
        }
        let calls = [
            AggregateCall(function: "count", arguments: [], argumentTypes: [], result: .bigint),
            AggregateCall(function: "sum", arguments: [1], argumentTypes: [.integer], result: .bigint),
        ]
        func aggregation(_ phase: Aggregation.Phase) -> Step {
            .aggregate(
                Aggregation(
                    phase: phase, groups: [0], groupTypes: [.varchar(length: 9)], calls: calls, estimatedGroups: 37))
        }
        let stateTypes: [SQLType] = [.varchar(length: 9)] + calls.flatMap(\.stateTypes)
        for slice in 0..<4 {
            let traces = try cluster.run(
                [scan(table), aggregation(.partial), .distribute(ExchangeID(0), keys: [0])], slice: slice)
            #expect(traces[2].rowsSent == 37)
            #expect(traces[2].bytesLocal > 0 && traces[2].bytesRemote > 0)
        }
        #expect(cluster.ports.state.withLock { $0.closedOutputs } == 4)
        for slice in 0..<4 {
            try cluster.run(
                [.receive(ExchangeID(0), types: stateTypes), aggregation(.final), .gather(ExchangeID(1))], slice: slice)
        }
        let types: [SQLType] = [.varchar(length: 9), .bigint, .bigint]
        let result = try cluster.rows([.receive(ExchangeID(1), types: types)], types, slice: leader)
        let wanted = expected.map { key, value -> Row in [SQLValue(key), .integer(value.0), .integer(value.1)] }
        #expect(sorted(result.rows) == sorted(wanted))
    }

    @Test(arguments: [true, false])
    func joinsWithAResidualCondition(isReplicated: Bool) throws {
        let cluster = try TestCluster(nodes: 1, slicesPerNode: 2)
        let outer = try cluster.makeTable([("k", .integer), ("n", .integer)])
        let inner = try cluster.makeTable([("k", .bigint), ("m", .integer)])
        var outerRows: [Row] = []
        var innerRows: [[Row]] = []
        for slice in 0..<2 {
            let rows = (0..<40).map { row -> Row in [.integer(Int64(row % 9)), .integer(Int64(row + slice))] }
            try cluster.load(outer, slice: slice, [rows])
            outerRows += rows
            innerRows.append((0..<20).map { row -> Row in [.integer(Int64(row % 9)), .integer(Int64(row * 2))] })
            try cluster.load(inner, slice: slice, [innerRows[slice]])
        }
        let build = HashBuild(
            table: HashTableID(0), keys: [0], keyTypes: [.bigint], payload: [1, 0], payloadTypes: [.integer, .bigint],
            isReplicated: isReplicated, estimatedRows: 40)
        for slice in 0..<2 { try cluster.run([scan(inner), .hash(build)], slice: slice) }
        let condition = BoundExpression.comparison(.less, .column(1, .integer), .column(2, .integer))
        for kind in [JoinKind.inner, .left, .semi, .anti] {
            var result: [Row] = []
            let isPair = kind == .inner || kind == .left
            for slice in 0..<2 {
                let join = HashJoin(
                    table: HashTableID(0), kind: kind, keys: [0], residual: condition, probeOutput: [0, 1],
                    buildOutput: [0],
                    payloadTypes: [.integer, .bigint])
                let types: [SQLType] = [.integer, .integer] + (isPair ? [.integer] : [])
                let made = try cluster.rows([scan(outer), .hashJoin(join)], types, slice: slice)
                #expect(made.steps[1].algorithm == "dense array")
                result += made.rows
            }
            var expected: [Row] = []
            for (position, row) in outerRows.enumerated() {
                let build = isReplicated ? innerRows.flatMap(\.self) : innerRows[position / 40]
                let partners = build.filter {
                    $0[0] == row[0] && SQLValue.compare(row[1], $0[1]) == .less
                }
                switch kind {
                case .inner: expected += partners.map { row + [$0[1]] }
                case .left: expected += partners.isEmpty ? [row + [.null]] : partners.map { row + [$0[1]] }
                case .semi: expected += partners.isEmpty ? [] : [row]
                default: expected += partners.isEmpty ? [row] : []
                }
            }
            #expect(sorted(result) == sorted(expected), "\(kind)")
        }
    }

    @Test func nestedLoopsOverSavedRows() throws {
        let cluster = try TestCluster(nodes: 1, slicesPerNode: 2)
        let table = try cluster.makeTable([("n", .integer)], .all)
        try cluster.load(table, slice: 0, [integers(0..<30), integers(30..<60)])
        for slice in 0..<2 {
            try cluster.run([scan(table, share: .nodeCopy), .save(HashTableID(3), isReplicated: true)], slice: slice)
        }
        let condition = BoundExpression.comparison(.equal, .column(0, .integer), .column(1, .integer))
        let loop = NestedLoop(table: HashTableID(3), kind: .inner, condition: condition, savedTypes: [.integer])
        var rows: [Row] = []
        for slice in 0..<2 {
            rows += try cluster.rows(
                [scan(table, share: .nodeCopy), .nestedLoop(loop)], [.integer, .integer], slice: slice
            ).rows
        }
        #expect(sorted(rows) == sorted((0..<60).map { [.integer(Int64($0)), .integer(Int64($0))] }))
    }

    @Test func insertSortsChecksAndReports() throws {
        let cluster = try TestCluster(nodes: 1, slicesPerNode: 2)
        let table = try cluster.makeTable(
            [("n", .integer), ("s", .varchar(length: 9))], sortKey: .compound([0]), required: ["s"])
        let rows = (0..<4_000).map { row -> Row in [.integer(Int64(row * 7_919 % 4_001)), SQLValue("s\(row % 5)")] }
        let types: [SQLType] = [.integer, .varchar(length: 9)]
        cluster.ports.put([.batch(batch(rows, types))], into: 0, receiver: 1)
        let receive = Step.receive(ExchangeID(0), types: types)
        try cluster.run([receive, .insert(table.id)], slice: 1)
        let entry = try #require(cluster.inserted.entries.first)
        #expect(entry.table == table.id && entry.slice == 1 && entry.rowCount == 4_000)
        #expect(entry.rowGroups.allSatisfy { $0.isSorted })
        #expect(try cluster.rows([scan(table)], types, slice: 1).rows.isEmpty, "seen before the commit")
        _ = try cluster.storage.commit(
            CommitRecord(transaction: 9, changes: [.append(table.id, slice: 1, entry.rowGroups)]))
        let stored = try cluster.rows([scan(table)], types, slice: 1).rows
        #expect(stored == rows.sorted { SQLValue.compare($0[0], $1[0]) == .less })

        cluster.ports.put([.batch(batch([[.integer(1), .null]], types))], into: 0, receiver: 0)
        let error = #expect(throws: SQLError.self) { try cluster.run([receive, .insert(table.id)], slice: 0) }
        #expect(error?.state == .notNullViolation)
        #expect(error?.message == "Cannot insert a NULL value into column s")
    }

    @Test func roundRobinAndBroadcastReachEverySliceAndNode() throws {
        let cluster = try TestCluster(nodes: 2, slicesPerNode: 2)
        let constants = Step.constants((0..<8).map { [.literal(.integer($0), .integer)] }, types: [.integer])
        try cluster.run([constants, .distributeRoundRobin(ExchangeID(0))], slice: 2)
        for slice in 0..<4 {
            let rows = try cluster.rows([.receive(ExchangeID(0), types: [.integer])], [.integer], slice: slice).rows
            #expect(rows.count == 2)
        }
        let traces = try cluster.run([constants, .broadcast(ExchangeID(1))], slice: 2)
        #expect(traces[1].rowsSent == 16)
        #expect(traces[1].bytesLocal == traces[1].bytesRemote)
        for slice in [0, 2] {
            let rows = try cluster.rows([.receive(ExchangeID(1), types: [.integer])], [.integer], slice: slice).rows
            #expect(rows.count == 8)
        }
    }

    /// An expression over DECIMAL that needs 128 bits by type and 64 by value goes into the sum either way.
    @Test func sumsOfProducts() throws {
        let cluster = try TestCluster()
        let type = SQLType.decimal(precision: 12, scale: 2)
        let table = try cluster.makeTable([("a", type), ("b", type)])
        let rows = (0..<3_000).map { row -> Row in
            [
                .decimal(Decimal(unscaled: Int128(row), scale: 2)),
                .decimal(Decimal(unscaled: Int128(row % 11), scale: 2)),
            ]
        }
        try cluster.load(table, slice: 0, [rows])
        let product = SQLType.decimal(precision: 25, scale: 4)
        let call = AggregateCall(
            function: "sum", arguments: [0], argumentTypes: [product], result: .decimal(precision: 38, scale: 4))
        let result = try cluster.rows(
            [
                scan(table), .project([.arithmetic(.multiply, .column(0, type), .column(1, type), product)]),
                .aggregate(
                    Aggregation(phase: .complete, groups: [], groupTypes: [], calls: [call], estimatedGroups: 1)),
            ], [call.result])
        let total = (0..<3_000).reduce(Int128(0)) { $0 + Int128($1 * ($1 % 11)) }
        #expect(result.rows == [[.decimal(Decimal(unscaled: total, scale: 4))]])
    }
}
