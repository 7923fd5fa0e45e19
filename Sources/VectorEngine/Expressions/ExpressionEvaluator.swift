package import SQLTypes

/// Runs a program on batches: the scratch memory, and what was worked out per dictionary or per block. Belongs to one task.
package final class ExpressionEvaluator {
    package let program: ExpressionProgram
    let context: EvaluationContext

    package init(_ program: ExpressionProgram, context: EvaluationContext = EvaluationContext()) {
        self.program = program
        self.context = context
    }

    /// The value for each row of the batch, `batch.count` rows of the kind `program.type.storage`. Errors are raised only for
    /// rows in `selection` (nil: all rows); what stands in the other rows is undefined, but may be read.
    package func evaluate(_ batch: Batch, selection: RowMask? = nil) throws(SQLError) -> Vector {
        throw .internalError("expression evaluation")
    }

    /// Like `evaluate`, but where the type is stored in 128 bits (a product of two DECIMAL(12,2) is a DECIMAL(25,4)) and
    /// the batch's values fit in 64, the vector is of kind `int64`. Sums, and who stores only a total, read this one.
    package func evaluateNarrow(_ batch: Batch, selection: RowMask? = nil) throws(SQLError) -> Vector {
        try evaluate(batch, selection: selection)
    }

    /// Drops from `mask` the rows for which the boolean program is not true. Rows dropped before stay so, and raise no
    /// errors.
    /// - Precondition: `mask.count == batch.count`.
    package func filter(_ batch: Batch, into mask: inout RowMask) throws(SQLError) {
        throw .internalError("expression evaluation")
    }

    /// The value of an expression without columns: folding in the planner, constants, parameters.
    package static func value(
        of node: ExpressionNode, context: EvaluationContext = EvaluationContext()
    ) throws(SQLError) -> SQLValue {
        throw .internalError("expression evaluation")
    }
}
