import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct KeyFilterTests {
    private func makeTable(_ keys: [SQLValue], _ random: inout SplitMix64) throws -> JoinTable {
        let batch = random.batch(keys.map { [$0] }, [.bigint])
        return try JoinTable(
            SavedRows(slice: 0, batches: keys.isEmpty ? [] : [batch]), keys: [0], keyTypes: [.bigint], payload: [0],
            payloadTypes: [.bigint], filtered: [0]
        ) { () throws(SQLError) in }
    }

    /// Keys near and far apart, with duplicates and nulls; rows that wait already are left alone.
    @Test(arguments: [1, 50_000, 20_000_000])
    func passesTheRowsWhoseKeyIsThere(step: Int64) throws {
        var random = SplitMix64(seed: UInt64(step))
        for (buildCount, nullPercent) in [(0, 0), (3, 100), (40, 0), (200, 20)] {
            let build = random.rows([.bigint], count: buildCount, spread: 90, nullPercent: nullPercent).map { row in
                scaled(row[0], by: step)
            }
            let table = try makeTable(build, &random)
            let filter = try #require(table.filters[0])
            let probe = random.rows([.bigint], count: 300, spread: 200, nullPercent: 10).map {
                [scaled($0[0], by: step)]
            }
            let column = random.batch(probe, [.bigint]).columns[0]
            let selection = RowSelection()
            selection.append(RowMask(count: 5), first: 0)
            selection.append(RowMask(count: probe.count), first: 1_000)
            let left = selection.keep(from: 5, first: 1_000, where: filter, passes: column)
            let keys = Set(build.filter { $0 != .null })
            let matching = probe.indices.filter { keys.contains(probe[$0][0]) }.map { UInt32(1_000 + $0) }
            #expect(left == selection.count - 5)
            #expect(Array(selection.take(5)) == [0, 1, 2, 3, 4])
            let kept = Array(selection.take(1_000))
            #expect(selection.append(1_000..<1_300, where: filter, passes: column) == kept.count)
            #expect(Array(selection.take(1_000)) == kept)
            if filter.bitmap != nil || keys.isEmpty {
                #expect(kept == matching, "\(table.algorithm)")
            } else {
                #expect(Set(kept).isSuperset(of: matching))
            }
        }
    }

    /// What slices have together is what their tables have; bounds of blocks are looked up in it.
    @Test(arguments: [1, 40_000, 10_000_000])
    func unionsOfSlices(step: Int64) throws {
        var random = SplitMix64(seed: UInt64(step) + 1)
        for parts in 0..<5 {
            var keys: Set<Int64> = []
            var filters: [KeyFilter] = []
            for _ in 0..<parts {
                let own = (0..<random.below(60)).map { _ in (Int64(random.below(400)) - 150) * step }
                keys.formUnion(own)
                let table = try makeTable(own.map { .integer($0) }, &random)
                filters.append(try #require(table.filters[0]))
            }
            let union = KeyFilter.union(filters)
            #expect(union.bounds?.lowerBound == keys.min())
            #expect(union.bounds?.upperBound == keys.max())
            let probe = (0..<400).map { [SQLValue.integer((Int64($0) - 180) * step)] }
            let selection = RowSelection()
            _ = selection.append(0..<400, where: union, passes: random.batch(probe, [.bigint]).columns[0])
            let kept = Set(selection.take(400).map { (Int64($0) - 180) * step })
            #expect(kept.isSuperset(of: keys.filter { ($0 / step) < 220 && ($0 / step) >= -180 }))
            if union.bitmap != nil { #expect(kept.isSubset(of: keys)) }
            for _ in 0..<200 {
                let from = (Int64(random.below(500)) - 250) * step
                let zone = from...from + Int64(random.below(9)) * step
                if keys.contains(where: zone.contains) {
                    #expect(union.mayMatch(minimum: zone.lowerBound, maximum: zone.upperBound))
                } else if union.bitmap != nil {
                    #expect(!union.mayMatch(minimum: zone.lowerBound, maximum: zone.upperBound))
                }
            }
        }
    }

    /// Keys too far apart for a bitmap: every key passes, of strangers hardly one, and so it is with what slices have
    /// together.
    @Test func farKeysHaveABloomFilter() throws {
        var random = SplitMix64(seed: 7)
        let keys = (0..<1_000).map { _ in Int64(bitPattern: random.next() >> 33) }
        let filters = try [keys.prefix(600), keys.suffix(600)].map { part in
            try #require(try makeTable(part.map { .integer($0) }, &random).filters[0])
        }
        for (filter, own) in [(filters[0], Set(keys.prefix(600))), (KeyFilter.union(filters), Set(keys))] {
            #expect(filter.bitmap == nil && filter.bloom != nil)
            let probe = own.sorted() + (0..<20_000).map { _ in Int64(bitPattern: random.next() >> 33) }
            let column = Vector.of(probe.map { .integer($0) }, type: .bigint)
            let selection = RowSelection()
            let left = selection.append(0..<probe.count, where: filter, passes: column)
            let kept = Set(selection.take(probe.count).map { probe[Int($0)] })
            #expect(kept.isSuperset(of: own))
            #expect(left < own.count + 600)
        }
    }

    /// The ends of the integers: no bitmap, no overflow.
    @Test func extremeKeys() throws {
        for keys: [Int64] in [[.min], [.max], [.min, .max], [.min + 1, .min + 70], [.max - 70, .max]] {
            let batch = Batch(columns: [.of(keys.map { .integer($0) }, type: .bigint)], count: keys.count)
            let table = try JoinTable(
                SavedRows(slice: 0, batches: [batch]), keys: [0], keyTypes: [.bigint], payload: [], payloadTypes: [],
                filtered: [0]
            ) { () throws(SQLError) in }
            let filter = KeyFilter.union([try #require(table.filters[0]), KeyFilter(bounds: nil, bitmap: nil)])
            for key in keys { #expect(filter.mayMatch(minimum: key, maximum: key)) }
            #expect(filter.mayMatch(minimum: .min, maximum: .max))
            #expect(!filter.mayMatch(minimum: 5, maximum: 9) || keys.count == 2 && filter.bitmap == nil)
        }
    }

    /// Of a key of several columns, each integer column has a filter of its own.
    @Test func filtersOfSeveralColumns() throws {
        var random = SplitMix64(seed: 4)
        let types: [SQLType] = [.integer, .varchar(length: 9), .date]
        let rows = random.rows(types, count: 50, spread: 30, nullPercent: 20)
        let table = try JoinTable(
            SavedRows(slice: 0, batches: [random.batch(rows, types)]), keys: [0, 1, 2], keyTypes: types, payload: [],
            payloadTypes: [], filtered: [0, 1, 2]
        ) { () throws(SQLError) in }
        #expect(table.filters[1] == nil)
        for column in [0, 2] {
            let filter = try #require(table.filters[column])
            let keys = rows.filter { !$0.contains(.null) }.compactMap { row -> Int64? in
                row[column].storedInteger(as: types[column].storage).map { Int64($0) }
            }
            for value in Int64(-20)...20 {
                #expect(filter.mayMatch(minimum: value, maximum: value) == keys.contains(value))
            }
        }
    }

    private func scaled(_ value: SQLValue, by step: Int64) -> SQLValue {
        guard case .integer(let integer) = value else { return value }
        return .integer(integer * step)
    }

    /// More rows than the selection has room for at first, taken a batch at a time.
    @Test func handsRowsOutInOrder() {
        let selection = RowSelection()
        var taken: [UInt32] = []
        for chunk in 0..<5 {
            var mask = RowMask(count: 3_000)
            for row in stride(from: chunk, to: 3_000, by: 7) { mask[row] = false }
            selection.append(mask, first: chunk * 3_000)
            taken += selection.take(1_111)
        }
        while selection.count > 0 { taken += selection.take(1_111) }
        let expected = (0..<15_000).filter { $0 % 3_000 < $0 / 3_000 || ($0 % 3_000 - $0 / 3_000) % 7 != 0 }
        #expect(taken == expected.map { UInt32($0) })
    }
}
