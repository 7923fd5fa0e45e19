import QueryPlan
import SQLSyntax
import SQLTypes

/// UNLOAD: the plan of its query, with the rows ending in files.
///
///     PARALLEL ON     each slice writes what it has: no gather, no merge; ORDER BY sorts each slice's rows
///     PARALLEL OFF    the leader merges as for a client, and writes
///
/// System tables are computed by the leader, which then writes them in either case.
/// - Source: Redshift developer guide, "UNLOAD": "sorted absolutely according to the ORDER BY clause" with PARALLEL OFF
///   only.
extension Planner {
    func unload(_ unload: UnloadStatement) throws(SQLError) -> PlannedStatement {
        do throws(SQLError) {
            try Self.checkLimit(unload.query)
            let isParallel = !unload.options.contains { option in
                if case .parallel(isOn: false) = option.kind { true } else { false }
            }
            let plan = try QueryPlanner(context).plan(unloading: unload.query, isParallel: isParallel)
            return .unload(plan, unload)
        } catch {
            throw Self.inQuotes(error)
        }
    }

    private static func checkLimit(_ query: Query) throws(SQLError) {
        var hasLimit = query.limit != nil
        if case .select(let select) = query.body, select.top != nil { hasLimit = true }
        guard hasLimit else { return }
        throw SQLError(
            .featureNotSupported, "Limit clause is not supported",
            hint: "Put it into a subquery: UNLOAD ('SELECT * FROM (SELECT … LIMIT 10)') …")
    }

    /// The query's positions count within its quotes, those of an error through the whole statement.
    private static func inQuotes(_ error: SQLError) -> SQLError {
        guard let position = error.position else { return error }
        var moved = error
        moved.position = nil
        let place = "At character \(position) of the query to be unloaded."
        moved.detail = error.detail.map { "\($0) \(place)" } ?? place
        return moved
    }
}

extension QueryPlanner {
    func plan(unloading query: Query, isParallel: Bool) throws(SQLError) -> QueryPlan {
        let bound = try binder.bind(query)
        let isOnLeader = binder.registry.relations.contains(where: \.isVirtual)
        var result = isParallel && !isOnLeader ? try planOnSlices(bound) : try plan(bound)
        guard let stream = result.streams.indices.last, let segment = result.streams[stream].segments.indices.last
        else { throw .internalError("a query without segments") }
        result.streams[stream].segments[segment].steps.append(.unload)
        return result
    }

    /// Rows stay where the last operator leaves them.
    private func planOnSlices(_ bound: BoundQuery) throws(SQLError) -> QueryPlan {
        let physical = try physicalPlanner(feedsTable: true)
        physical.keepsOrder = true
        let output = bound.output.map(\.column)
        let root = physical.readOnce(try physical.plan(rewritten(bound).root, ColumnSet(output)))
        return try finish(root, output, bound, physical)
    }
}
