import SQLTypes
import Testing

@testable import VectorEngine

/// Work that grows faster than its rows looks up now and then whether its query is over.
@Suite struct CheckpointTests {
    private final class Calls {
        var count = 0
    }

    private func window(_ function: String, frameStart: Int64, _ workspace: SpillWorkspace) -> WindowOperator {
        let call = WindowSpecification(
            function: function, arguments: [0], argumentTypes: [.double], frameStart: frameStart, frameEnd: 0,
            ignoresNulls: false, result: .double)
        return WindowOperator(partition: [], order: [], calls: [call], types: [.double], workspace)
    }

    @Test(arguments: ["sum", "avg", "stddev_samp", "var_pop", "ratio_to_report"])
    func movingFrames(function: String) throws {
        let rows = 4_000
        let size = 1_000
        let values = (0..<rows).map { SQLValue.double(Double($0 % 17)) }
        let batch = Batch(columns: [.of(values, type: .double)], count: rows)
        let calls = Calls()
        func workspace(limit: Int) -> SpillWorkspace {
            calls.count = 0
            return SpillWorkspace(account: MemoryAccount(UnlimitedMemory()), store: nil) { () throws(SQLError) in
                calls.count += 1
                if calls.count > limit { throw SQLError.queryCanceled }
            }
        }
        // Frames of one row: what is asked apart from them.
        let plain = window(function, frameStart: 0, workspace(limit: .max))
        try plain.consume(batch)
        try plain.inputEnded()
        let before = calls.count

        let whole = window(function, frameStart: -Int64(size), workspace(limit: .max))
        try whole.consume(batch)
        try whole.inputEnded()
        let added = (rows - size) * size / WindowAggregates.rowsBetweenCheckpoints
        #expect(calls.count >= before + added && calls.count <= before + 2 * added + 2)

        let ended = window(function, frameStart: -Int64(size), workspace(limit: before + 1))
        try ended.consume(batch)
        #expect(throws: SQLError.self) { try ended.inputEnded() }
    }
}
