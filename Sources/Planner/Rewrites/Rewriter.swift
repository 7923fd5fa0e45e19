import QueryPlan
import SQLTypes

/// The rewrite rules, in the order in which they act. Each stands in its own file; constants are folded by the binder.
///
///     rewrite(node)
///         InlineSharedQueries      a WITH query that is used once stands where it is used
///         UnnestSubqueries         every subquery of an expression becomes a join
///           PullCorrelation, ScalarSubqueries, DependentJoin
///         flattenInnerJoins        nested inner joins and filters become one list of inputs and one of conjuncts
///         FactorCommonConjuncts    (a ∧ b) ∨ (a ∧ c)  →  a ∧ (b ∨ c), and what a disjunction says of one input
///         OuterToInner             a predicate that no null passes makes the null-supplying side ordinary
///         InferPredicates          a = b ∧ a < 5  →  b < 5
///         PushDownSemiJoins        a semi join above an inner join filters the one input that it reads
///         PushDownPredicates       each conjunct to the lowest node that has its columns
///
/// Columns are pruned when the physical plan is made: each node is asked for what is needed above it.
struct Rewriter {
    let registry: ColumnRegistry
    let folding: ConstantFolding
    /// Names of the rules that changed something, for tests.
    var fired: Set<String> = []

    init(registry: ColumnRegistry, folding: ConstantFolding) {
        self.registry = registry
        self.folding = folding
    }

    mutating func rewrite(_ query: BoundQuery) throws(SQLError) -> BoundQuery {
        var result = query
        result.root = inlined(query.root)
        for number in registry.sharedQueries.indices {
            let root = inlined(registry.sharedQueries[number].root)
            registry.sharedQueries[number].root = pushDown([], into: try unnested(root))
        }
        result.root = pushDown([], into: try unnested(result.root))
        return result
    }
}

/// Columns that are equal in every row that counts: union-find over column numbers.
struct EquivalenceClasses {
    /// By column: a lesser one of its class, or itself; columns past the end are alone. Asked thousands of times while
    /// joins are ordered.
    private var parents: [Int] = []

    /// The class's least column: its name.
    func representative(_ column: Int) -> Int {
        var current = column
        while parents.indices.contains(current), parents[current] != current { current = parents[current] }
        return current
    }

    func areEqual(_ left: Int, _ right: Int) -> Bool { representative(left) == representative(right) }

    /// false: they were equal already.
    mutating func join(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (representative(left), representative(right))
        if a == b { return false }
        while parents.count <= max(a, b) { parents.append(parents.count) }
        parents[max(a, b)] = min(a, b)
        return true
    }
}

extension BoundExpression {
    /// The columns of `a = b` between two plain columns of one type: what can make an equivalence.
    var columnEquality: (left: Int, right: Int)? {
        guard case .comparison(.equal, .column(let a, let left), .column(let b, let right)) = self, a != b,
            left.collocates(with: right)
        else { return nil }
        return (a, b)
    }
}

extension SQLType {
    /// Equal values of both types are on one slice. The guide wants equal types; lengths of strings and precisions of
    /// decimals do not count, because they change no stored value.
    func collocates(with other: SQLType) -> Bool {
        switch (self, other) {
        case (.char, .char), (.varchar, .varchar), (.char, .varchar), (.varchar, .char): true
        case (.decimal(_, let a), .decimal(_, let b)): a == b
        default: self == other
        }
    }
}
