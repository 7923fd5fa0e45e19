import SystemTables

extension LiveState {
    /// - Parameter locks: as they were when the query began.
    init(_ sessions: SessionList, _ locks: TableLocks, _ running: RunningPlans) {
        self.init()
        now = Platform.timestampNow
        self.sessions = sessions.activities.map { activity in
            let (record, transaction) = (activity.record, activity.transaction)
            return Session(
                process: record.process, user: record.user, database: record.database, startTime: record.startTime,
                statement: activity.running.map { Session.Statement(text: $0.text, startTime: $0.startTime) },
                transaction: transaction?.number, transactionStart: transaction?.startTime,
                timeoutSeconds: activity.idleLimitMs / 1_000)
        }
        self.locks = locks.entries.map { Lock(table: $0.table, owner: $0.owner, isGranted: $0.isGranted) }
        queries = running.all.map {
            Query(
                number: $0.number, text: $0.text, label: $0.label, process: $0.process, transaction: $0.transaction,
                startTime: $0.startTime)
        }
    }
}
