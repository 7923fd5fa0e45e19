package import SQLSyntax
package import SQLTypes

/// From syntax to a plan that every node can run.
///
///     plan(statement)
///         Binder            names, types, functions → BoundQuery over LogicalNodes
///         Rewriter          predicates pushed and inferred, outer joins made inner, columns pruned
///         JoinOrder         dynamic programming over the relations of an inner-join region
///         PhysicalPlanner   distribution, aggregation phases, sort, limit → PhysicalNodes with costs
///         SegmentCutter     streams, segments, steps
///         ExplainBuilder    the tree that EXPLAIN prints, of the same PhysicalNodes
package struct Planner {
    package let context: PlanningContext

    package init(context: PlanningContext) { self.context = context }

    /// - Throws: what PostgreSQL or Redshift would say, with the position in the statement's text; `0A000` names what
    ///   this engine does not have.
    package func plan(_ statement: Statement) throws(SQLError) -> PlannedStatement {
        throw SQLError.unsupported("planning")
    }
}
