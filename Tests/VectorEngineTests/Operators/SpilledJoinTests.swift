import SQLTypes
import Testing

@testable import VectorEngine

/// Hash joins whose build side went to disk, against those over a table in memory.
@Suite struct SpilledJoinTests {
    static let joins: [JoinType] = [.inner, .left, .right, .full, .semi, .anti, .nullAwareAnti, .buildSemi, .buildAnti]
    static let keyTypes: [[SQLType]] = [[.bigint], [.varchar(length: 30), .date], [.decimal(precision: 38, scale: 2)]]

    enum Shape: CaseIterable {
        case manyKeys, fewKeys, oneKey, noNulls
    }

    @Test(arguments: joins, Shape.allCases)
    func agreesWithATableInMemory(join: JoinType, shape: Shape) throws {
        for keyTypes in SpilledJoinTests.keyTypes {
            for seed in UInt64(1)...2 {
                try check(join, keyTypes, shape, residual: false, seed: seed)
                if join != .nullAwareAnti { try check(join, keyTypes, shape, residual: true, seed: seed) }
            }
        }
    }

    private func check(_ join: JoinType, _ keyTypes: [SQLType], _ shape: Shape, residual: Bool, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let types = keyTypes + [.integer]
        let spread = shape == .oneKey ? 1 : shape == .fewKeys ? 12 : 2_000
        let nulls = shape == .noNulls || shape == .oneKey ? 0 : 4
        let probe = random.rows(types, count: shape == .manyKeys ? 500 : 40, spread: spread, nullPercent: nulls)
        let build = random.rows(types, count: 400, spread: spread, nullPercent: nulls)
        let (probeBatches, buildBatches) = (random.batches(probe, types), random.batches(build, types))
        let layout = SpilledBuild.Layout(
            keys: Array(keyTypes.indices), keyTypes: keyTypes, payload: Array(types.indices), payloadTypes: types)

        func makeJoin(_ table: JoinTable, _ type: JoinType) throws(SQLError) -> HashJoinOperator {
            // Probe and build columns are the same; the last ones are compared.
            let condition = ExpressionNode.comparison(
                .less, .column(types.count - 1, .integer), .column(2 * types.count - 1, .integer))
            return try HashJoinOperator(
                table: table, type: type, keys: layout.keys,
                residual: residual
                    ? ExpressionEvaluator(try ExpressionProgram(condition), context: EvaluationContext()) : nil,
                probeOutput: type.showsOnlyBuild ? [] : Array(types.indices), buildOutput: Array(types.indices),
                probeKinds: types.map(\.storage))
        }

        let store = TestSpillStore()
        let memory = TestMemory(limit: 3_000)
        do {
            let workspace = tightWorkspace(store, memory: memory)
            let table = try layout.table(of: buildBatches, workspace)
            let output = join.showsBuild && !join.showsOnlyBuild ? types + types : types
            let expected = try run(try makeJoin(table, join), probeBatches).rows(output)

            let collector = BuildCollector(layout, workspace)
            for batch in buildBatches { try collector.append(batch) }
            let part = try #require(try collector.takeSpilled(slice: 0))
            let spilled = SpilledBuild([part], layout: layout)
            let operation = try SpilledHashJoin(
                spilled, type: join, keys: layout.keys, workspace, makeJoin: makeJoin)
            let actual = try run(operation, operation.isSatisfied ? [] : probeBatches).rows(output)
            let isSame = sameRows(actual, expected)
            #expect(isSame, "\(join) \(keyTypes) \(shape) residual \(residual) seed \(seed)")
        }
        #expect(store.heldParts == 0 && memory.used == 0)
    }

    /// Slices of a node that deal their parts one by one: in memory or on disk.
    @Test(arguments: [JoinType.inner, .left, .semi, .anti])
    func partsOfSeveralSlices(join: JoinType) throws {
        var random = SplitMix64(seed: 4)
        let types: [SQLType] = [.bigint, .varchar(length: 20)]
        let layout = SpilledBuild.Layout(keys: [0], keyTypes: [.bigint], payload: [0, 1], payloadTypes: types)
        let store = TestSpillStore()
        let workspace = tightWorkspace(store, memory: TestMemory(limit: 3_000))
        let own = random.batches(random.rows(types, count: 400, spread: 300, nullPercent: 0), types)
        let other = random.batches(random.rows(types, count: 300, spread: 300, nullPercent: 0), types)
        let probe = random.batches(random.rows(types, count: 500, spread: 400, nullPercent: 0), types)
        let makeJoin: SpilledHashJoin.MakeJoin = { (table, type) throws(SQLError) in
            try HashJoinOperator(
                table: table, type: type, keys: [0], residual: nil, probeOutput: [0, 1], buildOutput: [0, 1],
                probeKinds: [.int64, .bytes])
        }
        let collector = BuildCollector(layout, workspace)
        for batch in own { try collector.append(batch) }
        let first = try #require(try collector.takeSpilled(slice: 0))
        let second = try BuildCollector.spilled(
            SavedRows(slice: 1, batches: other), account: MemoryAccount(UnlimitedMemory()), layout: layout, workspace)
        let operation = try SpilledHashJoin(
            SpilledBuild([first, second], layout: layout), type: join, keys: [0], workspace, makeJoin: makeJoin)
        let whole = try makeJoin(try layout.table(of: own + other, workspace), join)
        let output = join.showsBuild ? types + types : types
        #expect(sameRows(try run(operation, probe).rows(output), try run(whole, probe).rows(output)))
    }
}
