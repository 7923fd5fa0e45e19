import SQLTypes
import Testing

@testable import VectorEngine

@Suite struct InterleavedOrderTests {
    private func order(_ columns: [[Int64?]]) throws -> [UInt32] {
        let keys = columns.map { values in
            Vector(
                kind: .int64, count: values.count, form: .flat(Buffer(values.map { $0 ?? 0 })),
                validity: values.contains(nil) ? Buffer(values.map { UInt8($0 == nil ? 0 : 1) }) : nil)
        }
        return try InterleavedOrder.sortedRows(
            keys: keys, types: columns.map { _ in .bigint }, count: columns[0].count
        ) { () throws(SQLError) in }
    }

    @Test func oneColumnIsAnOrdinaryOrder() throws {
        #expect(try order([[5, nil, 3, 9, 3]]) == [2, 4, 0, 3, 1])
        #expect(try order([[]]).isEmpty)
    }

    @Test func twoColumnsAreAZ() throws {
        // A grid of 4 × 4, a running slowly: quadrants come first, then quadrants of those.
        let grid = (0..<16).map { (Int64($0 / 4), Int64($0 % 4)) }
        let rows = try order([grid.map(\.0), grid.map(\.1)]).map { grid[Int($0)] }
        #expect(rows.prefix(4).allSatisfy { $0.0 < 2 && $0.1 < 2 })
        #expect(rows[4..<8].allSatisfy { $0.0 < 2 && $0.1 >= 2 })
        #expect(rows.suffix(4).allSatisfy { $0.0 >= 2 && $0.1 >= 2 })
    }

    /// Of 1,024 pieces of the rows, a value of any column of the key lies in few.
    @Test(arguments: 1...8) func everyColumnRulesOutPieces(columns: Int) throws {
        var random = SplitMix64(seed: UInt64(columns))
        let count = 16_384
        // Skewed, so that buckets by value would be no good.
        let values = (0..<columns).map { _ in
            (0..<count).map { _ -> Int64? in
                let value = Int64(random.next() % 1_000)
                return value * value * value
            }
        }
        let rows = try order(values)
        #expect(Set(rows).count == count)
        let pieces = stride(from: 0, to: count, by: 16).map { rows[$0..<$0 + 16] }
        for column in values {
            let zones = pieces.map { piece in
                let held = piece.compactMap { column[Int($0)] }
                return (held.min() ?? 0)...(held.max() ?? 0)
            }
            let wanted: Int64 = 300 * 300 * 300
            let read = zones.filter { $0.contains(wanted) }.count
            // 1,024 pieces are 10 bits, which the columns share: each bit halves what is left. Pieces are not quite the
            // cells that the bits make, so that some lie in two: all of them, if there are as many of both.
            let expected = 1_024 / (1 << (10 / columns))
            let drift = 10 % columns == 0 ? expected : expected / 2
            #expect(read <= expected + drift + 16, "\(columns) columns: \(read) of 1,024 pieces")
        }
    }
}
