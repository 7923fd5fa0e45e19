import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// SET, SHOW, RESET, PREPARE, EXECUTE, DEALLOCATE.

extension DatabaseSession {
    /// A rollback undoes what SET did in its block; SET LOCAL ends with the block in any case.
    func execute(_ set: SetStatement) throws(SQLError) -> StatementResult {
        let place = set.position.character
        if set.name == "seed" { return try setSeed(set) }
        if set.isLocal, transaction == nil {
            var unused = settings
            try unused.set(set.name, to: set.values, at: place)
            return StatementResult(
                tag: "SET", notices: [Notice(.warning, "SET LOCAL can only be used in transaction blocks")])
        }
        try settings.set(set.name, to: set.values, at: place)
        if !set.isLocal { try transaction?.settingsAfter.set(set.name, to: set.values, at: place) }
        noteSettings()
        return StatementResult(tag: "SET")
    }

    /// `set_config` is through: what it set was checked then. Outside a block nothing is left of what is local.
    func take(_ change: StatementServices.Change) {
        if change.isLocal, transaction == nil { return }
        try? settings.set(change.name, to: change.values, at: nil)
        if !change.isLocal { try? transaction?.settingsAfter.set(change.name, to: change.values, at: nil) }
        noteSettings()
    }

    /// What others may see of the settings, and what they steer outside.
    func noteSettings() { activity.note(settings) }

    /// RANDOM() gives the same numbers after the same seed.
    private func setSeed(_ set: SetStatement) throws(SQLError) -> StatementResult {
        guard set.values.count == 1, let value = Double(set.values[0].text), (0...1).contains(value) else {
            throw SQLError(
                .invalidParameterValue, "the seed must be a number between 0 and 1", position: set.position.character)
        }
        randomState = DistributionHash.hash(Int64(value * Double(Int32.max)))
        return StatementResult(tag: "SET")
    }

    func execute(_ show: ShowStatement, _ run: StatementRun) throws(SQLError) -> StatementResult {
        let rows: [[String?]]
        switch show {
        case .all: rows = settings.all.map { [$0.name, $0.value] }
        case .setting(let name, let position):
            rows =
                switch name {
                case "session_authorization": [[currentUserName(takeVersion().catalog)]]
                case "is_superuser": [[isSuperuser ? "on" : "off"]]
                default: [[try settings.value(of: name, at: position.character)]]
                }
        case .table(let name):
            let binder = try definitions(run)
            rows = [[DefinitionText.of(try binder.table(name), in: binder.catalog)]]
        case .view(let name): rows = [[DefinitionText.of(try definitions(run).view(name))]]
        case .list, .distribution: throw SQLError.internalError("a SHOW that runs a query")
        }
        return StatementResult(tag: "SHOW", columns: show.columns.map(\.name), rows: rows)
    }

    func definitions(_ run: StatementRun) throws(SQLError) -> DefinitionLookup {
        DefinitionLookup(planningContext(run, takeVersion()))
    }

    func executeReset(_ name: String?) throws(SQLError) -> StatementResult {
        if let name {
            try settings.reset(name)
            try transaction?.settingsAfter.reset(name)
        } else {
            settings.resetAll()
            transaction?.settingsAfter.resetAll()
        }
        noteSettings()
        return StatementResult(tag: "RESET")
    }

    /// As the session began.
    /// - Source: PostgreSQL, "DISCARD".
    func discardAll() async throws(SQLError) -> StatementResult {
        guard transaction == nil else {
            throw SQLError(.activeTransaction, "DISCARD ALL cannot run inside a transaction block")
        }
        settings.authorization = nil
        _ = try executeReset(nil)
        prepared = [:]
        randomState = nil
        try await dropTemporaries()
        return StatementResult(tag: "DISCARD ALL")
    }

    /// - Source: Redshift developer guide, "CANCEL": the message goes to the session whose statement ends.
    func cancel(_ process: Int64, message: String?) throws(SQLError) -> StatementResult {
        let found = Int32(exactly: process).flatMap { leader.sessions.activity(of: $0) }
        guard let activity = found else {
            throw SQLError(.undefinedObject, "no session has the process id \(process)")
        }
        guard mayCancelOthers || activity.record.userID == currentUser else {
            throw SQLError(.insufficientPrivilege, "must be superuser to cancel the sessions of other users")
        }
        activity.cancel(message.map { SQLError(.queryCanceled, $0) } ?? .queryCanceled)
        return StatementResult(tag: "CANCEL")
    }

    func execute(_ prepare: PrepareStatement, _ run: StatementRun) throws(SQLError) -> StatementResult {
        guard prepared[prepare.name.name] == nil else {
            throw SQLError(
                .duplicateObject, "prepared statement \"\(prepare.name.name)\" already exists",
                position: prepare.name.position.character)
        }
        // What is wrong with it is told now, not at the first EXECUTE.
        let found = try self.prepare(prepare.statement, prepare.types.map(\.type), count: prepare.types.count, run)
        prepared[prepare.name.name] = PreparedStatement(
            statement: prepare.statement, types: found.types, text: run.text)
        return StatementResult(tag: "PREPARE")
    }

    func execute(_ execute: ExecuteStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let (statement, run) = try await bound(execute, run)
        return try await self.run(statement, run)
    }

    /// EXPLAIN EXECUTE: the plan that the statement would have with these values.
    func explain(
        _ execute: ExecuteStatement, _ explain: ExplainStatement, _ run: StatementRun
    ) async throws(SQLError) -> StatementResult {
        let (statement, run) = try await bound(execute, run)
        var explain = explain
        explain.statement = statement
        return try await self.run(.explain(explain), run)
    }

    /// The prepared statement, and its run with the values that EXECUTE gives.
    private func bound(
        _ execute: ExecuteStatement, _ run: StatementRun
    ) async throws(SQLError) -> (Statement, StatementRun) {
        let name = execute.name
        let found = try prepared(named: name)
        guard execute.arguments.count == found.types.count else {
            throw SQLError(
                .syntaxError, "wrong number of parameters for prepared statement \"\(name.name)\"",
                detail: "Expected \(found.types.count) parameters but got \(execute.arguments.count).",
                position: name.position.character)
        }
        var run = run
        run.parameters = []
        for (argument, type) in zip(execute.arguments, found.types) {
            run.parameters.append(SQLParameter(try await evaluate(argument, as: type, run), type))
        }
        return (found.statement, run)
    }

    func prepared(named name: Identifier) throws(SQLError) -> PreparedStatement {
        guard let found = prepared[name.name] else {
            throw SQLError(
                .undefinedObject, "prepared statement \"\(name.name)\" does not exist",
                position: name.position.character)
        }
        return found
    }

    func executeDeallocate(_ name: Identifier?) throws(SQLError) -> StatementResult {
        guard let name else {
            prepared = [:]
            return StatementResult(tag: "DEALLOCATE")
        }
        guard prepared.removeValue(forKey: name.name) != nil else {
            throw SQLError(
                .undefinedObject, "prepared statement \"\(name.name)\" does not exist",
                position: name.position.character)
        }
        return StatementResult(tag: "DEALLOCATE")
    }

    /// A constant expression's value: `SELECT CAST(expression AS type)` on the leader.
    func evaluate(_ expression: Expression, as type: SQLType, _ run: StatementRun) async throws(SQLError) -> SQLValue {
        let cast = Expression(.cast(expression, TypeName(type), isTry: false), at: expression.position)
        let query = Query(.select(Select([.expression(cast, alias: nil)])))
        let version = takeVersion()
        let planned = try plan(.query(query), run, version)
        guard case .query(let plan) = planned else {
            throw SQLError.internalError("a query was not planned as one")
        }
        let execution = prepare(plan, run, version, planningNs: 0, isPart: true)
        let finished = await execution.run(session: record)
        execution.finishResults(finished)
        guard let batch = try await execution.results.next(), batch.count == 1, let column = batch.columns.first else {
            throw SQLError.internalError("a constant expression gave no row")
        }
        return column.value(at: 0, as: type)
    }
}

extension ShowStatement {
    var columns: [OutputColumn] {
        switch self {
        case .all: [.text("name"), .text("setting")]
        case .setting(let name, _): [.text(name)]
        case .table: [.text("Show Table DDL statement")]
        case .view: [.text("Show View DDL statement")]
        case .distribution: DistributionReport.columns
        // A query: its plan tells.
        case .list: []
        }
    }
}
