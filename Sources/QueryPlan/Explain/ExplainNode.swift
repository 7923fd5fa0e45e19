/// One line of EXPLAIN with what hangs below it. Numbers are Redshift's relative cost units, rows and bytes.
package struct ExplainNode: Hashable, Sendable {
    package enum Prefix: String, Hashable, Sendable {
        case computeNodes = "XN"
        case leader = "LD"
    }
    package var prefix: Prefix
    /// `Hash Join`, `Seq Scan on sales s`, … without the distribution label.
    package var operation: String
    package var label: DistributionLabel?
    package var cost: Cost
    package var rows: Double
    package var width: Int
    /// `Filter: (…)`, `Hash Cond: (…)`, `Send to leader`, …, in printing order.
    package var attributes: [String]
    /// Outer side first.
    package var children: [ExplainNode]
    /// Where it runs: the segments and steps that carry the line out (STL_PLAN_INFO), as (segment number, step index).
    package var steps: [StepReference]
    /// Every node of the cluster makes all of the rows: they are counted as often.
    package var isReplicated: Bool
    /// Of a `RLS SecureScan`: which of the steps, the line's own or its children's, only those may see who see policies.
    package var guarded: GuardedScan?

    package init(
        prefix: Prefix = .computeNodes, operation: String, label: DistributionLabel? = nil, cost: Cost, rows: Double,
        width: Int, attributes: [String] = [], children: [ExplainNode] = [], steps: [StepReference] = [],
        isReplicated: Bool = false, guarded: GuardedScan? = nil
    ) {
        self.guarded = guarded
        self.isReplicated = isReplicated
        self.prefix = prefix
        self.operation = operation
        self.label = label
        self.cost = cost
        self.rows = rows
        self.width = width
        self.attributes = attributes
        self.children = children
        self.steps = steps
    }
}

package struct StepReference: Hashable, Sendable {
    package var segment: Int
    package var step: Int
    package init(segment: Int, step: Int) {
        self.segment = segment
        self.step = step
    }
}

package struct Cost: Hashable, Sendable {
    package var startup: Double
    package var total: Double
    package init(startup: Double, total: Double) {
        self.startup = startup
        self.total = total
    }
}

/// What a join moves. - Source: Redshift developer guide, "Evaluating the query plan".
package enum DistributionLabel: String, Hashable, Sendable {
    case none = "DS_DIST_NONE"
    case allNone = "DS_DIST_ALL_NONE"
    case inner = "DS_DIST_INNER"
    case outer = "DS_DIST_OUTER"
    case allInner = "DS_DIST_ALL_INNER"
    case both = "DS_DIST_BOTH"
    case broadcastInner = "DS_BCAST_INNER"
}
