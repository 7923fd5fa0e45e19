/// Skips `offset` rows, then passes on `count` (nil: all).
package final class LimitOperator: BatchOperator {
    private var toSkip: Int64
    private var left: Int64?
    private var output: Batch?

    package init(count: Int64?, offset: Int64) {
        precondition(offset >= 0 && count ?? 0 >= 0, "LIMIT \(count ?? 0) OFFSET \(offset)")
        toSkip = offset
        left = count
    }

    package var isSatisfied: Bool { left == 0 }

    package func consume(_ batch: Batch) {
        let skipped = Int(Swift.min(toSkip, Int64(batch.count)))
        toSkip -= Int64(skipped)
        let passed = Swift.min(left ?? Int64.max, Int64(batch.count - skipped))
        left = left.map { $0 - passed }
        guard passed > 0 else { return }
        output = Int(passed) == batch.count ? batch : batch.slice(skipped..<skipped + Int(passed))
    }

    package func produce() -> Batch? {
        defer { output = nil }
        return output
    }

    package func inputEnded() {}
}
