import SQLTypes
import Testing

@testable import VectorEngine

/// Every operator that can spill, under next to no memory, against itself with all the memory that it wants.
@Suite struct SpillTests {
    static let everyType: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 4),
        .real, .double, .date, .timestamp, .char(length: 30), .varchar(length: 30), .varbyte(length: 10),
    ]

    // MARK: Runs

    @Test(arguments: UInt64(0)..<4)
    func runsGiveBackWhatWasWritten(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let types = SpillTests.everyType
        let rows = random.rows(types, count: 700, spread: 40, nullPercent: seed % 2 == 0 ? 20 : 0)
        let store = TestSpillStore()
        do {
            let workspace = tightWorkspace(store, memory: TestMemory(limit: 0))
            let writer = try workspace.writer()
            for batch in random.batches(rows, types) { try writer.append(batch) }
            let run = try writer.finish()
            #expect(run.rowCount == rows.count && store.heldParts > 0 && workspace.spilledBytes > 0)
            let source = SpillRunSource([run])
            var read: [Row] = []
            while let batch = try source.nextBatch() { read += batch.rows(types) }
            let isSame = read.map { "\($0)" } == rows.map { "\($0)" }
            #expect(isSame)
        }
        #expect(store.heldParts == 0, "space that is not given back")
    }

    @Test func formsStayNarrow() throws {
        let store = TestSpillStore()
        let workspace = tightWorkspace(store, memory: TestMemory(limit: 0))
        let codes = Vector(
            kind: .int64, count: 100, form: .coded(.u8(Buffer((0..<100).map { UInt8($0) })), base: 1_000_000))
        guard
            case .views(let views, let owners) = Vector.of(
                [SQLValue("a"), SQLValue("b"), SQLValue("c")], type: .varchar(length: 3)
            ).form
        else { return }
        let dictionary = Vector(
            kind: .bytes, count: 100,
            form: .dictionary(
                .u32(Buffer((0..<100).map { UInt32($0 % 2) })), StringDictionary(views: views, owners: owners)))
        let writer = try workspace.writer()
        try writer.append(Batch(columns: [codes, dictionary, .nulls(kind: .float64, count: 100)], count: 100))
        let read = try writer.finish().read(0)
        guard case .coded(.u8, base: 1_000_000) = read.columns[0].form else {
            Issue.record("codes came back as \(read.columns[0].form)")
            return
        }
        guard case .dictionary(.u8, let used) = read.columns[1].form else {
            Issue.record("a dictionary came back as \(read.columns[1].form)")
            return
        }
        #expect(used.count == 2)
        guard case .constant(.null) = read.columns[2].form else {
            Issue.record("nulls came back as \(read.columns[2].form)")
            return
        }
    }

    // MARK: Sorting

    @Test(arguments: UInt64(0)..<4, [nil, 10, 1_500] as [Int64?])
    func sorts(seed: UInt64, limit: Int64?) throws {
        var random = SplitMix64(seed: seed)
        let types: [SQLType] = [.varchar(length: 30), .integer, .decimal(precision: 38, scale: 2), .bigint]
        var rows = random.rows(types, count: 2_500, spread: seed < 2 ? 9 : 2_000, nullPercent: 10)
        // The last column tells equal rows apart: the order must be stable.
        for index in rows.indices { rows[index][3] = .integer(Int64(index)) }
        let order = (0..<3).map { column in
            SortOrder(
                column: column, type: types[column], isDescending: random.below(2) == 0,
                nullsFirst: random.below(2) == 0)
        }
        let batches = random.batches(rows, types)
        let expected = try run(SortOperator(order, types: types, limit: limit) { () throws(SQLError) in }, batches)
        let store = TestSpillStore()
        let memory = TestMemory(limit: 20_000)
        do {
            let sort = SpillingSort(order, types: types, limit: limit, tightWorkspace(store, memory: memory))
            let output = try run(sort, batches)
            let isSame = output.rows(types) == expected.rows(types)
            #expect(isSame)
            if limit != 10 { #expect(store.writes > 5 && sort.algorithm == "external merge" && sort.spilledBytes > 0) }
        }
        #expect(store.heldParts == 0 && memory.used == 0)
    }

    // MARK: Aggregation

    private func calls(_ column: Int, _ type: SQLType, distinct: Bool) -> [AggregateSpecification] {
        func call(_ name: String, _ result: SQLType, _ states: [SQLType], isDistinct: Bool = false)
            -> AggregateSpecification
        {
            let arguments = name == "count*" ? [] : [column]
            return AggregateSpecification(
                function: name == "count*" ? "count" : name, arguments: arguments,
                argumentTypes: arguments.isEmpty ? [] : [type], isDistinct: isDistinct, result: result,
                stateTypes: states)
        }
        var calls = [
            call("count*", .bigint, [.bigint]), call("count", .bigint, [.bigint]), call("min", type, [type]),
            call("max", type, [type]), call("any_value", type, [type]),
        ]
        if distinct { calls.append(call("count", .bigint, [.bigint], isDistinct: true)) }
        if type.isNumeric {
            let sum: SQLType = type.isFloat ? .double : .decimal(precision: 38, scale: type.scale)
            calls.append(call("sum", sum, [sum]))
            calls.append(call("avg", type.isInteger ? .bigint : sum, [sum, .bigint]))
            calls.append(call("var_samp", .double, [.bigint, .double, .double]))
            if distinct {
                calls.append(call("sum", sum, [sum], isDistinct: true))
                calls.append(call("avg", type.isInteger ? .bigint : sum, [sum, .bigint], isDistinct: true))
            }
        }
        return calls
    }

    /// Floats to six digits: the order of additions differs.
    private func text(_ rows: [Row]) -> [String] {
        rows.map { row in
            row.map { value in
                guard case .double(let double) = canonical(value), double.isFinite, double != 0 else {
                    return "\(canonical(value))"
                }
                var scale = 1.0
                while abs(double) * scale < 1e6 { scale *= 10 }
                while abs(double) * scale > 1e7 { scale /= 10 }
                return "\((double * scale + 0.271828).rounded() / 10) / \(scale)"
            }.joined(separator: "|")
        }.sorted()
    }

    static let groupings: [[SQLType]] = [
        [.integer], [.varchar(length: 40), .date], [.decimal(precision: 38, scale: 1)],
    ]
    static let arguments: [SQLType] = [
        .integer, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 2), .varchar(length: 30), .date,
        .double,
    ]

    @Test(arguments: groupings, arguments)
    func aggregates(groupTypes: [SQLType], argument: SQLType) throws {
        for (seed, distinct) in [(UInt64(1), false), (2, false), (1, true), (2, true)] {
            var random = SplitMix64(seed: seed)
            let types = groupTypes + [argument]
            let groups = Array(groupTypes.indices)
            let calls = calls(groupTypes.count, argument, distinct: distinct)
            let rows = random.rows(types, count: 2_000, spread: seed == 1 ? 600 : 25, nullPercent: 5)
            let batches = random.batches(rows, types)
            let results = groupTypes + calls.map(\.result)
            let free = try AggregateOperator(phase: .complete, groups: groups, groupTypes: groupTypes, calls: calls)
            let expected = text(try run(free, batches).rows(results))
            let store = TestSpillStore()
            let memory = TestMemory(limit: 8_000)
            do {
                let tight = try SpillingAggregate(
                    phase: .complete, groups: groups, groupTypes: groupTypes, calls: calls,
                    tightWorkspace(store, memory: memory, rowsMinimum: 10))
                let output = text(try run(tight, batches).rows(results))
                let isSame = output == expected
                #expect(isSame, "\(groupTypes) \(argument) \(distinct) seed \(seed)")
                #expect(store.writes > 0)
            }
            #expect(store.heldParts == 0 && memory.used == 0)
        }
    }

    @Test(arguments: arguments)
    func aggregatesInTwoPhases(argument: SQLType) throws {
        var random = SplitMix64(seed: 5)
        let types: [SQLType] = [.integer, argument]
        let calls = calls(1, argument, distinct: false).filter { $0.function != "any_value" }
        let rows = random.rows(types, count: 2_000, spread: 500, nullPercent: 5)
        let results = [.integer] + calls.map(\.result)
        let free = try AggregateOperator(phase: .complete, groups: [0], groupTypes: [.integer], calls: calls)
        let expected = text(try run(free, random.batches(rows, types)).rows(results))
        let store = TestSpillStore()
        func tight(_ phase: AggregateOperator.Phase) throws -> SpillingAggregate {
            try SpillingAggregate(
                phase: phase, groups: [0], groupTypes: [.integer], calls: calls,
                tightWorkspace(store, memory: TestMemory(limit: 8_000), rowsMinimum: 10))
        }
        let partial = try tight(.partial)
        let states = try run(partial, random.batches(rows, types))
        #expect(partial.algorithm.hasSuffix("flushed") && store.writes == 0)
        #expect(text(try run(try tight(.final), states).rows(results)) == expected)
        #expect(store.writes > 0 && store.heldParts == 0)
    }

    @Test func distinctWithoutGroups() throws {
        var random = SplitMix64(seed: 9)
        let calls = calls(0, .bigint, distinct: true)
        for count in [0, 3_000] {
            let rows = random.rows([.bigint], count: count, spread: 1_200, nullPercent: 5)
            let batches = random.batches(rows, [.bigint])
            let free = try AggregateOperator(phase: .complete, groups: [], groupTypes: [], calls: calls)
            let store = TestSpillStore()
            let tight = try SpillingAggregate(
                phase: .complete, groups: [], groupTypes: [], calls: calls,
                tightWorkspace(store, memory: TestMemory(limit: 8_000)))
            let expected = text(try run(free, batches).rows(calls.map(\.result)))
            let output = text(try run(tight, batches).rows(calls.map(\.result)))
            #expect(output == expected, "\(output) \(expected)")
            #expect(count == 0 || store.writes > 0)
        }
    }

    @Test func aFullDiskIsAnError() throws {
        var random = SplitMix64(seed: 2)
        let rows = random.rows([.bigint], count: 3_000, spread: 3_000, nullPercent: 0)
        let store = TestSpillStore(writesMaximum: 3)
        let memory = TestMemory(limit: 4_000)
        do {
            let order = SortOrder(column: 0, type: .bigint, isDescending: false, nullsFirst: false)
            let sort = SpillingSort([order], types: [.bigint], limit: nil, tightWorkspace(store, memory: memory))
            let error = #expect(throws: SQLError.self) { try run(sort, random.batches(rows, [.bigint])) }
            #expect(error?.state == .diskFull)
        }
        #expect(store.heldParts == 0 && memory.used == 0)
    }
}
