package import Catalog
import QueryPlan
package import SQLSyntax
package import SQLTypes

/// From syntax to a plan that every node can run.
///
///     plan(statement)
///         Binder            names, types, functions → BoundQuery over LogicalNodes
///         Rewriter          predicates pushed and inferred, outer joins made inner, conjuncts factored out
///         PhysicalPlanner   distribution, aggregation phases, sort, limit → PhysicalNodes with costs
///             JoinOrder     dynamic programming over the inputs of an inner join
///         SegmentCutter     streams, segments, steps
///         ExplainBuilder    the tree that EXPLAIN prints, of the same PhysicalNodes
package struct Planner {
    package let context: PlanningContext

    package init(context: PlanningContext) { self.context = context }

    /// What a late-binding view would give now, under the names that it gives its columns.
    package func columns(of view: ViewDefinition) throws(SQLError) -> [ViewDefinition.Column] {
        let binder = Binder(context)
        let bound = try binder.bind(view, at: .unknown)
        return bound.output.enumerated().map { place, item in
            let name = place < view.columnNames.count ? view.columnNames[place] : item.name
            return ViewDefinition.Column(name, binder.registry.type(item.column))
        }
    }

    /// - Throws: what PostgreSQL or Redshift would say, with the position in the statement's text; `0A000` names what
    ///   this engine does not have.
    ///   Also what the current user may not do (42501).
    package func plan(_ statement: Statement) throws(SQLError) -> PlannedStatement {
        var planned = try planned(statement)
        if let rights = context.rights {
            planned = try StatementRights(rights, context.catalog, context.database).checked(planned, of: statement)
        }
        // Only who may do it is told what is in the way.
        try PolicyDependencies(context.catalog).check(planned)
        return planned
    }

    private func planned(_ statement: Statement) throws(SQLError) -> PlannedStatement {
        switch statement {
        case .query(let query):
            if let (into, select) = Self.selectInto(query) { return try createTableAs(into, select) }
            return .query(try QueryPlanner(context).plan(query))
        case .explain(let explain): return try self.explain(explain)
        case .createTable(let create): return try createTable(create)
        case .createTableAs(let create): return try createTableAs(create)
        case .insert(let insert): return try InsertPlanner(context).plan(insert)
        case .drop(let drop): return try self.drop(drop)
        case .truncate(let name): return .truncate(try Binder(context).resolveTable(name).id)
        case .analyze(let analyze): return try self.analyze(analyze)
        case .statistics(let statement): return try statistics(statement)
        case .assert(let assertion): return .assertion(try self.assertion(assertion))
        case .copy(let copy): return try self.copy(copy)
        case .createSchema(let create): return try createSchema(create)
        case .principal(let statement): return try principal(statement)
        case .policy(let statement): return .access(try policy(statement))
        case .grant(let grant): return .access(try self.grant(grant))
        case .alterDefaultPrivileges(let statement): return .access(try defaultPrivileges(statement))
        case .lock(let lock): return try self.lock(lock)
        case .alterSchema(let alter): return try alterSchema(alter)
        case .comment(let comment): return try self.comment(comment)
        case .show(.list(let list)): return try show(list)
        case .transaction, .set, .show, .reset, .prepare, .execute, .deallocate, .cursor, .alterDatabase,
            .createDatabase,
            .dropDatabase, .discardAll, .cancel, .setAuthorization:
            return .utility(statement)
        case .createView(let view): return try createView(view)
        case .alterTable(let alter): return try alterTable(alter)
        case .update(let update): return try ChangePlanner(context).plan(update)
        case .delete(let delete): return try ChangePlanner(context).plan(delete)
        case .unload(let unload): return try self.unload(unload)
        case .vacuum(let vacuum): return try self.vacuum(vacuum)
        case .analyzeCompression(let analyze): return try analyzeCompression(analyze)
        }
    }

    private func explain(_ explain: ExplainStatement) throws(SQLError) -> PlannedStatement {
        switch explain.statement {
        case .query, .insert, .createTableAs, .update, .delete: break
        default:
            throw SQLError(.syntaxError, "EXPLAIN shows plans of SELECT, CREATE TABLE AS, INSERT, UPDATE and DELETE")
        }
        let planned = try plan(explain.statement)
        if explain.isAnalyze { return .explainAnalyze(planned) }
        switch planned {
        case .query(let plan), .insert(let plan, _), .delete(let plan, _), .update(let plan, _),
            .createTableAs(_, let plan):
            return .explain(plan, isVerbose: explain.isVerbose)
        default: throw SQLError.internalError("EXPLAIN of a statement without a plan")
        }
    }

    /// SELECT … INTO t is CREATE TABLE t AS.
    private static func selectInto(_ query: Query) -> (Select.Into, Query)? {
        guard case .select(var select) = query.body, let into = select.into else { return nil }
        select.into = nil
        var rest = query
        rest.body = .select(select)
        return (into, rest)
    }

    private func createTableAs(_ into: Select.Into, _ query: Query) throws(SQLError) -> PlannedStatement {
        try createTableAs(CreateTableAsStatement(into.table, isTemporary: into.isTemporary, TableAttributes(), query))
    }
}
