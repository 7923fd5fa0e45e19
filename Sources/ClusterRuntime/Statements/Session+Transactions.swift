import Catalog
import SQLSyntax
import SQLTypes
import Storage

// BEGIN, COMMIT, ROLLBACK, and how a statement's changes become visible.

extension DatabaseSession {
    func execute(_ statement: TransactionStatement) async throws(SQLError) -> StatementResult {
        switch statement {
        case .begin(let isReadOnly):
            if transaction?.isImplicit == true {
                transaction?.isImplicit = false
                if let isReadOnly { transaction?.isReadOnly = isReadOnly }
                return StatementResult(tag: "BEGIN")
            }
            guard transaction == nil else {
                return StatementResult(
                    tag: "BEGIN", notices: [Notice(.warning, "there is already a transaction in progress")])
            }
            transaction = Transaction(
                number: nextTransaction(), startTime: Platform.timestampNow,
                isReadOnly: isReadOnly ?? isReadOnlyByDefault, settingsBefore: settings, settingsAfter: settings)
            return StatementResult(tag: "BEGIN")
        case .characteristics(let isReadOnly, let ofSession):
            if let isReadOnly {
                if ofSession {
                    // The same as the setting, and undone with it by a rollback.
                    let value = SetStatement.Value.string(isReadOnly ? "on" : "off")
                    try settings.set(Self.readOnlySetting, to: [value], at: nil)
                    try transaction?.settingsAfter.set(Self.readOnlySetting, to: [value], at: nil)
                } else {
                    transaction?.isReadOnly = isReadOnly
                }
            }
            let isIdle = !ofSession && transaction == nil
            return StatementResult(
                tag: "SET",
                notices: isIdle
                    ? [Notice(.warning, "SET TRANSACTION can only be used in transaction blocks")] : [])
        case .commit:
            guard let block = transaction else {
                return StatementResult(tag: "COMMIT", notices: [Self.noTransaction])
            }
            if block.hasFailed {
                await rollBack(block)
                return StatementResult(tag: "ROLLBACK")
            }
            try await commit(block)
            return StatementResult(tag: "COMMIT", notices: block.isImplicit ? [Self.noTransaction] : [])
        case .rollback:
            guard let block = transaction else {
                return StatementResult(tag: "ROLLBACK", notices: [Self.noTransaction])
            }
            await rollBack(block)
            return StatementResult(tag: "ROLLBACK", notices: block.isImplicit ? [Self.noTransaction] : [])
        }
    }

    private static let readOnlySetting = "default_transaction_read_only"

    /// Of blocks that do not say otherwise, and of statements outside of one.
    var isReadOnlyByDefault: Bool { settings.isOn(Self.readOnlySetting) }

    /// - Parameter name: of a statement that changes something.
    func expectWritable(_ name: String) throws(SQLError) {
        guard transaction?.isReadOnly ?? isReadOnlyByDefault else { return }
        throw SQLError(.readOnlyTransaction, "transaction is read-only", detail: "\(name) writes.")
    }

    private static let noTransaction = Notice(.warning, "there is no transaction in progress")

    /// A number for a block, or for a statement that writes outside of one: the statement's own, for the first of them.
    func nextTransaction() -> Int64 {
        let number = ownTransaction ?? leader.nextTransaction()
        ownTransaction = nil
        activity.note(transaction: SessionActivity.TransactionEntry(number: number, startTime: Platform.timestampNow))
        return number
    }

    /// Nothing of it was ever visible to others: its row groups are forgotten with it.
    func rollBack(_ block: Transaction) async {
        transaction = nil
        activity.note(transaction: nil)
        settings = block.settingsBefore
        noteSettings()
        await closeCursor()
        await closeOpenResults()
        leader.serialization.end(block.number)
        logEnd(of: block.number, startTime: block.startTime, isCommitted: false)
        leader.releaseLocks(of: block.number)
    }

    /// The block ends, whether or not the commit succeeds.
    func commit(_ block: Transaction) async throws(SQLError) {
        transaction = nil
        activity.note(transaction: nil)
        settings = block.settingsAfter
        noteSettings()
        await closeCursor()
        await closeOpenResults()
        var failure: SQLError?
        var committed = leader.storage.current.commit
        do throws(SQLError) {
            try admit(block.changes, by: block.number)
            if !block.changes.isEmpty {
                let record = CommitRecord(transaction: block.number, changes: block.changes)
                committed = try await commit(record, startTime: block.startTime).commit
            } else {
                logEnd(of: block.number, startTime: block.startTime, isCommitted: true)
            }
        } catch {
            failure = error
            // What SET did in it is undone with the rest.
            settings = block.settingsBefore
            noteSettings()
            logEnd(of: block.number, startTime: block.startTime, isCommitted: false)
        }
        leader.serialization.end(block.number, commit: failure == nil ? committed : nil)
        leader.releaseLocks(of: block.number)
        if let failure { throw failure }
    }

    /// The number under which a writing statement takes locks: its block's, or one of its own.
    func beginWrite(_ name: String) async throws(SQLError) -> Int64 {
        try expectWritable(name)
        if let block = transaction { return block.number }
        return nextTransaction()
    }

    /// Makes the statement's changes durable and visible, or keeps them for COMMIT.
    func apply(_ changes: [CommitRecord.Change], by number: Int64) async throws(SQLError) {
        guard !changes.isEmpty else { return }
        let changes = scoped(changes)
        let record = CommitRecord(transaction: number, changes: changes)
        guard var block = transaction else {
            try admit(changes, by: number)
            let committed = try await commit(record, startTime: activity.transaction?.startTime)
            leader.serialization.end(number, commit: committed.commit)
            return
        }
        let version = takeVersion()
        block = transaction ?? block
        try expectRowsUnchanged(by: changes, since: block.snapshot ?? version)
        block.version = try version.applying(record, shape: leader.shape, from: .block)
        block.changes += changes
        transaction = block
    }

    /// Rows that take the place of all of a table's were made from those of the snapshot: what others have committed since
    /// would be lost. The table is locked, so nobody will commit more before this block does.
    private func expectRowsUnchanged(
        by changes: [CommitRecord.Change], since snapshot: DatabaseVersion
    ) throws(SQLError) {
        var checked: Set<TableID> = []
        for case .replace(let table, _, _) in changes where checked.insert(table).inserted {
            guard let seen = snapshot.tables[table], let present = leader.storage.current.tables[table] else {
                continue
            }
            guard present.hasSameRows(as: seen) else { throw SQLError.serializableViolation(on: table) }
        }
    }

    /// A statement outside a block is its own transaction, and over.
    func endWrite(_ number: Int64) async {
        guard transaction == nil else { return }
        leader.serialization.end(number)
        leader.releaseLocks(of: number)
    }
}
