package import SQLTypes

/// A scalar SQL function: what the binder needs to know, and what computes it.
package struct ScalarFunction: Sendable {
    package let signature: FunctionSignature
    /// Computes one batch. Called only with arguments of the resolution's types.
    let kernel: @Sendable (FunctionCall) throws(SQLError) -> Vector

    init(_ signature: FunctionSignature, kernel: @escaping @Sendable (FunctionCall) throws(SQLError) -> Vector) {
        self.signature = signature
        self.kernel = kernel
    }
}

/// One call of a function on one batch.
///
/// The kernel returns `count` rows of the storage kind of `resultType`. For a strict function, rows with a null argument
/// are set to null by the caller afterwards: what the kernel computes for them is ignored, but it must not raise for them;
/// `isWanted(row)` says for which rows it may.
struct FunctionCall {
    let arguments: [Vector]
    let argumentTypes: [SQLType]
    let resultType: SQLType
    let count: Int
    /// Rows that may raise; nil: all of them.
    let selection: RowMask?
    let context: EvaluationContext
    let random: RandomState

    func isWanted(_ row: Int) -> Bool { selection.map { $0[row] } ?? true }
}

/// The state of RANDOM in one task.
final class RandomState {
    var generator: UInt64
    init(seed: UInt64) { generator = seed }
}
