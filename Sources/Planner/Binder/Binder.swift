import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// Resolves the names, types and functions of one statement.
///
///     query                      Binder+SetOperations
///       select                   Binder+Select
///         from                   Binder+From: scopes, joins, USING
///         where, group by        Binder+Grouping
///         select list, order by  Binder+Select
///           expressions          Binder+Expression, +Operators, +Calls, +Predicates, +Subqueries
final class Binder {
    /// The search path is that of the view whose query is being bound.
    private(set) var context: PlanningContext
    let registry = ColumnRegistry()
    let folding: ConstantFolding
    let stack = StackGuard()
    /// Set for the query of an INSERT: an untyped literal of its list takes the type of the column that it goes to.
    var keepsUntypedLiterals = false
    /// WITH queries that can be seen where binding is now, innermost last.
    var commonTables: [VisibleCommonTable] = []
    private var commonTableCount = 0
    /// Which of them are computed once: their numbers in `ColumnRegistry.sharedQueries`.
    var sharedTables: [Int: Int] = [:]
    /// What can be seen of the queries around a subquery, innermost last.
    var outerScopes: [Scope] = []
    /// Of an UPDATE or DELETE, set before it is bound: the first table of FROM is the one that it changes, whatever WITH
    /// calls so, and its rows have addresses.
    var bindsTarget = false
    /// Set for the query of a view that is being created: `*` means all columns or nothing.
    var readsWholeTables = false
    /// Tables that the statement reads.
    private(set) var tables: Set<TableID> = []

    init(_ context: PlanningContext) {
        self.context = context
        folding = ConstantFolding(
            functions: context.functions, dateTime: context.dateTime, clockUse: context.clockUse)
    }

    /// Tables and views that the text itself names, if that is wanted.
    var notesReferences = false
    private(set) var references: [RelationReference] = []

    func note(_ target: RelationReference.Target, _ name: QualifiedName, hasAlias: Bool) {
        guard notesReferences else { return }
        references.append(RelationReference(target: target, name: name, hasAlias: hasAlias))
    }

    /// Views that the statement names, itself or through others.
    private(set) var views: Set<TableName> = []

    func noteRead(_ table: TableID) { tables.insert(table) }

    /// Where the statement first calls a function that the leader does not have.
    private(set) var computeOnly: SourcePosition?

    func noteComputeOnly(at position: SourcePosition) { computeOnly = computeOnly ?? position }

    /// A policy's expression in its own surroundings: whoever is bound by it need not be allowed to read what it looks up,
    /// and cannot put something else in its place.
    func inPolicy<Result>(
        _ searchPath: [String], lookups: [TableID] = [], _ body: () throws(SQLError) -> Result
    ) throws(SQLError) -> Result {
        try stack.check()
        let (outerTables, outer, outside, target) = (commonTables, outerScopes, context, bindsTarget)
        (commonTables, outerScopes, bindsTarget) = ([], [], false)
        (context.searchPath, context.rights, context.viewer) = (searchPath, nil, nil)
        (context.temporarySchema, context.lookups) = (nil, lookups)
        let first = registry.relations.count
        defer {
            registry.lookups.formUnion(first..<registry.relations.count)
            (commonTables, outerScopes, context, bindsTarget) = (outerTables, outer, outside, target)
        }
        do throws(SQLError) {
            return try body()
        } catch {
            // A position in the policy's text would point somewhere else in the statement's.
            var own = error
            own.position = nil
            throw own
        }
    }

    /// What keeps the statement from reading user tables, each in the words of an INFO message.
    private(set) var leaderOnly: [String] = []
    /// Some function gives sets of rows.
    var expandsRows = false

    func noteLeaderOnly(_ function: String, _ arguments: [SQLType]) {
        let types = arguments.map(\.baseName).joined(separator: ",")
        note(leaderOnly: "Function \"\(function)(\(types))\" not supported.")
    }

    func noteLeaderOnly(_ type: SQLType) { note(leaderOnly: "Type \"\(type.baseName)\" not supported.") }

    private func note(leaderOnly what: String) {
        if !leaderOnly.contains(what) { leaderOnly.append(what) }
    }

    /// The view's query in the view's own surroundings.
    func bind(_ view: ViewDefinition, at position: SourcePosition) throws(SQLError) -> BoundQuery {
        try stack.check()
        views.insert(view.name)
        let (outerTables, outer, outside) = (commonTables, outerScopes, context)
        (commonTables, outerScopes, context.searchPath) = ([], [], view.searchPath)
        // What a view reads, its owner must be allowed to read.
        if !context.isUnrestricted {
            context.rights = context.catalog.rights(of: context.catalog.access.owner(of: .view(view.name)))
        }
        // A permanent view means permanent tables, whatever the session calls its temporary ones.
        if view.name.schema != context.temporarySchema { context.temporarySchema = nil }
        let notes = notesReferences
        notesReferences = false
        defer {
            (commonTables, outerScopes, context) = (outerTables, outer, outside)
            notesReferences = notes
        }
        do throws(SQLError) {
            guard case .query(let query) = try parseStatement(view.text).statement else {
                throw SQLError.internalError("view \(view.name) is no query")
            }
            return try bind(query)
        } catch {
            // A position in the view's text would point somewhere else in the statement's.
            var own = error
            own.position = position.character
            throw own
        }
    }

    func bind(_ query: Query) throws(SQLError) -> BoundQuery {
        try stack.check()
        try context.interruption?()
        let outer = commonTables.count
        defer { commonTables.removeSubrange(outer...) }
        if let with = query.with {
            if with.isRecursive, !outerScopes.isEmpty {
                throw SQLError.unsupported("WITH RECURSIVE in a subquery", at: query.position.character)
            }
            for table in with.tables {
                if commonTables[outer...].contains(where: { $0.name == table.name.name }) {
                    throw SQLError(
                        .duplicateAlias, "WITH query name \"\(table.name.name)\" specified more than once",
                        position: table.name.position.character)
                }
                commonTables.append(
                    VisibleCommonTable(
                        number: commonTableCount, name: table.name.name, table: table, outerScopes: outerScopes.count,
                        mayRecur: with.isRecursive))
                commonTableCount += 1
            }
        }
        switch query.body {
        case .select(let select): return try bind(select, of: query)
        case .setOperation(let first, let terms): return try bind(first, terms, of: query)
        case .nested(let inner): return try ordered(try bind(inner), by: query)
        }
    }

    /// LIMIT, OFFSET and TOP: a constant that is not negative.
    func rowCount(_ expression: SQLSyntax.Expression?, _ clause: String) throws(SQLError) -> Int64? {
        guard let expression else { return nil }
        let scope = ExpressionScope(Scope(), clause: clause)
        let bound = try coercion.cast(
            try bind(expression, in: scope), to: .bigint, .assignment, at: expression.position)
        guard case .literal(let value, _) = bound else {
            throw SQLError(
                .invalidColumnReference, "argument of \(clause) must not contain variables",
                position: expression.position.character)
        }
        guard case .integer(let count) = value else { return nil }
        guard count >= 0 else {
            throw SQLError(
                .invalidParameterValue, "\(clause) must not be negative", position: expression.position.character)
        }
        guard count <= Int64(Int32.max) else {
            throw SQLError(
                .invalidParameterValue, "\(clause) must not be greater than \(Int32.max)",
                position: expression.position.character)
        }
        return count
    }
}

/// A WITH query while it can be named.
struct VisibleCommonTable {
    /// Through the statement.
    let number: Int
    let name: String
    let table: CommonTable
    /// How many of the scopes around it its own query may look into.
    let outerScopes: Int
    /// Its query may name it.
    let mayRecur: Bool
    /// While its recursive part is bound: what the name means there, in `ColumnRegistry.sharedQueries`.
    var work: Int?
}

/// Where an expression stands: what its names mean, and whether it may aggregate.
final class ExpressionScope {
    let scope: Scope
    /// For messages: `WHERE`, `GROUP BY`, …
    let clause: String
    /// nil where aggregates are not allowed.
    let aggregates: AggregateCollector?
    /// Scalar subqueries that the clause's expressions read.
    var subqueries: [ScalarSubquery] = []
    /// Items of the select list that may be named by their alias and are not bound yet.
    var listed: [String: SQLSyntax.Expression] = [:]
    /// Set-valued calls; nil where there can be none.
    var expansions: ExpansionCollector?
    /// Aliases of the select list that may be used; a column of FROM wins over them.
    var aliases: [String: BoundExpression] = [:]
    /// nil where window functions are not allowed.
    let windows: WindowCollector?
    /// Inside an aggregate's arguments.
    var isInAggregate = false
    var isInWindow = false
    /// In ON of an outer join subqueries are values, and read nothing of the two sides.
    var isOuterJoin = false
    /// Where each column was first read, for errors that are found later.
    var positions: [Int: SourcePosition] = [:]

    init(
        _ scope: Scope, clause: String, aggregates: AggregateCollector? = nil, windows: WindowCollector? = nil
    ) {
        self.windows = windows
        self.scope = scope
        self.clause = clause
        self.aggregates = aggregates
    }
}

/// The aggregate calls of one SELECT block; equal calls are computed once.
final class AggregateCollector {
    var calls: [LogicalAggregate.Call] = []
    /// Arguments that are computed before aggregation.
    var computed: [ComputedColumn] = []
    /// Subqueries in arguments.
    var subqueries: [ScalarSubquery] = []
}

/// A subquery whose one value stands in column `result`.
struct ScalarSubquery {
    let root: LogicalNode
    let value: Int
    let result: Int
    let position: SourcePosition
}
