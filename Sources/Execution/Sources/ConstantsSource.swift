import QueryPlan
import SQLTypes
import VectorEngine

/// Literal rows: VALUES, and the one row of no columns that `SELECT 1` computes on.
final class ConstantsSource: BatchSource {
    private let rows: Batch
    private var position = 0

    init(_ rows: [[BoundExpression]], types: [SQLType], _ context: EvaluationContext) throws(SQLError) {
        var columns: [Vector] = []
        for (column, type) in types.enumerated() {
            var builder = VectorBuilder(kind: type.storage, capacity: rows.count)
            for row in rows {
                guard column < row.count else { throw SQLError.internalError("a row of \(row.count) constants") }
                builder.append(try ConstantsSource.value(row[column], context))
            }
            columns.append(builder.finish())
        }
        self.rows = Batch(columns: columns, count: rows.count)
    }

    private static func value(_ expression: BoundExpression, _ context: EvaluationContext) throws(SQLError) -> SQLValue
    {
        if case .literal(let value, _) = expression { return value }
        return try ExpressionEvaluator.value(of: ExpressionCompiler.node(expression), context: context)
    }

    func next() -> SourceResult {
        guard position < rows.count else { return .ended }
        let end = min(position + Batch.targetRows, rows.count)
        defer { position = end }
        return .batch(rows.slice(position..<end))
    }
}
