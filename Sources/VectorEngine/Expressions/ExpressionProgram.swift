package import SQLTypes

/// A compiled expression: immutable, made once per plan step, shared by all slices. Running it takes an
/// `ExpressionEvaluator`, one per task.
///
/// The tree lies in `nodes` with operands before their users; the last one is the root.
package struct ExpressionProgram: Sendable {
    /// Nesting past this is refused: evaluation recurses, on the stacks of Dispatch's threads.
    package static let depthMaximum = 1_000

    package let type: SQLType
    let nodes: [Node]
    var root: Int { nodes.count - 1 }

    struct Node: Sendable {
        let operation: Operation
        let operands: [Int]
        let type: SQLType
        /// No column below, nothing volatile: computed once per evaluator.
        let isConstant: Bool
        let isVolatile: Bool
        /// Positions of the columns below, ascending.
        let columns: [Int]
        /// Whether some value of its operands makes it (or what is below) an error.
        let canRaise: Bool
        /// Rough work per row, for the order of AND's terms.
        let cost: Int
        /// The one column that this node depends on, if that is a string and there is more to do than to pass it on:
        /// then a dictionary's entries are enough to look at.
        let dictionaryColumn: Int?
    }

    enum Operation: Sendable {
        case column(Int)
        case literal(SQLValue)
        case cast(isTry: Bool)
        /// One operator less than operands, from left to right.
        case arithmetic([ExpressionNode.Arithmetic])
        case negate
        case comparison(ExpressionNode.Comparison)
        /// The operand, an integer in storage, lies in the range.
        case inRange(IntegerRange, isNegated: Bool)
        case inSet(ValueSet, isNegated: Bool)
        case and, or, not
        case isNull(isNegated: Bool)
        case isBoolean(Bool, isNegated: Bool)
        /// The pattern is a constant.
        case match(PatternMatcher, isNegated: Bool)
        /// The second operand is the pattern.
        case matchDynamic(ExpressionNode.Match, isNegated: Bool)
        /// Operands: condition, result, condition, result, …, otherwise (perhaps).
        case caseWhen(hasOtherwise: Bool)
        case call(ScalarFunction)
    }

    /// Throws for functions and patterns that are not supported, and for nesting past `depthMaximum`.
    package init(_ node: ExpressionNode) throws(SQLError) {
        var compiler = ExpressionCompiler()
        _ = try compiler.compile(node, depth: 0)
        nodes = compiler.nodes
        type = node.type
    }
}
