import SQLTypes

/// Deals rows to runs by bits of the hash of their keys: rows with equal keys meet in one run. What is still too large
/// for memory is dealt again, a level deeper, by other bits.
///
///     level    0        1        2      …  6
///     bits     60-63    56-59    52-55     36-39      tables take the low bits for places, the high half as tags
final class SpillPartitioner {
    static let fanOutBits = 4
    static let fanOut = 1 << fanOutBits
    static let levelMaximum = 6
    /// Rows that wait for their frames, over all runs, before they are written.
    private static let waitingMaximum = fanOut * Batch.targetRows

    private let keys: [Int]
    private let shift: UInt64
    private let block: KeyBlock
    private let writers: [SpillRunWriter]
    private let rows = Scratch<UInt32>()
    private var waitingRows = 0

    /// - Parameter kinds: how the keys compare; both sides of a join give the same.
    init(keys: [Int], kinds: [KeyKind], level: Int, _ workspace: SpillWorkspace) throws(SQLError) {
        assert(keys.count == kinds.count && level <= SpillPartitioner.levelMaximum, "\(keys) at level \(level)")
        self.keys = keys
        shift = UInt64(64 - SpillPartitioner.fanOutBits * (level + 1))
        block = KeyBlock(kinds)
        var writers: [SpillRunWriter] = []
        for _ in 0..<SpillPartitioner.fanOut { writers.append(try workspace.writer()) }
        self.writers = writers
    }

    /// Some row so far has a null among its keys.
    private(set) var hasNullKey = false

    /// - Parameter dropsNullKeys: rows with a null among their keys are left out.
    func append(_ batch: Batch, dropsNullKeys: Bool = false) throws(SQLError) {
        guard batch.count > 0 else { return }
        block.load(keys.map { batch.columns[$0] }, count: batch.count)
        hasNullKey = hasNullKey || block.hasNulls
        let ends = sort(batch.count, dropsNullKeys: dropsNullKeys && block.hasNulls)
        let rows = self.rows.pointer
        let order = Span(_unsafeElements: UnsafeBufferPointer(start: UnsafePointer(rows), count: ends.last ?? 0))
        let dealt = batch.gathered(order)
        var start = 0
        for (writer, end) in zip(writers, ends) {
            if end > start { try writer.append(dealt.slice(start..<end)) }
            start = end
        }
        // Slices keep the whole batch alive, so none may wait for long.
        waitingRows += batch.count
        if waitingRows >= SpillPartitioner.waitingMaximum {
            for writer in writers { try writer.flush() }
            waitingRows = 0
        }
    }

    /// Writes row numbers to `rows` by run; returns where each run's end.
    private func sort(_ count: Int, dropsNullKeys: Bool) -> [Int] {
        let rows = self.rows.reserve(count)
        let hashes = block.hashes
        let valid = block.valid
        let mask = UInt64(SpillPartitioner.fanOut - 1)
        var places = [Int](repeating: 0, count: SpillPartitioner.fanOut + 1)
        for row in 0..<count where !dropsNullKeys || valid[row] != 0 {
            places[Int(truncatingIfNeeded: hashes[row] >> shift & mask) + 1] += 1
        }
        for run in 0..<SpillPartitioner.fanOut { places[run + 1] += places[run] }
        for row in 0..<count where !dropsNullKeys || valid[row] != 0 {
            let run = Int(truncatingIfNeeded: hashes[row] >> shift & mask)
            rows[places[run]] = UInt32(truncatingIfNeeded: row)
            places[run] += 1
        }
        return Array(places.dropLast())
    }

    /// One run for each value of the bits, in their order.
    func finish() throws(SQLError) -> [SpillRun] {
        var runs: [SpillRun] = []
        for writer in writers { runs.append(try writer.finish()) }
        return runs
    }
}
