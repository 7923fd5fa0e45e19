package import SQLTypes

/// A compiled expression: immutable, made once per plan step, shared by all slices. Running it takes an
/// `ExpressionEvaluator`, one per task.
package struct ExpressionProgram: Sendable {
    package let type: SQLType
    let root: ExpressionNode

    /// Throws for functions and patterns that are not supported, and for nesting past `depthMaximum`.
    package init(_ node: ExpressionNode) throws(SQLError) {
        root = node
        type = node.type
    }
}
