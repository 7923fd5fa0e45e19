package import SQLTypes

/// A scalar SQL function: what the binder needs to know, and what computes it.
package struct ScalarFunction: Sendable {
    package let signature: FunctionSignature
    /// Computes one batch from arguments of the resolution's types.
    let kernel: @Sendable (FunctionCall) throws(SQLError) -> Vector

    init(_ signature: FunctionSignature, kernel: @escaping @Sendable (FunctionCall) throws(SQLError) -> Vector) {
        self.signature = signature
        self.kernel = kernel
    }
}

/// One call of a function on one batch.
///
/// The kernel returns `count` rows of the storage kind of `resultType`. For a strict function, rows with a null
/// argument are set to null by the caller afterwards and are not in `selection`: what the kernel computes for them is
/// ignored.
struct FunctionCall {
    let arguments: [Vector]
    let argumentTypes: [SQLType]
    let resultType: SQLType
    let count: Int
    /// Rows that are wanted and may raise; nil: all of them.
    let selection: RowMask?
    let context: EvaluationContext
    let random: RandomState

    @inline(__always)
    func isWanted(_ row: Int) -> Bool { selection.map { $0[row] } ?? true }

    func isConstant(_ argument: Int) -> Bool {
        if case .constant = arguments[argument].form { true } else { false }
    }

    /// The argument's value if it is the same for all rows.
    func constant(_ argument: Int) -> SQLValue? {
        if case .constant(let value) = arguments[argument].form { value } else { nil }
    }
}

/// The state of RANDOM in one task.
final class RandomState {
    var generator: SplitMix64
    init(seed: UInt64) { generator = SplitMix64(seed: seed) }
}
