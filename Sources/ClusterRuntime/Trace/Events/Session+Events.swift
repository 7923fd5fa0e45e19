import Catalog
import QueryPlan
import SQLTypes
import Storage
import VectorEngine

// What a session logs of itself: commits, rollbacks, conflicts, its beginning and its end.

extension DatabaseSession {
    nonisolated func source(transaction: Int64 = 0, query: Int64 = 0) -> EventSource {
        EventSource(
            user: record.userID, session: record.process, database: record.database, transaction: transaction,
            query: query)
    }

    /// Makes the changes durable and visible, and logs what that took.
    /// - Parameter startTime: of the transaction; nil: it begins with this.
    func commit(_ record: CommitRecord, startTime: Int64?) async throws(SQLError) -> DatabaseVersion {
        let source = source(transaction: record.transaction, query: lastRuns.query)
        let active = Set(leader.sessions.activities.compactMap { $0.transaction?.number } + [record.transaction])
        let begun = Platform.timestampNow
        let context = Committer.Context(source: source, active: active.sorted())
        let outcome = try await leader.committer.commit(record, context, to: leader.storage)
        leader.events.add(outcome.event)
        logTransaction(
            source, isCommitted: true, startTime: startTime ?? begun, commitStart: outcome.event.queuedTime,
            commitEnd: outcome.event.endTime, blocks: outcome.event.nodes.reduce(0) { $0 + $1.newBlocks })
        return outcome.version
    }

    /// A transaction that left nothing behind: one that read only, or was rolled back.
    func logEnd(of number: Int64, startTime: Int64, isCommitted: Bool) {
        let now = Platform.timestampNow
        logTransaction(
            source(transaction: number, query: lastRuns.query), isCommitted: isCommitted, startTime: startTime,
            commitStart: now, commitEnd: now, blocks: 0)
    }

    private func logTransaction(
        _ source: EventSource, isCommitted: Bool, startTime: Int64, commitStart: Int64, commitEnd: Int64, blocks: Int64
    ) {
        let isolation = leader.storage.current.catalog.isolation(of: record.database)
        leader.events.add(
            TransactionEvent(
                source: source, isolation: isolation.rawValue, isCommitted: isCommitted, startTime: startTime,
                commitStart: commitStart, commitEnd: commitEnd, blocks: blocks))
    }

    /// - Parameter transaction: as it was when the statement began, or got its number.
    func logConflict(_ error: SQLError, _ transaction: SessionActivity.TransactionEntry?) {
        guard let table = error.conflictTable, let transaction else { return }
        leader.events.add(
            ConflictEvent(
                source: source(transaction: transaction.number, query: lastRuns.query),
                startTime: transaction.startTime, time: Platform.timestampNow, table: table))
    }

    // MARK: Sessions

    nonisolated func logBeginning() {
        if record.remoteHost != nil { leader.log("authenticated", of: activity) }
        leader.log("initiating session", of: activity)
        if !activity.applicationName.isEmpty { leader.log("set application_name", of: activity) }
    }

    nonisolated func logEnd() {
        let now = Platform.timestampNow
        leader.log("disconnecting session", of: activity, at: now)
        let end: SessionEvent.End =
            switch activity.end?.state {
            case nil: .client
            case .idleSessionTimeout?, .idleInTransactionTimeout?: .timedOut
            case .adminShutdown?: .server
            default: .error
            }
        leader.events.add(
            SessionEvent(
                source: source(), userName: record.user, startTime: record.startTime, endTime: now,
                timeoutSeconds: activity.idleLimitMs / 1_000, end: end))
    }
}

extension Leader {
    nonisolated func log(_ event: String, of activity: SessionActivity, at time: Int64 = Platform.timestampNow) {
        let record = activity.record
        let isEnd = event == "disconnecting session"
        events.add(
            ConnectionEvent(
                source: EventSource(user: record.userID, session: record.process, database: record.database),
                event: event, time: time, userName: record.user, remoteHost: record.remoteHost ?? "",
                remotePort: record.remotePort.map { "\($0)" } ?? "", method: record.security.method,
                duration: isEnd ? time - record.startTime : 0, tlsVersion: record.security.tlsVersion,
                cipher: record.security.cipher, applicationName: activity.applicationName,
                sessionStart: record.startTime))
    }

    /// A client was not let in.
    package nonisolated func logRefusal(of identity: SessionIdentity) {
        let user = storage.current.catalog.principals.user(named: identity.user)
        // Whoever is not let in may send anything: names are no longer than this.
        func cut(_ text: String) -> String { String(decoding: text.utf8.prefix(127), as: UTF8.self) }
        events.add(
            ConnectionEvent(
                source: EventSource(user: user?.id ?? UserID(0), session: 0, database: cut(identity.database)),
                event: "authentication failure", time: Platform.timestampNow, userName: cut(identity.user),
                remoteHost: identity.remoteHost ?? "", remotePort: identity.remotePort.map { "\($0)" } ?? "",
                method: identity.security.method, duration: 0, tlsVersion: identity.security.tlsVersion,
                cipher: identity.security.cipher, applicationName: cut(identity.applicationName), sessionStart: 0))
    }
}

extension SQLError {
    /// The table that error 1023 names; nil: it is another error. - Source: Redshift developer guide, "STL_TR_CONFLICT":
    /// the table's number stands in the message's detail.
    fileprivate var conflictTable: TableID? {
        guard state == .serializationFailure, message == "1023", let detail else { return nil }
        let words = detail.split(separator: " ")
        guard let dash = words.firstIndex(of: "-"), dash + 1 < words.count else { return nil }
        return Int32(words[dash + 1].prefix { $0.isASCII && $0.isNumber }).map { TableID($0) }
    }
}
