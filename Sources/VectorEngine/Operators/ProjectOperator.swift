package import SQLTypes

/// One output column per expression. A column that is merely passed on costs nothing.
package final class ProjectOperator: BatchOperator {
    package enum Column {
        case input(Int)
        case computed(ExpressionEvaluator)
        /// A 128-bit type may come out in 64 bits, where the next step takes either.
        case computedNarrow(ExpressionEvaluator)
    }
    private let columns: [Column]
    private var input: Batch?

    package init(_ columns: [Column]) { self.columns = columns }

    package func consume(_ batch: Batch) { input = batch.count > 0 ? batch : nil }

    package func produce() throws(SQLError) -> Batch? {
        guard let batch = input else { return nil }
        input = nil
        var output: [Vector] = []
        output.reserveCapacity(columns.count)
        for column in columns {
            switch column {
            case .input(let position): output.append(batch.columns[position])
            case .computed(let evaluator): output.append(try evaluator.evaluate(batch))
            case .computedNarrow(let evaluator): output.append(try evaluator.evaluateNarrow(batch))
            }
        }
        return Batch(columns: output, count: batch.count)
    }

    package func inputEnded() {}
}
