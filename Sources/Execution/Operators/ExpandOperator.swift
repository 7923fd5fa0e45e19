import Catalog
import QueryPlan
import SQLTypes
import VectorEngine

/// Carries out `Expansion`, on the leader. Batch in: n rows. Batch out: for each of them as many as the function gives,
/// the input's columns first.
final class ExpandOperator: BatchOperator {
    private let step: Expansion
    private let inputTypes: [SQLType]
    private let provider: any VirtualTableProvider
    private let evaluators: [ExpressionEvaluator]
    private var input: Batch?
    private var arguments: [Vector] = []
    private var nextRow = 0
    /// Rows of the call for `nextRow`, from `nextPlace` on; nil: not asked for yet.
    private var rows: FunctionRows?
    private var nextPlace = 0

    init(_ step: Expansion, inputTypes: [SQLType], _ context: SliceContext) throws(SQLError) {
        self.step = step
        self.inputTypes = inputTypes
        provider = context.virtualTables
        var evaluators: [ExpressionEvaluator] = []
        for argument in step.arguments {
            evaluators.append(try ExpressionCompiler.evaluator(argument, context.evaluation))
        }
        self.evaluators = evaluators
    }

    func consume(_ batch: Batch) throws(SQLError) {
        input = batch
        nextRow = 0
        arguments = []
        for evaluator in evaluators { arguments.append(try evaluator.evaluate(batch)) }
    }

    func produce() throws(SQLError) -> Batch? {
        guard let input else { return nil }
        var columns: [[SQLValue]] = Array(repeating: [], count: inputTypes.count + step.types.count)
        var count = 0
        while count < Batch.targetRows, nextRow < input.count {
            let known: FunctionRows
            if let rows { known = rows } else { known = try call() }
            rows = known
            let end = min(known.count, nextPlace + Batch.targetRows - count)
            for row in (nextPlace..<end).map(known.row) {
                assert(row.count == step.types.count, "\(step.function): a row of other columns")
                for (column, type) in inputTypes.enumerated() {
                    columns[column].append(input.columns[column].value(at: nextRow, as: type))
                }
                for (column, value) in row.enumerated() { columns[inputTypes.count + column].append(value) }
            }
            count += end - nextPlace
            nextPlace = end
            if end == known.count {
                (rows, nextPlace) = (nil, 0)
                nextRow += 1
            }
        }
        guard count > 0 else {
            self.input = nil
            return nil
        }
        let types = inputTypes + step.types
        return Batch(columns: zip(columns, types).map { Vector.of($0, type: $1) }, count: count)
    }

    func inputEnded() {}

    private func call() throws(SQLError) -> FunctionRows {
        let values = zip(arguments, step.arguments).map { $0.value(at: nextRow, as: $1.type) }
        return try provider.rows(of: step.function, values, step.arguments.map(\.type))
    }
}
