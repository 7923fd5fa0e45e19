import Catalog
import Planner
import QueryPlan
import SQLSyntax
package import SQLTypes
import Storage

// The extended query protocol: statements that are prepared once and run with values.

extension DatabaseSession {
    /// Parses a text of at most one statement, finds its parameters' types and its columns. Nothing is run.
    /// - Parameter parameterTypes: nil, or `.unknown`: what the parameter's use asks for; a text if nothing asks.
    /// - Throws: 42P18 for a parameter that the statement does not use and that is given no type.
    package func prepareQuery(
        _ text: String, parameterTypes: [SQLType?] = []
    ) async throws(SQLError) -> PreparedQuery {
        try await inTurn(keepingOpenResults: true) { () async throws(SQLError) -> PreparedQuery in
            do throws(SQLError) {
                return try await self.prepared(text, parameterTypes)
            } catch {
                self.transaction?.hasFailed = true
                throw error
            }
        }
    }

    private func prepared(_ text: String, _ types: [SQLType?]) async throws(SQLError) -> PreparedQuery {
        if types.isEmpty, let known = known(text), case .query(let plan) = known.plan.planned {
            return PreparedQuery(
                statement: known.statement, text: text, shownText: known.shownText, parameterTypes: [],
                columns: shown(plan.output), plan: known.plan)
        }
        let statements = try parseStatements(text)
        guard statements.count <= 1 else {
            throw SQLError(.syntaxError, "cannot insert multiple commands into a prepared statement")
        }
        guard let parsed = statements.first else {
            return PreparedQuery(
                statement: nil, text: text, shownText: text, parameterTypes: try Self.complete(types, count: 0),
                columns: nil, plan: nil)
        }
        if transaction?.hasFailed == true, !parsed.statement.endsTransaction { throw .inFailedTransaction }
        if !parsed.statement.isPlannedQuickly { await executor?.stepAside() }
        let run = StatementRun(parsed, of: text)
        let preparation = try prepare(parsed.statement, types, count: parsed.parameterCount, run)
        if types.isEmpty, case .query = parsed.statement, let plan = preparation.plan {
            leader.plans.add(text, PlanCache.Entry(statement: parsed, shownText: run.text, plan: plan))
        }
        return PreparedQuery(
            statement: parsed, text: text, shownText: run.text, parameterTypes: preparation.types,
            columns: try columns(of: parsed.statement, preparation, run), plan: preparation.plan)
    }

    /// A query that was planned before, by whatever session, in surroundings that are those of this one now.
    func known(_ text: String) -> PlanCache.Entry? {
        guard transaction?.hasFailed != true, let surroundings = surroundings(transaction?.version ?? current) else {
            return nil
        }
        return leader.plans.find(text, surroundings)
    }

    struct Preparation {
        var types: [SQLType]
        /// nil: the statement is none that is planned before it runs.
        var planned: PlannedStatement?
        var plan: ReusablePlan?
    }

    /// Plans a statement of which nobody knows the parameters' values, and perhaps not their types.
    func prepare(
        _ statement: Statement, _ given: [SQLType?], count: Int, _ run: StatementRun
    ) throws(SQLError) -> Preparation {
        guard count > 0 || statement.isPlannedWhenPrepared else {
            return Preparation(types: try Self.complete(given, count: count))
        }
        let version = takeVersion()
        let open = given.map { $0 == .unknown ? nil : $0 }
        let inference = ParameterInference(open + Array(repeating: nil, count: max(0, count - given.count)))
        var context = planningContext(run, version)
        context.parameters = inference.placeholders
        context.inference = inference
        let clock = ClockUse()
        context.clockUse = clock
        let planned = try Planner(context: context).plan(statement)
        let isReusable = inference.types.isEmpty && !clock.wasRead
        let surroundings = isReusable ? surroundings(version) : nil
        return Preparation(
            types: try Self.complete(inference.types, count: count), planned: planned,
            plan: surroundings.map { ReusablePlan(planned: planned, surroundings: $0) })
    }

    /// A parameter of which nothing is known is a text, as a literal would be, if it is one of the statement's.
    private static func complete(_ types: [SQLType?], count: Int) throws(SQLError) -> [SQLType] {
        var result: [SQLType] = []
        for (index, type) in types.enumerated() {
            guard let type, type != .unknown else {
                guard index < count else {
                    throw SQLError(
                        .indeterminateDatatype, "could not determine data type of parameter $\(index + 1)")
                }
                result.append(.varchar(length: SQLType.maximumVarcharLength))
                continue
            }
            result.append(type)
        }
        return result
    }

    // MARK: Columns

    private func columns(
        of statement: Statement, _ preparation: Preparation, _ run: StatementRun
    ) throws(SQLError) -> [OutputColumn]? {
        guard let columns = try plainColumns(of: statement, preparation, run) else { return nil }
        return shown(columns)
    }

    private func shown(_ columns: [OutputColumn]) -> [OutputColumn] {
        guard digest.showsUppercaseNames else { return columns }
        return columns.map { OutputColumn(name: $0.name.uppercased(), type: $0.type) }
    }

    private func plainColumns(
        of statement: Statement, _ preparation: Preparation, _ run: StatementRun
    ) throws(SQLError) -> [OutputColumn]? {
        if case .query(let plan) = preparation.planned { return plan.output }
        switch statement {
        case .explain: return [.text("QUERY PLAN")]
        case .show(let show): return show.columns
        case .cursor(.fetch(_, let name)): return try cursor(named: name).columns
        case .execute(let execute):
            let found = try prepared(named: execute.name)
            let inner = try prepare(found.statement, found.types, count: found.types.count, run)
            return try plainColumns(of: found.statement, inner, run)
        case .analyzeCompression: return Self.compressionColumns
        default: return nil
        }
    }

    // MARK: Run

    /// Runs a prepared statement.
    /// - Parameters:
    ///   - parameters: as many as it has; a text of type `.unknown` is read as a literal would be, others are taken as
    ///     they are.
    ///   - keepingOpenResults: earlier results of the transaction can still be read; else they end.
    ///   - progress: told how far a COPY is.
    package func run(
        _ prepared: PreparedQuery, parameters: [SQLParameter] = [], keepingOpenResults: Bool = false,
        progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil
    ) async throws(SQLError) -> StatementResult {
        try await inTurn(keepingOpenResults: keepingOpenResults) { () async throws(SQLError) -> StatementResult in
            guard let parsed = prepared.statement else { return StatementResult(tag: "") }
            var run = StatementRun(text: prepared.shownText)
            run.progress = progress
            run.plan = prepared.plan
            if prepared.parameterTypes.isEmpty, run.plan != nil {
                // The plan may be out of date: then the one that was made last is used, or kept for the next time.
                run.source = (prepared.text, parsed)
                if run.plan?.surroundings != self.surroundings(self.takeVersion()),
                    let known = self.known(prepared.text)
                {
                    run.plan = known.plan
                }
            }
            run.parameters = try self.values(parameters, of: prepared)
            return try await self.execute(parsed.statement, run)
        }
    }

    private func values(_ given: [SQLParameter], of prepared: PreparedQuery) throws(SQLError) -> [SQLParameter] {
        guard given.count == prepared.parameterTypes.count else {
            transaction?.hasFailed = true
            throw SQLError(
                .protocolViolation,
                "bind message supplies \(given.count) parameters, but the prepared statement requires "
                    + "\(prepared.parameterTypes.count)")
        }
        if given.isEmpty { return [] }
        let context = dateTime(transactionStart: transaction?.startTime ?? Platform.timestampNow)
        do throws(SQLError) {
            var values: [SQLParameter] = []
            for (parameter, type) in zip(given, prepared.parameterTypes) {
                values.append(try parameter.bound(to: type, context))
            }
            return values
        } catch {
            transaction?.hasFailed = true
            throw error
        }
    }
}

extension SQLParameter {
    /// The value of a parameter of `type`. Lengths, precision and scale stay the value's own: what a place where the
    /// parameter is used makes of them is its business, as with a literal.
    func bound(to type: SQLType, _ context: DateTimeContext) throws(SQLError) -> SQLParameter {
        guard !value.isNull else { return SQLParameter(.null, self.type == .unknown ? type : self.type) }
        guard self.type == .unknown, case .string(let text) = value else { return self }
        if type.isString {
            guard text.count <= SQLType.maximumVarcharLength else {
                throw SQLError.valueTooLong(.varchar(length: SQLType.maximumVarcharLength))
            }
            return SQLParameter(value, .varchar(length: max(1, text.count)))
        }
        if type.isDecimal, let number = NumberText.decimalLiteral(text.span) {
            return SQLParameter(.decimal(number), Expression.Literal.decimal(number).type)
        }
        return SQLParameter(try type.parse(text, context: context), type)
    }
}

extension Statement {
    /// What PostgreSQL analyses when it is parsed; other statements look names up when they run.
    fileprivate var isPlannedWhenPrepared: Bool {
        switch self {
        case .query, .insert, .update, .delete: true
        default: false
        }
    }
}

extension OutputColumn {
    static func text(_ name: String) -> OutputColumn {
        OutputColumn(name: name, type: .varchar(length: SQLType.maximumVarcharLength))
    }
}

extension Statement {
    /// Whether finding out what the statement means takes no longer than a change of thread.
    var isPlannedQuickly: Bool {
        switch self {
        case .query(let query): query.isPlannedQuickly
        case .transaction, .set, .show(.setting), .reset, .deallocate, .setAuthorization: true
        default: false
        }
    }
}

extension Query {
    /// A list of values without FROM, with nothing in it that takes time to look up, or to compute beforehand.
    fileprivate var isPlannedQuickly: Bool {
        guard with == nil, case .select(let select) = body, select.from.isEmpty, select.groupBy.isEmpty,
            select.having == nil, select.qualify == nil, orderBy.isEmpty, limit == nil, offset == nil
        else { return false }
        return select.filter?.isPlannedQuickly != false
            && select.items.allSatisfy { item in
                if case .expression(let value, _) = item { value.isPlannedQuickly } else { false }
            }
    }
}

extension Expression {
    /// Constants, operators on them, and functions whose time does not depend on what they are given. Subqueries, patterns
    /// and other functions are not: they may join tables, or be computed while the statement is planned.
    fileprivate var isPlannedQuickly: Bool {
        switch kind {
        case .literal, .typedLiteral, .interval, .parameter: true
        case .cast(let inner, _, _), .unary(_, let inner), .not(let inner), .test(let inner, _, _):
            inner.isPlannedQuickly
        case .operation(let first, let terms):
            first.isPlannedQuickly && terms.allSatisfy { $0.operand.isPlannedQuickly }
        case .comparison(let left, _, let right): left.isPlannedQuickly && right.isPlannedQuickly
        case .and(let terms), .or(let terms): terms.allSatisfy(\.isPlannedQuickly)
        case .call(let call): call.isPlannedQuickly
        default: false
        }
    }
}

extension FunctionCall {
    private static let quick: Set<String> = [
        "current_database", "current_schema", "current_user", "current_setting", "getdate", "now", "pg_backend_pid",
        "session_user", "sysdate", "user", "version", "set_config", "random", "pg_is_in_recovery",
    ]

    fileprivate var isPlannedQuickly: Bool {
        FunctionCall.quick.contains(name.name.name) && arguments.allSatisfy(\.isPlannedQuickly)
    }
}
