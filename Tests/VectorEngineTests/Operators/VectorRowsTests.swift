import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct VectorRowsTests {
    static let types: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 12, scale: 2), .decimal(precision: 38, scale: 2),
        .real,
        .double, .date, .varchar(length: 100), .varbyte(length: 10),
    ]

    @Test(arguments: types)
    func gatherAndConcatenateKeepValues(type: SQLType) {
        var random = SplitMix64(seed: 1)
        for nullPercent in [0, 20, 100] {
            let parts = (0..<5).map { _ in
                random.rows([type], count: random.below(40), spread: 9, nullPercent: nullPercent).map { $0[0] }
            }
            let all = parts.flatMap(\.self)
            let joined = Vector.concatenated(parts.map { random.vector($0, type: type) }, kind: type.storage)
            #expect(joined.count == all.count)
            #expect((0..<all.count).allSatisfy { same(joined.value(at: $0, as: type), all[$0]) }, "\(type) joined")

            let rows = (0..<30).map { _ in all.isEmpty ? Vector.noRow : UInt32(random.below(all.count + 1)) }
                .map { Int($0) >= all.count ? Vector.noRow : $0 }
            let picked = joined.gatheredOrNull(rows.span)
            for (position, row) in rows.enumerated() {
                let expected = row == Vector.noRow ? SQLValue.null : all[Int(row)]
                #expect(same(picked.value(at: position, as: type), expected), "\(type) row \(row)")
            }
        }
    }

    @Test(arguments: types)
    func textIsThatOfTheValue(type: SQLType) {
        var random = SplitMix64(seed: 3)
        for nullPercent in [0, 20, 100] {
            let values = random.rows([type], count: 40, spread: 9, nullPercent: nullPercent).map { $0[0] }
            let vector = random.vector(values, type: type)
            for row in values.indices {
                var text = Array("before".utf8)
                let isThere = vector.appendText(at: row, as: type, zone: .utc, to: &text)
                let value = vector.value(at: row, as: type)
                #expect(isThere == !value.isNull)
                #expect(text == Array("before".utf8) + (value.isNull ? [] : value.text(as: type)), "\(value)")
            }
        }
    }

    private func same(_ left: SQLValue, _ right: SQLValue) -> Bool { "\(left)" == "\(right)" }

    @Test func codesStayNarrow() throws {
        let first = Vector(kind: .int32, count: 2, form: .coded(.u8(Buffer([1, 2] as [UInt8])), base: 1_000))
        let second = Vector(kind: .int32, count: 2, form: .coded(.u8(Buffer([0, 9] as [UInt8])), base: 1_200))
        let joined = Vector.concatenated([first, second], kind: .int32)
        guard case .coded(.u8, let base) = joined.form else {
            Issue.record("codes were widened: \(joined.form)")
            return
        }
        #expect(base == 1_000)
        #expect(
            (0..<4).map { joined.value(at: $0, as: .integer) } == [1_001, 1_002, 1_200, 1_209].map { .integer($0) })
    }

    @Test func partitioningAgreesWithTheDistributionHashOfEachValue() {
        var random = SplitMix64(seed: 2)
        let routing = (0..<65_536).map { UInt16($0 * 5 / 65_536) }
        let partitioner = Partitioner(sliceCount: 5)
        for type in Self.types {
            for count in [0, 1, 300] {
                let rows = random.rows([type, .integer], count: count, spread: 50, nullPercent: 10)
                let batch = random.batch(rows, [type, .integer])
                let split = partitioner.partition(batch, keys: [0], keyTypes: [type], routing: routing)
                #expect(split.offsets.first == 0 && split.offsets.last == count && split.offsets.count == 6)
                var slices: [[Row]] = Array(repeating: [], count: 5)
                for row in rows { slices[Int(routing[Int(DistributionHash.hash(row[0], as: type) >> 48)])].append(row) }
                let expected = slices.flatMap(\.self).map { "\($0)" }
                #expect(split.rows.rows([type, .integer]).map { "\($0)" } == expected, "\(type), \(count) rows")
                for slice in 0..<5 {
                    #expect(split.offsets[slice + 1] - split.offsets[slice] == slices[slice].count)
                }
            }
        }
    }

    @Test func roundRobinDealsEvenly() {
        var random = SplitMix64(seed: 3)
        let rows = random.rows([.integer], count: 11, spread: 100, nullPercent: 0)
        let split = Partitioner(sliceCount: 4).roundRobin(random.batch(rows, [.integer]), first: 2)
        #expect(split.offsets == [0, 3, 5, 8, 11])
        #expect(split.rows.rows([.integer])[0] == rows[2])
    }

    @Test func limitSkipsAndStops() throws {
        var random = SplitMix64(seed: 4)
        let rows = (0..<100).map { [SQLValue.integer(Int64($0))] }
        let limit = LimitOperator(count: 20, offset: 15)
        let output = try run(limit, random.batches(rows, [.integer], largest: 9))
        #expect(output.rows([.integer]) == Array(rows[15..<35]))
        #expect(limit.isSatisfied)
        #expect(
            try run(LimitOperator(count: nil, offset: 98), random.batches(rows, [.integer])).rows([.integer])
                == Array(rows[98...]))
        #expect(try run(LimitOperator(count: 0, offset: 0), random.batches(rows, [.integer])).isEmpty)
    }
}
