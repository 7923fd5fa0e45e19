package import SQLTypes

/// One output column per expression. A column that is merely passed on costs nothing; what several expressions have in
/// common is computed once.
package final class ProjectOperator: BatchOperator {
    package enum Column: Hashable {
        case input(Int)
        /// An expression of the program, by position.
        case computed(Int)
    }
    private let columns: [Column]
    private let evaluator: ExpressionEvaluator?
    private let narrow: [Bool]
    private var input: Batch?

    /// - Parameters:
    ///   - evaluator: nil if nothing is computed.
    ///   - narrow: by expression: a 128-bit type may come out in 64 bits, where the next step takes either.
    package init(_ columns: [Column], _ evaluator: ExpressionEvaluator?, narrow: [Bool]) {
        assert(evaluator.map { $0.program.types.count } ?? 0 == narrow.count, "\(narrow.count) expressions")
        self.columns = columns
        self.evaluator = evaluator
        self.narrow = narrow
    }

    package func consume(_ batch: Batch) { input = batch.count > 0 ? batch : nil }

    package func produce() throws(SQLError) -> Batch? {
        guard let batch = input else { return nil }
        input = nil
        let computed = try evaluator?.evaluateAll(batch, narrow: narrow) ?? []
        let output = columns.map { column in
            switch column {
            case .input(let position): batch.columns[position]
            case .computed(let position): computed[position]
            }
        }
        return Batch(columns: output, count: batch.count)
    }

    package func inputEnded() {}
}
