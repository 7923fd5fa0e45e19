import Catalog
import SystemTables

extension LiveState {
    /// - Parameters:
    ///   - locks: as they were when the query began.
    ///   - isShown: whether the asking user may see what that user does. All see transactions and their locks.
    init(
        _ sessions: SessionList, _ locks: TableLocks, _ running: RunningPlans, _ isShown: (UserID) -> Bool
    ) {
        self.init()
        now = Platform.timestampNow
        let activities = sessions.activities
        let shown = Set(activities.filter { isShown($0.record.userID) }.map(\.record.process))
        self.sessions = activities.map { activity in
            let (record, transaction) = (activity.record, activity.transaction)
            return Session(
                process: record.process, user: record.user, database: record.database, startTime: record.startTime,
                statement: !shown.contains(record.process)
                    ? nil : activity.running.map { Session.Statement(text: $0.text, startTime: $0.startTime) },
                transaction: transaction?.number, transactionStart: transaction?.startTime,
                timeoutSeconds: activity.idleLimitMs / 1_000)
        }
        self.locks = locks.entries.map { Lock(table: $0.table, owner: $0.owner, isGranted: $0.isGranted) }
        queries = running.all.filter { shown.contains($0.process) }.map {
            Query(
                number: $0.number, text: $0.text, label: $0.label, process: $0.process, transaction: $0.transaction,
                startTime: $0.startTime)
        }
    }
}
