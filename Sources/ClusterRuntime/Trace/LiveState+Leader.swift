import Catalog
import Ingest
import QueryPlan
import SystemTables

extension LiveState {
    /// - Parameters:
    ///   - locks: as they were when the query began.
    ///   - isShown: whether the asking user may see what that user does. All see transactions and their locks.
    init(
        _ sessions: SessionList, _ locks: TableLocks, _ running: RunningPlans, _ loading: RunningLoads,
        _ vacuuming: RunningVacuum, _ manager: WorkloadManager,
        _ isShown: (UserID) -> Bool
    ) {
        self.init()
        now = Platform.timestampNow
        let activities = sessions.activities
        let shown = Set(activities.filter { isShown($0.record.userID) }.map(\.record.process))
        self.sessions = activities.map { activity in
            let (record, transaction) = (activity.record, activity.transaction)
            var session = Session(
                process: record.process, user: record.user, database: record.database, startTime: record.startTime,
                statement: !shown.contains(record.process)
                    ? nil : activity.running.map { Session.Statement(text: $0.text, startTime: $0.startTime) },
                transaction: transaction?.number, transactionStart: transaction?.startTime,
                timeoutSeconds: activity.idleLimitMs / 1_000)
            if shown.contains(record.process) { session.cursor = activity.cursor.map(Cursor.init) }
            return session
        }
        loads = loading.all.filter { isShown($0.source.user) }.map(Load.init)
        vacuum = vacuuming.current.map { Vacuum(table: $0.table, status: $0.status) }
        self.locks = locks.entries.map { Lock(table: $0.table, owner: $0.owner, isGranted: $0.isGranted) }
        workload = WorkloadState(manager)
        queries = running.all.filter { shown.contains($0.process) }.map {
            Query(
                number: $0.number, text: $0.text, label: $0.label, process: $0.process, transaction: $0.transaction,
                startTime: $0.startTime, type: $0.type)
        }
    }
}

extension LiveState.Cursor {
    fileprivate init(_ entry: SessionActivity.CursorEntry) {
        let figures = entry.figures()
        self.init(
            name: entry.name, transaction: entry.transaction, startTime: entry.startTime, rows: figures.rows,
            bytes: figures.bytes, fetchedRows: entry.fetchedRows)
    }
}

extension LiveState.Load {
    fileprivate init(_ entry: RunningLoads.Entry) {
        let figures = entry.meter.figures
        var event = entry.event
        event.rows = figures.rows
        event.bytes = figures.textBytes
        event.filesScanned = Int64(figures.filesDone)
        event.bytesScanned = figures.storedBytes
        let now = entry.meter.slices
        let slices = entry.assignment.parts.enumerated().filter { !$0.element.isEmpty }.map { number, parts in
            var slice = Slice(slice: number)
            let done = now[number] ?? LoadMeter.Slice()
            slice.storedBytes = Int64(parts.reduce(0) { $0 + $1.bytes.count })
            slice.storedBytesRead = done.progress.storedBytes
            slice.textBytesRead = done.progress.textBytes
            slice.lines = done.progress.lines
            slice.files = parts.count
            slice.filesDone = done.progress.filesDone
            if let part = done.part, parts.indices.contains(part) {
                slice.currentFile = parts[part].object.address.description
            }
            return slice
        }
        self.init(event: event, isCompressed: entry.isCompressed, slices: slices)
    }
}

extension WorkloadState {
    fileprivate init(_ manager: WorkloadManager) {
        self.init()
        let (now, actions) = manager.snapshot
        for own in now.classes {
            let counts = now.counts[own.id] ?? WorkloadQueues.Counts()
            let running = now.running.values.filter { $0.serviceClass == own.id }
            let waiting = now.waiting[own.id] ?? []
            let slotBytes = manager.nodeBytes * (own.memoryPercent ?? 100) / 100 / max(1, own.concurrency)
            queues.append(
                Queue(
                    id: own.id, name: own.name, slots: own.concurrency, timeoutMs: own.timeoutMs,
                    slotMegabytes: slotBytes >> 20, isAutomatic: own.id >= ServiceClass.automatic,
                    hasUserWildcards: own.userGroupsHaveWildcards, hasQueryWildcards: own.queryGroupsHaveWildcards,
                    queued: waiting.count, executing: running.count, serviced: counts.serviced,
                    executed: counts.executed, evicted: counts.evicted))
            let sorted = running.sorted { $0.request.query < $1.request.query }
            queries += (sorted + waiting).map { Query($0) }
        }
        self.actions = actions.map {
            RuleAction(
                query: $0.query, serviceClass: $0.serviceClass, rule: $0.rule, action: $0.action, time: $0.time)
        }
    }
}

extension WorkloadState.Query {
    fileprivate init(_ entry: WorkloadQueues.Entry) {
        self.init(
            number: entry.request.query, transaction: entry.request.transaction, serviceClass: entry.serviceClass,
            slots: entry.isSuspended ? 0 : entry.slots, queueStart: entry.queueStart, runStart: entry.runStart,
            isReturning: entry.isSuspended)
    }
}
