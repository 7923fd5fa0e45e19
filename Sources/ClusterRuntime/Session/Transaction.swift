import SQLTypes
import Storage

/// A transaction block: what its statements changed is kept here, seen by them alone, and committed at once or not at
/// all.
struct Transaction: Sendable {
    let number: Int64
    /// Microseconds since 2000-01-01 00:00:00 UTC.
    let startTime: Int64
    var isReadOnly: Bool
    /// The session's settings at its begin, which a rollback brings back.
    let settingsBefore: SessionSettings
    /// Those that hold after its commit: without what SET LOCAL set.
    var settingsAfter: SessionSettings
    /// What its statements see: the last commit at its first statement (not at BEGIN), with its own changes.
    var version: DatabaseVersion?
    /// The same without its own changes.
    var snapshot: DatabaseVersion?
    var changes: [CommitRecord.Change] = []
    /// Of the committed rights and policies that `version` has: they hold as they are, not as the snapshot has them.
    var accessVersion: Int64 = 0
    /// After an error nothing but its end is accepted.
    var hasFailed = false
    /// Nobody wrote BEGIN: it ends with the text, or at Sync.
    var isImplicit = false
}

extension SQLError {
    static var inFailedTransaction: SQLError {
        SQLError(
            .inFailedTransaction, "current transaction is aborted, commands ignored until end of transaction block")
    }
}
