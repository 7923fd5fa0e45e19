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
                return try self.prepared(text, parameterTypes)
            } catch {
                self.transaction?.hasFailed = true
                throw error
            }
        }
    }

    private func prepared(_ text: String, _ types: [SQLType?]) throws(SQLError) -> PreparedQuery {
        let statements = try parseStatements(text)
        guard statements.count <= 1 else {
            throw SQLError(.syntaxError, "cannot insert multiple commands into a prepared statement")
        }
        guard let parsed = statements.first else {
            return PreparedQuery(
                statement: nil, text: text, parameterTypes: try Self.complete(types, count: 0), columns: nil, plan: nil)
        }
        if transaction?.hasFailed == true, !parsed.statement.endsTransaction { throw .inFailedTransaction }
        let run = StatementRun(parsed, of: text)
        let preparation = try prepare(parsed.statement, types, count: parsed.parameterCount, run)
        return PreparedQuery(
            statement: parsed, text: text, parameterTypes: preparation.types,
            columns: try columns(of: parsed.statement, preparation, run), plan: preparation.plan)
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

    // MARK: Plans

    /// What planning looks at besides a statement without parameters; nil in a block that has changed something: what it
    /// sees has no number of its own.
    func surroundings(_ version: DatabaseVersion) -> ReusablePlan.Surroundings? {
        guard transaction?.changes.isEmpty ?? true else { return nil }
        return ReusablePlan.Surroundings(
            catalogVersion: version.catalog.version, accessVersion: version.catalog.accessVersion,
            searchPath: searchPath(version.catalog),
            timeZone: settings["timezone"] ?? "", user: currentUser)
    }

    // MARK: Columns

    private func columns(
        of statement: Statement, _ preparation: Preparation, _ run: StatementRun
    ) throws(SQLError) -> [OutputColumn]? {
        guard let columns = try plainColumns(of: statement, preparation, run) else { return nil }
        guard settings.isOn("describe_field_name_in_uppercase") else { return columns }
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
            var run = StatementRun(parsed, of: prepared.text)
            run.progress = progress
            run.plan = prepared.plan
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
        let context = settings.dateTime(transactionStart: transaction?.startTime ?? Platform.timestampNow)
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
