import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct PartedRowsTests {
    /// All forms, flat ones among them, with nulls: the same rows as from one large batch.
    @Test func picksRowsAsIfTheyStoodInOneBatch() throws {
        let types: [SQLType] = [
            .smallint, .integer, .bigint, .boolean, .double, .decimal(precision: 38, scale: 2), .varchar(length: 30),
        ]
        var random = SplitMix64(seed: 21)
        for (count, largest) in [(0, 5), (1, 5), (700, 3), (3_000, 900)] {
            let rows = random.rows(types, count: count, spread: 50, nullPercent: count == 700 ? 10 : 0)
            let kinds = types.map(\.storage)
            for isPlain in [false, true] {
                var batches = random.batches(rows, types, largest: largest)
                if isPlain {
                    batches = batches.map { batch in
                        Batch(columns: batch.columns.map { $0.flattened() }, count: batch.count)
                    }
                }
                let parted = PartedRows(batches, kinds: kinds)
                #expect(parted.count == count)
                let picked = (0..<count).map { _ in UInt32(random.next() % UInt64(max(count, 1))) }
                let result = parted.gathered(picked.span)
                #expect([result].rows(types) == picked.map { rows[Int($0)] })
                let column = Batch(columns: [parted.column(2)], count: count)
                #expect([column].rows([.bigint]) == rows.map { [$0[2]] })
            }
        }
    }
}
