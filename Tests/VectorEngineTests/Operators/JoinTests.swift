import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct JoinTests {
    static let keyTypes: [[SQLType]] = [
        [.integer], [.bigint], [.decimal(precision: 38, scale: 2)], [.double], [.varchar(length: 50)],
        [.date, .varchar(length: 50)],
        [.integer, .varbyte(length: 10), .boolean],
    ]
    static let joins: [JoinType] = [.inner, .left, .right, .full, .semi, .anti, .nullAwareAnti, .buildSemi, .buildAnti]

    @Test(arguments: keyTypes, joins)
    func agreesWithNestedLoops(keyTypes: [SQLType], join: JoinType) throws {
        var random = SplitMix64(seed: 7)
        let types = keyTypes + [.integer, .varchar(length: 20)]
        for (probeCount, buildCount, spread, nullPercent) in [
            (0, 0, 5, 0), (0, 9, 5, 0), (9, 0, 5, 20), (1, 1, 1, 0), (120, 30, 40, 0), (80, 80, 12, 10),
            (90, 20, 12, 0),
        ] {
            let probe = random.rows(types, count: probeCount, spread: spread, nullPercent: nullPercent)
            let build = random.rows(types, count: buildCount, spread: spread, nullPercent: nullPercent)
            let expected = reference(probe, build, keys: keyTypes.count, join)
            let table = try makeTable(SavedRows(slice: 0, batches: random.batches(build, types)), types, keys: keyTypes)
            let operation = try HashJoinOperator(
                table: table, type: join, keys: Array(keyTypes.indices), residual: nil,
                probeOutput: join.showsOnlyBuild ? [] : Array(types.indices), buildOutput: Array(types.indices),
                probeKinds: types.map(\.storage))
            let output = try run(operation, random.batches(probe, types, largest: 70))
            let outputTypes = join.showsBuild && !join.showsOnlyBuild ? types + types : types
            #expect(
                sameRows(output.rows(outputTypes), expected),
                "\(join) \(keyTypes), \(probeCount) × \(buildCount), \(table.algorithm)")
        }
    }

    private func makeTable(_ rows: SavedRows, _ types: [SQLType], keys: [SQLType]) throws -> JoinTable {
        try JoinTable(
            rows, keys: Array(keys.indices), keyTypes: keys, payload: Array(types.indices), payloadTypes: types
        ) { () throws(SQLError) in }
    }

    private func reference(_ probe: [Row], _ build: [Row], keys: Int, _ join: JoinType) -> [Row] {
        let width = (probe.first ?? build.first)?.count ?? 0
        let nulls = Row(repeating: .null, count: width)
        func matches(_ left: Row, _ right: Row) -> Bool {
            (0..<keys).allSatisfy { SQLValue.compare(left[$0], right[$0]) == .equal }
        }
        var output: [Row] = []
        var matched = Set<Int>()
        for row in probe {
            let partners = build.indices.filter { matches(row, build[$0]) }
            matched.formUnion(partners)
            let hasNullKey = row[0..<keys].contains(.null)
            switch join {
            case .inner, .right: output += partners.map { row + build[$0] }
            case .left, .full: output += partners.isEmpty ? [row + nulls] : partners.map { row + build[$0] }
            case .semi: output += partners.isEmpty ? [] : [row]
            case .anti: output += partners.isEmpty ? [row] : []
            case .buildSemi, .buildAnti: break
            case .nullAwareAnti:
                let buildHasNull = build.contains { $0[0..<keys].contains(.null) }
                let stays = build.isEmpty || (partners.isEmpty && !hasNullKey && !buildHasNull)
                output += stays ? [row] : []
            }
        }
        if join == .right || join == .full {
            output += build.indices.filter { !matched.contains($0) }.map { nulls + build[$0] }
        }
        if join.showsOnlyBuild {
            output += build.indices.filter { matched.contains($0) == (join == .buildSemi) }.map { build[$0] }
        }
        return output
    }

    /// Semi and anti joins that stream the inner side, with `probe.n <> build.n` besides the key: many rows of one key, so
    /// that pairs come in several batches.
    @Test(arguments: [JoinType.buildSemi, .buildAnti])
    func marksBuildRowsUnderACondition(join: JoinType) throws {
        var random = SplitMix64(seed: 11)
        let types: [SQLType] = [.integer, .integer]
        let condition = ExpressionNode.comparison(.notEqual, .column(1, .integer), .column(3, .integer))
        for (probeCount, buildCount, spread) in [(0, 7, 3), (7, 0, 3), (300, 200, 2), (500, 40, 30), (90, 90, 1)] {
            let probe = random.rows(types, count: probeCount, spread: spread, nullPercent: 10)
            let build = random.rows(types, count: buildCount, spread: spread, nullPercent: 10)
            let table = try makeTable(
                SavedRows(slice: 0, batches: random.batches(build, types)), types, keys: [.integer])
            let operation = try HashJoinOperator(
                table: table, type: join, keys: [0], residual: ExpressionEvaluator(try ExpressionProgram(condition)),
                probeOutput: [], buildOutput: [0, 1], probeKinds: types.map(\.storage))
            let output = try run(operation, random.batches(probe, types))
            let expected = build.filter { row in
                let isMatched = probe.contains { other in
                    SQLValue.compare(row[0], other[0]) == .equal
                        && [.less, .greater].contains(SQLValue.compare(other[1], row[1]))
                }
                return isMatched == (join == .buildSemi)
            }
            #expect(sameRows(output.rows(types), expected), "\(probeCount) × \(buildCount)")
            #expect(output.allSatisfy { $0.count <= Batch.targetRows })
        }
    }

    /// Once every build row has a match, the rest of the probe side need not be read.
    @Test func endsWhenAllAreMarked() throws {
        var random = SplitMix64(seed: 12)
        let rows: [Row] = [[.integer(1)], [.integer(2)], [.integer(2)]]
        let table = try makeTable(
            SavedRows(slice: 0, batches: [random.batch(rows, [.integer])]), [.integer], keys: [.integer])
        let operation = try HashJoinOperator(
            table: table, type: .buildSemi, keys: [0], residual: nil, probeOutput: [], buildOutput: [0],
            probeKinds: [.int32])
        try operation.consume(random.batch([[.integer(2)], [.integer(5)]], [.integer]))
        #expect(!operation.isSatisfied)
        try operation.consume(random.batch([[.integer(1)]], [.integer]))
        #expect(operation.isSatisfied)
    }

    @Test func choosesByHowFarApartTheKeysLie() throws {
        let near = (0..<100).map { [SQLValue.integer(Int64($0) + 1_000_000_000_000)] }
        let far = (0..<100).map { [SQLValue.integer(Int64($0) * 1_000_000_007)] }
        let between = (0..<100).map { [SQLValue.integer(Int64($0) * 50_000 - 7)] }
        for (rows, algorithm) in [
            (near, "dense array"), (between, "ranked bitmap"), (far, "linear probing"), ([], "empty"),
        ] {
            let batches =
                rows.isEmpty ? [] : [Batch(columns: [.of(rows.map { $0[0] }, type: .bigint)], count: rows.count)]
            let table = try makeTable(SavedRows(slice: 0, batches: batches), [.bigint], keys: [.bigint])
            #expect(table.algorithm == algorithm)
            #expect(table.isUnique)
        }
    }

    /// One key on both sides: the fan-out comes in batches, from a cursor.
    @Test func fansOutInBatches() throws {
        let rows = [Row](repeating: [.integer(1)], count: 150)
        var random = SplitMix64(seed: 3)
        let table = try makeTable(
            SavedRows(slice: 0, batches: [random.batch(rows, [.integer])]), [.integer], keys: [.integer])
        #expect(!table.isUnique)
        let operation = try HashJoinOperator(
            table: table, type: .inner, keys: [0], residual: nil, probeOutput: [0], buildOutput: [0],
            probeKinds: [.int32])
        let output = try run(operation, [random.batch(rows, [.integer])])
        #expect(output.reduce(0) { $0 + $1.count } == 150 * 150)
        #expect(output.allSatisfy { $0.count <= Batch.targetRows })
    }

    @Test(arguments: [JoinType.inner, .left, .semi, .anti])
    func nestedLoopsWithoutACondition(join: JoinType) throws {
        var random = SplitMix64(seed: 5)
        for (probeCount, savedCount) in [(0, 3), (4, 0), (70, 90)] {
            let probe = random.rows([.integer], count: probeCount, spread: 9, nullPercent: 10)
            let saved = random.rows([.varchar(length: 9)], count: savedCount, spread: 9, nullPercent: 10)
            let expected: [Row] =
                switch join {
                case .inner: probe.flatMap { row in saved.map { row + $0 } }
                case .left: probe.flatMap { row in saved.isEmpty ? [row + [.null]] : saved.map { row + $0 } }
                case .semi: saved.isEmpty ? [] : probe
                default: saved.isEmpty ? probe : []
                }
            let kept = SavedRows(slice: 0, batches: random.batches(saved, [.varchar(length: 9)]))
            let operation = try NestedLoopOperator(saved: kept, kinds: [.bytes], type: join, condition: nil)
            let output = try run(operation, random.batches(probe, [.integer]))
            #expect(sameRows(output.rows(join.showsBuild ? [.integer, .varchar(length: 9)] : [.integer]), expected))
        }
    }
}
