import Catalog
import Execution
import Ingest
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import Synchronization
import SystemTables
import VectorEngine

/// Answers the leader slice's scans of system views.
final class SystemViewProvider: VirtualTableProvider {
    /// Called when a query first reads a view: most do not, and pay nothing.
    private let makeState: @Sendable () -> SystemState
    /// The same for the query's whole run.
    private let state = Mutex<SystemState?>(nil)
    /// Made when a function first asks, for the query's whole run.
    private let lookup = Mutex<CatalogLookup?>(nil)

    init(makeState: @escaping @Sendable () -> SystemState) { self.makeState = makeState }

    func rows(of scan: VirtualScan, within bounds: ColumnBounds) throws(SQLError) -> [[SQLValue]] {
        guard let view = SystemViews.view(named: scan.name) else {
            throw SQLError.internalError("no system view \(scan.name)")
        }
        return view.rows(stateOfRun, columns: scan.columns, within: bounds)
    }

    func value(of name: String, _ arguments: [SQLValue]) throws(SQLError) -> SQLValue {
        try SystemFunctions.value(of: name, arguments) { self.catalog }
    }

    func rows(of function: String, _ arguments: [SQLValue], _ types: [SQLType]) throws(SQLError) -> FunctionRows {
        try SystemFunctions.rows(of: function, arguments, types) { self.catalog }
    }

    private var stateOfRun: SystemState {
        state.withLock { known in
            if let known { return known }
            let made = makeState()
            known = made
            return made
        }
    }

    private var catalog: CatalogLookup {
        lookup.withLock { known in
            if let known { return known }
            let made = CatalogLookup(stateOfRun)
            known = made
            return made
        }
    }
}

extension Leader {
    /// What system views show to a query that sees `version` and begins now.
    func systemViews(
        _ version: DatabaseVersion, session: SessionRecord, user: UserID, settings: SessionSettings,
        searchPath: [String], temporarySchema: String, planning: @escaping @Sendable () -> PlanningContext
    ) -> SystemViewProvider {
        SystemViewProvider { [self] in
            let (history, locks) = (history, locks)
            // Others' doings only with SYSLOG ACCESS UNRESTRICTED.
            let rights = version.catalog.rights(of: user)
            let seesAll = rights == nil || version.catalog.principals.users[user]?.syslogAccess == true
            @Sendable func isShown(_ doer: UserID) -> Bool { seesAll || doer == user }
            // Of what row-level security guards, also in one's own queries, only who sees the policies is told.
            let seesPolicies = rights?.holds(.explainRLS) ?? true
            var state = SystemState(
                shape: shape, catalog: version.catalog, searchPath: [temporarySchema] + searchPath,
                database: session.database,
                user: version.catalog.principals.users[user]?.name ?? session.user,
                sessions: sessions.all.filter { isShown($0.userID) }.map { $0.forViews },
                queries: queryLog.all.filter { isShown($0.userID) }.map {
                    seesPolicies ? $0 : $0.withoutGuardedSteps
                },
                loadErrors: history.loadErrors.filter { isShown($0.user) }.map { $0.forViews },
                partitions: { version.partitionsForViews }, blocks: { version.blocksForViews })
            state.databases = databases
            state.version = SessionSettings.version
            state.live = { [self] in LiveState(sessions, locks, running, loading, vacuuming, workload, isShown) }
            state.events = { [self] in
                var shown = seesAll ? events.history : events.history.shown(isShown)
                if !seesPolicies { shown.alerts.removeAll(where: \.isGuarded) }
                return shown
            }
            state.disks = { [self] in storage.disksForViews }
            state.rights = rights
            state.settings = settings.forViews
            // What it reads may be gone: it has no columns then.
            state.lateBindingColumns = { try? Planner(context: planning()).columns(of: $0) }
            state.withoutLiterals = { LiteralFreeText.of($0) }
            state.functions = { FunctionListing.ofCluster }
            return state
        }
    }
}

extension FunctionListing {
    /// Of all clusters the same, and dear to make.
    static let ofCluster = FunctionListing(
        FunctionDirectory.builtin.all + AggregateRules.signatures.map { ($0.name, $0) })
}

extension SessionSettings {
    /// Sorted by name.
    fileprivate var forViews: [SystemState.Setting] {
        SessionSettings.definitions.map { definition in
            let value = self[definition.name] ?? definition.standard
            var setting = SystemState.Setting(
                name: definition.name, value: value, type: "string", isChangeable: true,
                isStandard: value == definition.standard)
            switch definition.kind {
            case .boolean: setting.type = "bool"
            case .integer(let range):
                setting.type = "integer"
                setting.minimum = String(range.lowerBound)
                setting.maximum = String(range.upperBound)
            case .readOnly: setting.isChangeable = false
            case .milliseconds:
                setting.type = "integer"
                setting.minimum = "0"
                setting.maximum = String(Int32.max)
            case .only, .text, .timeZone, .words: break
            }
            return setting
        }.sorted { $0.name < $1.name }
    }
}

extension SessionRecord {
    fileprivate var forViews: SystemState.Session {
        SystemState.Session(
            process: process, user: user, userID: userID, database: database, startTime: startTime)
    }
}

extension LoadErrorRecord {
    fileprivate var forViews: SystemState.LoadError {
        var shown = SystemState.LoadError(
            query: query, slice: slice, table: table, session: session, user: user, startTime: startTime,
            file: error.file,
            line: error.lineNumber, column: error.columnName, type: error.typeName, columnLength: error.columnLength,
            position: error.position, rawLine: error.rawLine, rawValue: error.rawFieldValue, code: error.code.rawValue,
            reason: error.reason, fields: error.fields.map { SystemState.LoadError.Field($0) })
        shown.isPartial = error.isPartial
        shown.startOffset = error.startOffset
        return shown
    }
}

extension SystemState.LoadError.Field {
    fileprivate init(_ field: LoadError.Field) {
        self.init(
            column: field.columnName, type: field.typeName, columnLength: field.columnLength, value: field.value,
            isNull: field.isNull)
    }
}

extension ClusterStorage {
    /// By node. All nodes are on one disk, and share what is free on it; in memory they share the machine's.
    fileprivate var disksForViews: [SystemState.Disk] {
        let free = freeBytes ?? Int64(clamping: Platform.physicalMemoryBytes)
        let used = current.tables.values.reduce(Int64(0)) { sum, table in
            sum + table.partitions.joined().reduce(0) { $0 + Int64($1.byteCount) }
        }
        let written = blocksWritten
        return (0..<shape.nodes).map { node in
            SystemState.Disk(
                capacity: ((free + used) / Int64(shape.nodes)) >> 20, reads: Int64(cache(ofNode: node).usage.misses),
                writes: node < written.count ? written[node] : 0, mount: "\(name)/nodes/\(node)")
        }
    }
}

extension DatabaseVersion {
    fileprivate var partitionsForViews: [SystemState.Partition] {
        tables.values.sorted { $0.table < $1.table }.flatMap { table in
            table.partitions.enumerated().map { slice, groups in
                SystemState.Partition(
                    table: table.table, slice: slice, rows: groups.reduce(0) { $0 + Int64($1.rowCount) },
                    deletedRows: table.deleted[slice].values.reduce(0) { $0 + Int64($1.count) },
                    sortedRows: groups.reduce(0) { $0 + ($1.isSorted ? Int64($1.rowCount) : 0) },
                    blocks: groups.reduce(0) { sum, group in
                        sum + group.chunks.reduce(0) { $0 + Int64($1.blocks.count) }
                    },
                    bytes: groups.reduce(0) { $0 + Int64($1.byteCount) })
            }
        }
    }

    fileprivate var blocksForViews: [SystemState.Block] {
        var blocks: [SystemState.Block] = []
        for table in tables.values.sorted(by: { $0.table < $1.table }) {
            for (slice, groups) in table.partitions.enumerated() {
                var next: [Int: Int] = [:]
                for group in groups {
                    for (column, chunk) in group.chunks.enumerated() {
                        for block in chunk.blocks {
                            let number = next[column, default: 0]
                            next[column] = number + 1
                            blocks.append(
                                SystemState.Block(
                                    table: table.table, slice: slice, column: column, number: number,
                                    rows: block.rowCount,
                                    minimum: block.zone.minimum, maximum: block.zone.maximum, isSorted: group.isSorted))
                        }
                    }
                }
            }
        }
        return blocks
    }
}
