import SQLSyntax
package import SQLTypes

// The simple query protocol: one text, any number of statements, one transaction unless the text says otherwise.

extension DatabaseSession {
    /// Runs the statements of a text. Several are one transaction, as in PostgreSQL: an error undoes them all. BEGIN makes
    /// a block of it, which goes on after the text; COMMIT and ROLLBACK end it, and what follows is a transaction again.
    /// - Parameter each: takes a statement's result and reads its rows; what it leaves unread is lost. The next statement
    ///   begins when it returns. Not called for a text without statements. What it throws ends the text like an error of
    ///   a statement.
    package func runSimple(
        _ text: String, progress: (@Sendable (LoadMeter.Figures) -> Void)? = nil,
        each: @Sendable (StatementResult) async throws(SQLError) -> Void
    ) async throws(SQLError) {
        try await inTurn { () async throws(SQLError) -> Void in
            if self.transaction?.isImplicit != true, let known = self.known(text) {
                try await self.run(known, each)
                return
            }
            let statements = try self.parse(text)
            do throws(SQLError) {
                for (index, statement) in statements.enumerated() {
                    if statements.count > 1, !statement.statement.isTransactionControl {
                        await self.beginImplicitTransaction()
                    }
                    var run = StatementRun(statement, of: text, progress: progress)
                    if statements.count == 1 { run.source = (text, statement) }
                    let result = try await self.execute(statement.statement, run)
                    // The client must not hear of success before the commit; rows cannot wait for it.
                    if index == statements.count - 1, result.query == nil {
                        try await self.endImplicitTransaction(commits: true)
                    }
                    try await each(result)
                    await self.closeOpenResults(keepingPaused: true)
                }
                try await self.endImplicitTransaction(commits: true)
            } catch {
                self.transaction?.hasFailed = true
                await self.closeOpenResults(keepingPaused: true)
                try await self.endImplicitTransaction(commits: false)
                throw error
            }
        }
    }

    /// A text of one query whose plan is there.
    private func run(
        _ known: PlanCache.Entry, _ each: @Sendable (StatementResult) async throws(SQLError) -> Void
    ) async throws(SQLError) {
        var run = StatementRun(text: known.shownText)
        run.plan = known.plan
        do throws(SQLError) {
            try await each(try await execute(known.statement.statement, run))
            await closeOpenResults(keepingPaused: true)
        } catch {
            transaction?.hasFailed = true
            await closeOpenResults(keepingPaused: true)
            throw error
        }
    }

    // MARK: Pipelines

    /// Several statements between two Sync messages are one transaction, too. To be called before the first of them;
    /// without effect in a block.
    package func beginPipeline() async { await beginImplicitTransaction() }

    /// At Sync. After an error `commits` is false.
    package func endPipeline(commits: Bool) async throws(SQLError) {
        try await inTurn { () async throws(SQLError) -> Void in
            try await self.endImplicitTransaction(commits: commits)
        }
    }

    private func beginImplicitTransaction() async {
        guard transaction == nil else { return }
        let number = nextTransaction()
        transaction = Transaction(
            number: number, startTime: Platform.timestampNow, isReadOnly: isReadOnlyByDefault,
            settingsBefore: settings, settingsAfter: settings, isImplicit: true)
    }

    private func endImplicitTransaction(commits: Bool) async throws(SQLError) {
        guard let transaction, transaction.isImplicit else { return }
        if commits, !transaction.hasFailed { try await commit(transaction) } else { await rollBack(transaction) }
    }
}

extension Statement {
    fileprivate var isTransactionControl: Bool {
        switch self {
        case .transaction(.begin), .transaction(.commit), .transaction(.rollback): true
        default: false
        }
    }
}
