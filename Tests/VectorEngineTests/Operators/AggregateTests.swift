import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct AggregateTests {
    static let groupings: [[SQLType]] = [
        [], [.integer], [.varchar(length: 50)], [.char(length: 1), .char(length: 1)], [.double], [.date, .bigint],
        [.decimal(precision: 38, scale: 0), .varbyte(length: 10)],
    ]
    static let arguments: [SQLType] = [
        .integer, .bigint, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 2), .double,
        .varchar(length: 30), .date, .boolean,
    ]

    private func calls(column: Int, type: SQLType) -> [AggregateSpecification] {
        var calls = [call("count", [], [], .bigint), call("count", [column], [type], .bigint)]
        if type == .boolean {
            calls += ["bool_and", "bool_or"].map { call($0, [column], [type], .boolean) }
        } else {
            calls += ["min", "max"].map { call($0, [column], [type], type) }
        }
        if type.isNumeric {
            let sum: SQLType = type.isFloat ? .double : .decimal(precision: 38, scale: type.scale)
            calls.append(call("sum", [column], [type], sum))
            calls.append(call("avg", [column], [type], type.isInteger ? .bigint : sum))
            calls += ["var_samp", "stddev_pop"].map { call($0, [column], [type], .double) }
        }
        return calls
    }

    private func call(
        _ function: String, _ arguments: [Int], _ types: [SQLType], _ result: SQLType, isDistinct: Bool = false
    ) -> AggregateSpecification {
        let scale = types.first?.scale ?? 0
        let sum: SQLType = types.first?.isFloat == true ? .double : .decimal(precision: 38, scale: scale)
        let states: [SQLType] =
            switch function {
            case "count": [.bigint]
            case "sum": [sum]
            case "avg": [sum, .bigint]
            case "var_samp", "stddev_pop": [.bigint, .double, .double]
            default: [result]
            }
        return AggregateSpecification(
            function: function, arguments: arguments, argumentTypes: types, isDistinct: isDistinct, result: result,
            stateTypes: states)
    }

    @Test(arguments: groupings, arguments)
    func agreesWithTheReference(groupTypes: [SQLType], argument: SQLType) throws {
        var random = SplitMix64(seed: 11)
        let types = groupTypes + [argument]
        let groups = Array(groupTypes.indices)
        let calls = calls(column: groupTypes.count, type: argument)
        for (count, spread, nullPercent) in [(0, 1, 0), (1, 3, 0), (80, 6, 0), (120, 25, 15), (20, 2, 100)] {
            let rows = random.rows(types, count: count, spread: spread, nullPercent: nullPercent)
            let expected = reference(rows, groups: groups.count, calls)
            let resultTypes = groupTypes + calls.map(\.result)
            let complete = try AggregateOperator(phase: .complete, groups: groups, groupTypes: groupTypes, calls: calls)
            let output = try run(complete, random.batches(rows, types)).rows(resultTypes)
            #expect(near(output, expected), "\(groupTypes) \(argument) \(count): \(complete.algorithm)")

            // Three slices, then one that combines.
            var states: [Batch] = []
            for slice in 0..<3 {
                let partial = try AggregateOperator(
                    phase: .partial, groups: groups, groupTypes: groupTypes, calls: calls)
                let own = rows.indices.filter { $0 % 3 == slice }.map { rows[$0] }
                states += try run(partial, random.batches(own, types, largest: 60))
            }
            let final = try AggregateOperator(phase: .final, groups: groups, groupTypes: groupTypes, calls: calls)
            #expect(
                near(try run(final, states).rows(resultTypes), expected), "\(groupTypes) \(argument) \(count): final")
        }
    }

    /// Rows by canonical group; floats are rounded, because the order of additions differs.
    private func near(_ left: [Row], _ right: [Row]) -> Bool {
        func rounded(_ value: SQLValue) -> SQLValue {
            guard case .double(let double) = value, double.isFinite else { return value }
            var number = double
            var halvings: Int64 = 0
            while abs(number) > 1e9 {
                number /= 1_024
                halvings += 1
            }
            // Rounded off the places where simple fractions lie.
            return .decimal(Decimal(unscaled: Int128((number * 1e3 + 0.2718281).rounded()), scale: Int(halvings)))
        }
        return sameRows(left.map { $0.map(rounded) }, right.map { $0.map(rounded) })
    }

    private func reference(_ rows: [Row], groups: Int, _ calls: [AggregateSpecification]) -> [Row] {
        var order: [String] = []
        var members: [String: [Row]] = [:]
        for row in rows {
            let key = row[0..<groups].map { "\(canonical($0))" }.joined(separator: "|")
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(row)
        }
        if groups == 0 && rows.isEmpty {
            order = [""]
            members[""] = []
        }
        return order.map { key in
            let own = members[key] ?? []
            return Array(own.first?[0..<groups] ?? []) + calls.map { value($0, own) }
        }
    }

    private func value(_ call: AggregateSpecification, _ rows: [Row]) -> SQLValue {
        guard let column = call.arguments.first else { return .integer(Int64(rows.count)) }
        let values = rows.map { $0[column] }.filter { !$0.isNull }
        let scale = call.argumentTypes[0].scale
        switch call.function {
        case "count": return .integer(Int64(values.count))
        case "min", "bool_and": return values.min { SQLValue.compare($0, $1) == .less } ?? .null
        case "max", "bool_or": return values.max { SQLValue.compare($0, $1) == .less } ?? .null
        case "var_samp", "stddev_pop":
            let doubles = values.map { double($0, scale) }
            guard doubles.count > (call.function == "var_samp" ? 1 : 0) else { return .null }
            let mean = doubles.reduce(0, +) / Double(doubles.count)
            let squares = doubles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return .double(
                call.function == "var_samp"
                    ? squares / Double(doubles.count - 1) : (squares / Double(doubles.count)).squareRoot())
        default: break
        }
        if values.isEmpty { return .null }
        if call.argumentTypes[0].isFloat {
            let total = values.reduce(0) { $0 + double($1, 0) }
            return .double(call.function == "sum" ? total : total / Double(values.count))
        }
        let total = values.reduce(Int128(0)) { $0 + ($1.storedInteger(as: .int128) ?? 0) }
        let count = Int128(values.count)
        let half = call.argumentTypes[0].isDecimal ? total.signum() * (count / 2) : 0
        let result = call.function == "sum" ? total : (total + half) / count
        return SQLValue(storedInteger: result, as: call.result)
    }

    private func double(_ value: SQLValue, _ scale: Int) -> Double {
        if let double = value.storedDouble { return double }
        return Double(value.storedInteger(as: .int128) ?? 0) / (scale == 2 ? 100 : 1)
    }

    @Test(arguments: groupings)
    func distinctCountsEachValueOnce(groupTypes: [SQLType]) throws {
        var random = SplitMix64(seed: 13)
        let types = groupTypes + [.varchar(length: 30), .integer]
        let column = groupTypes.count
        let calls = [
            call("count", [column], [.varchar(length: 30)], .bigint, isDistinct: true),
            call("sum", [column + 1], [.integer], .bigint, isDistinct: true),
        ]
        for nullPercent in [0, 20] {
            let rows = random.rows(types, count: 400, spread: 7, nullPercent: nullPercent)
            let operation = try AggregateOperator(
                phase: .complete, groups: Array(groupTypes.indices), groupTypes: groupTypes, calls: calls)
            let output = try run(operation, random.batches(rows, types)).rows(groupTypes + [.bigint, .bigint])
            var expected: [String: (Row, Set<SQLValue>, Set<SQLValue>)] = [:]
            for row in rows {
                let key = row[0..<column].map { "\(canonical($0))" }.joined(separator: "|")
                var entry = expected[key] ?? (Array(row[0..<column]), [], [])
                if !row[column].isNull { entry.1.insert(canonical(row[column])) }
                if !row[column + 1].isNull { entry.2.insert(row[column + 1]) }
                expected[key] = entry
            }
            let wanted = expected.values.map { entry -> Row in
                let sum = entry.2.reduce(Int64(0)) { $0 + Int64($1.storedInteger(as: .int64) ?? 0) }
                return entry.0 + [.integer(Int64(entry.1.count)), entry.2.isEmpty ? .null : .integer(sum)]
            }
            #expect(sameRows(output, Array(wanted)))
        }
    }

    @Test func sumsLeave64BitsOnlyWhereTheResultMay() throws {
        let large = [SQLValue](repeating: .integer(Int64.max), count: 3_000)
        let batch = Batch(columns: [.of(large, type: .bigint)], count: large.count)
        let wide = call("sum", [0], [.bigint], .decimal(precision: 38, scale: 0))
        let output = try run(
            AggregateOperator(phase: .complete, groups: [], groupTypes: [], calls: [wide]), [batch, batch])
        #expect(output.rows([wide.result]) == [[.decimal(Decimal(unscaled: Int128(Int64.max) * 6_000, scale: 0))]])
        let narrow = call("sum", [0], [.bigint], .bigint)
        let operation = try AggregateOperator(phase: .complete, groups: [], groupTypes: [], calls: [narrow])
        let error = #expect(throws: SQLError.self) { try run(operation, [batch]) }
        #expect(error?.state == .numericValueOutOfRange)
    }

    /// SUM alone counts no rows of its groups until a null comes.
    @Test func sumsOfGroupsWhoseNullsComeLater() throws {
        func batch(_ keys: [Int64], _ values: [SQLValue]) -> Batch {
            Batch(
                columns: [.of(keys.map { .integer($0) }, type: .integer), .of(values, type: .integer)],
                count: keys.count)
        }
        let operation = try AggregateOperator(
            phase: .complete, groups: [0], groupTypes: [.integer], calls: [call("sum", [1], [.integer], .bigint)])
        let output = try run(
            operation,
            [
                batch([1, 2], [.integer(5), .integer(6)]), batch([1, 3, 4], [.null, .null, .integer(1)]),
                batch([3, 4], [.null, .null]),
            ])
        #expect(
            output.rows([.integer, .bigint]) == [
                [.integer(1), .integer(5)], [.integer(2), .integer(6)], [.integer(3), .null],
                [.integer(4), .integer(1)],
            ])
    }

    /// More groups than a batch has rows: results are made a batch at a time.
    @Test(arguments: [SQLType.integer, .varchar(length: 10)])
    func resultsOfManyGroups(key: SQLType) throws {
        let count = 3 * Batch.targetRows + 7
        func keyValue(_ group: Int) -> SQLValue {
            key == .integer ? .integer(Int64(group) * 1_003) : .string(Array("k\(group)".utf8))
        }
        let argument = SQLType.decimal(precision: 12, scale: 2)
        let wide = SQLType.decimal(precision: 38, scale: 2)
        let calls = [
            call("sum", [1], [argument], wide), call("count", [1], [argument], .bigint),
            call("avg", [1], [argument], wide), call("min", [1], [argument], argument),
        ]
        let operation = try AggregateOperator(
            phase: .complete, groups: [0], groupTypes: [key], calls: calls)
        for part in 0..<2 {
            let values = (0..<count).map { group -> SQLValue in
                group % 5 == 0 && part == 1 ? .null : .decimal(Decimal(unscaled: Int128(group + part), scale: 2))
            }
            try operation.consume(
                Batch(
                    columns: [.of((0..<count).map(keyValue), type: key), .of(values, type: argument)], count: count))
        }
        try operation.inputEnded()
        var group = 0
        while let batch = try operation.produce() {
            #expect(batch.count <= Batch.targetRows)
            let rows = batch.rows([key, wide, .bigint, wide, argument])
            for row in rows {
                let isSingle = group % 5 == 0
                let sum = isSingle ? Int128(group) : 2 * Int128(group) + 1
                let average = isSingle ? Int128(group) : Int128(group) + 1
                #expect(
                    row == [
                        keyValue(group), .decimal(Decimal(unscaled: sum, scale: 2)), .integer(isSingle ? 1 : 2),
                        .decimal(Decimal(unscaled: average, scale: 2)),
                        .decimal(Decimal(unscaled: Int128(group), scale: 2)),
                    ])
                group += 1
            }
        }
        #expect(group == count)
    }

    @Test func codesOfFewValuesAreGroupedWithoutHashing() throws {
        var random = SplitMix64(seed: 17)
        let types: [SQLType] = [.char(length: 1), .char(length: 1), .integer]
        let rows = random.rows(types, count: 500, spread: 3, nullPercent: 5)
        func dictionaries() -> Batch {
            var batch = random.batch(rows, types)
            for column in 0..<2 {
                while true {
                    if case .dictionary = batch.columns[column].form { break }
                    batch.columns[column] = random.vector(rows.map { $0[column] }, type: types[column])
                }
            }
            return batch
        }
        let operation = try AggregateOperator(
            phase: .complete, groups: [0, 1], groupTypes: [types[0], types[1]],
            calls: [call("sum", [2], [.integer], .bigint)])
        let output = try run(operation, [dictionaries(), dictionaries()]).rows([types[0], types[1], .bigint])
        #expect(operation.algorithm == "dense array")
        let sum = call("sum", [2], [.integer], .bigint)
        #expect(sameRows(output, reference(rows + rows, groups: 2, [sum])))
    }

    @Test func unknownFunctionsAreNamed() {
        let unknown = call("corr", [0], [.integer], .double)
        let error = #expect(throws: SQLError.self) {
            try AggregateOperator(phase: .complete, groups: [], groupTypes: [], calls: [unknown])
        }
        #expect(error?.state == .featureNotSupported)
    }
}
