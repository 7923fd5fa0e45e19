package import SQLTypes

/// A compiled expression, or several of the same batch: immutable, made once per plan step, shared by all slices. Running
/// it takes an `ExpressionEvaluator`, one per task.
///
/// The trees lie in `nodes` with operands before their users. Calculations that occur more than once are one node
/// (`ExpressionCompiler`), whose values the evaluator keeps while it is at the same batch.
package struct ExpressionProgram: Sendable {
    /// Nesting past this is refused: evaluation recurses, on the stacks of Dispatch's threads.
    package static let depthMaximum = 1_000

    /// Of the results, in the order of the expressions.
    package let types: [SQLType]
    let nodes: [Node]
    let roots: [Int]
    /// By node: whether it is the operand of more than one, or result and operand.
    let isShared: [Bool]

    /// Of a program of one expression.
    package var type: SQLType { types[0] }
    var root: Int { roots[0] }

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
    package init(_ node: ExpressionNode) throws(SQLError) { try self.init([node]) }

    /// Several expressions over the same columns. At least one.
    package init(_ expressions: [ExpressionNode]) throws(SQLError) {
        precondition(!expressions.isEmpty, "a program of no expression")
        var compiler = ExpressionCompiler()
        var roots: [Int] = []
        for expression in expressions { roots.append(try compiler.compile(expression, depth: 0)) }
        nodes = compiler.nodes
        self.roots = roots
        types = expressions.map(\.type)
        var uses = [Int](repeating: 0, count: nodes.count)
        for root in roots { uses[root] += 1 }
        for node in nodes { for operand in node.operands { uses[operand] += 1 } }
        isShared = zip(uses, nodes).map { uses, node in uses > 1 && node.operation.isCalculation && !node.isVolatile }
    }
}
