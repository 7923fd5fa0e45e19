import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct KeyFilterTests {
    private func makeTable(_ keys: [SQLValue], _ random: inout SplitMix64) throws -> JoinTable {
        let batch = random.batch(keys.map { [$0] }, [.bigint])
        return try JoinTable(
            SavedRows(slice: 0, batches: keys.isEmpty ? [] : [batch]), keys: [0], keyTypes: [.bigint], payload: [0],
            payloadTypes: [.bigint]
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
            let filter = try #require(table.filter)
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
