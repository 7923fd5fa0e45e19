import SQLTypes
import Testing

@testable import VectorEngine

/// Duplicates are removed before rows are sent, unless there are hardly any.
@Suite struct DuplicateRateTests {
    /// Rows that come out of a `partial` aggregation by one column, and the distinct values after a `final` one.
    private func run(_ values: [Int64]) throws -> (sent: Int, algorithm: String, distinct: Set<Int64>) {
        let partial = try SpillingAggregate(
            phase: .partial, groups: [0], groupTypes: [.bigint], calls: [], SpillWorkspace())
        let final = try SpillingAggregate(
            phase: .final, groups: [0], groupTypes: [.bigint], calls: [], SpillWorkspace())
        var sent = 0
        func drain() throws {
            while let batch = try partial.produce() {
                sent += batch.count
                try final.consume(batch)
            }
        }
        for start in stride(from: 0, to: values.count, by: Batch.targetRows) {
            let part = values[start..<min(start + Batch.targetRows, values.count)].map { SQLValue.integer($0) }
            try partial.consume(Batch(columns: [.of(part, type: .bigint)], count: part.count))
            try drain()
        }
        try partial.inputEnded()
        try drain()
        try final.inputEnded()
        var distinct: Set<Int64> = []
        while let batch = try final.produce() {
            for row in 0..<batch.count {
                guard case .integer(let value) = batch.columns[0].value(at: row, as: .bigint) else { continue }
                #expect(distinct.insert(value).inserted)
            }
        }
        return (sent, partial.algorithm, distinct)
    }

    @Test func rowsWithoutDuplicatesPass() throws {
        let values = (0..<20_000).map { Int64($0) &* 7_919 % 1_000_003 }
        let result = try run(values)
        #expect(result.sent == values.count)
        #expect(result.algorithm.contains("rows as they came"))
        #expect(result.distinct == Set(values))
    }

    @Test func duplicatesAreRemovedFirst() throws {
        let values = (0..<20_000).map { Int64($0 % 5_000) }
        let result = try run(values)
        #expect(result.sent == 5_000)
        #expect(!result.algorithm.contains("rows as they came"))
        #expect(result.distinct == Set(values))
    }

    @Test func duplicatesThatComeLaterAreFoundAgain() throws {
        let first = DuplicateRate.sampleRows + DuplicateRate.passingRows
        let values = (0..<first).map { Int64($0) } + (0..<100_000).map { Int64($0 % 100) }
        let result = try run(values)
        #expect(result.sent < first + 10_000)
        #expect(result.distinct == Set(values))
    }
}
