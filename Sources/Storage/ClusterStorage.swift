package import Catalog
package import SQLTypes
import Synchronization

/// Everything that a cluster keeps: the log, the versions, a store for each slice, a cache for each node.
///
///     <directory>/lock                            held while the cluster is open
///     <directory>/checkpoint                      a whole version, and which log goes on from it
///     <directory>/log.<n>                         commits since
///     <directory>/load-errors                     records that COPY refused lately: in no commit
///     <directory>/nodes/<node>/…                  blocks of tables' rows, and mirrors (`SlicePlace`)
///     <directory>/spill/                          made when a query spills; its files have no names for long
package final class ClusterStorage: Sendable {
    package enum Location: Hashable, Sendable {
        case memory
        /// Made if it does not exist.
        case directory(String)
    }

    package struct Options: Hashable, Sendable {
        /// Of unpacked columns, for each node; nil: `standardCacheBytes`, or what the node's memory allows.
        package var cacheBytesPerNode: Int?
        package static let standardCacheBytes = 1 << 30
        /// Files that may be open at once, in the whole cluster.
        package var openFilesMax = 256
        /// A log longer than this is replaced by a checkpoint.
        package var checkpointLogBytes = 16 << 20
        /// Unpacked bytes at which a row group that is being written is closed: each slice that is loaded holds one.
        package var rowGroupBytesMax = RowGroupWriter.groupBytesMax
        /// Each block also lies on another node, if there is one.
        package var isMirrored = true
        /// Of the log of statements that have ended; half of it is kept when it is full.
        package var queryLogBytesMax: Int64 = 64 << 20
        package init() {}
    }

    private struct Writer {
        var log: CommitLog
        var isClosed = false
        var checkpointFailure: SQLError?
    }

    /// A record on its way through a commit.
    private struct Accepted {
        var place: Int
        var record: CommitRecord
        var version: DatabaseVersion
    }

    package let shape: ClusterShape
    /// Where queries put what they have no memory for.
    package let spill: SpillArea
    private let files: any FileLayer
    private let options: Options
    private let openState = OpenState()
    private let slices: [SliceStore]
    private let caches: [BlockCache]
    /// What was found damaged, and mended.
    package let repairs: RepairLog
    /// Held through a commit: one at a time.
    private let writer: Mutex<Writer>
    /// Held for an assignment only: readers never wait for a commit.
    private let version: Mutex<DatabaseVersion>
    private let reservedTableID: Mutex<TableID>

    private static let lockPath = "lock"

    // MARK: Opening

    /// Opens or makes the cluster. `shape` nil: the one that the directory remembers. Another one than that is refused.
    package static func open(
        at location: Location, shape: ClusterShape?, options: Options = Options()
    ) throws(SQLError) -> ClusterStorage {
        switch location {
        case .memory:
            // What is in memory is gone with the process in any case: a second copy would protect nothing.
            try open(on: MemoryFileLayer(), shape: shape, options: options.unmirrored)
        case .directory(let path):
            try open(
                on: PosixFileLayer(root: path, openFilesMax: options.openFilesMax), shape: shape, options: options,
                spillDirectory: path)
        }
    }

    /// The same on any files. `spillDirectory` nil: queries spill to temporary files.
    package static func open(
        on files: any FileLayer, shape: ClusterShape?, options: Options = Options(), spillDirectory: String? = nil
    ) throws(SQLError) -> ClusterStorage {
        try files.lock(lockPath)
        do throws(SQLError) {
            if try !Checkpoint.exists(in: files) { try create(on: files, shape: shape) }
            return try ClusterStorage(
                recovering: files, shape: shape, options: options, spill: SpillArea(directory: spillDirectory))
        } catch {
            files.unlock(lockPath)
            throw error
        }
    }

    /// An empty cluster: the checkpoint comes last, so that a half-made one is made anew.
    private static func create(on files: any FileLayer, shape: ClusterShape?) throws(SQLError) {
        guard let shape else {
            throw SQLError(
                .objectNotInPrerequisiteState, "there is no cluster in \"\(files.name)\", and no shape to make one of")
        }
        try createDirectories(on: files, shape)
        for node in 0..<shape.nodes {
            let names = try files.list(SlicePlace.directory(ofNode: node))
            guard !names.contains(where: SlicePlace.isDataName) else {
                throw SQLError(
                    .dataCorrupted, "\"\(files.name)\" has data files of a cluster and no checkpoint",
                    hint: "Restore the checkpoint and log from a copy, or use another directory.")
            }
        }
        try files.syncDirectory(SlicePlace.root)
        _ = try CommitLog(creating: 1, in: files)
        try Checkpoint(shape: shape, logNumber: 1, version: DatabaseVersion()).prepare(in: files)
        try files.syncDirectory("")
        try Checkpoint.install(in: files)
        try files.syncDirectory("")
        try Checkpoint.installCopy(in: files)
        try files.syncDirectory("")
    }

    /// Those of lost nodes, too: what was in them is rebuilt from mirrors.
    private static func createDirectories(on files: any FileLayer, _ shape: ClusterShape) throws(SQLError) {
        try files.createDirectory(SlicePlace.root)
        for node in 0..<shape.nodes { try files.createDirectory(SlicePlace.directory(ofNode: node)) }
    }

    private init(
        recovering files: any FileLayer, shape wanted: ClusterShape?, options: Options, spill: SpillArea
    ) throws(SQLError) {
        let repairs = RepairLog()
        let checkpoint = try Checkpoint(readingFrom: files, repairs: repairs)
        let shape = checkpoint.shape
        if let wanted, wanted != shape {
            throw SQLError(
                .objectNotInPrerequisiteState,
                "the cluster in \"\(files.name)\" has \(shape.nodes) nodes × \(shape.slicesPerNode) slices, "
                    + "not \(wanted.nodes) × \(wanted.slicesPerNode)",
                hint: "Open it without a shape, or resize it.")
        }
        var recovered = checkpoint.version
        let log = try CommitLog(
            recovering: checkpoint.logNumber, in: files, after: checkpoint.version.commit
        ) { (record) throws(SQLError) in
            recovered = try recovered.applying(record, shape: shape, from: .log)
        }
        try spill.sweep()
        self.shape = shape
        self.spill = spill
        self.files = files
        self.options = options
        loadErrors = RecentRecords("load-errors", in: files)
        queryLog = RecentRecords("query-log", in: files, bytesMax: options.queryLogBytesMax, isDurable: false)
        let cacheBytes = options.cacheBytesPerNode ?? Options.standardCacheBytes
        let caches = (0..<shape.nodes).map { _ in BlockCache(budgetBytes: cacheBytes) }
        self.caches = caches
        self.repairs = repairs
        slices = (0..<shape.slices).map { [openState] in
            let place = SlicePlace(slice: $0, shape: shape, isMirrored: options.isMirrored)
            return SliceStore(
                place, files: files, cache: caches[place.node], repairs: repairs, openState: openState,
                rowGroupBytesMax: options.rowGroupBytesMax)
        }
        try ClusterStorage.createDirectories(on: files, shape)
        writer = Mutex(Writer(log: log))
        for id in recovered.tables.keys.sorted() {
            for (slice, groups) in (recovered.tables[id]?.partitions ?? []).enumerated() where !groups.isEmpty {
                try slices[slice].recover(id, groups)
            }
        }
        for name in recovered.databaseNames {
            recovered.see(name)
            for id in recovered.catalog.tables.keys { recovered.countRows(of: id, shape: shape) }
        }
        recovered.see("")
        ClusterStorage.holdFiles(of: recovered.tables.keys, in: &recovered, slices)
        version = Mutex(recovered)
        reservedTableID = Mutex(recovered.nextTableID)
        let known = Set(slices.flatMap(\.knownPaths))
        for directory in (0..<shape.nodes).map(SlicePlace.directory(ofNode:)) {
            for name in try files.list(directory)
            where SlicePlace.isDataName(name) && !known.contains("\(directory)/\(name)") {
                try files.remove("\(directory)/\(name)")
            }
        }
        for name in try files.list("") where name.hasPrefix("log.") && name != log.path { try files.remove(name) }
    }

    /// Gives the directory free for another process. Nothing may be asked of the storage or its slices afterwards.
    package func close() {
        let wasOpen = writer.withLock { writer in
            defer { writer.isClosed = true }
            return !writer.isClosed
        }
        guard wasOpen else { return }
        openState.close()
        files.unlock(ClusterStorage.lockPath)
    }

    deinit { close() }

    // MARK: Reading

    /// The last commit.
    package var current: DatabaseVersion { version.withLock { $0 } }

    package func slice(_ number: Int) -> SliceStore { slices[number] }
    /// What STL_LOAD_ERRORS shows of the processes before this one.
    package let loadErrors: RecentRecords
    /// Statements that have ended, with their traces.
    package let queryLog: RecentRecords
    package func cache(ofNode node: Int) -> BlockCache { caches[node] }

    // MARK: Writing

    /// A number that no table has or had, and that no other caller gets.
    package func reserveTableID() -> TableID {
        reservedTableID.withLock { next in
            defer { next = TableID(next.rawValue + 1) }
            return next
        }
    }

    /// Makes the changes durable, then visible. On error nothing has changed.
    package func commit(_ record: CommitRecord) throws(SQLError) -> DatabaseVersion {
        guard let result = commit([record]).first else { throw .internalError("a commit without an outcome") }
        return try result.get()
    }

    /// Several transactions, one after the other, with one write and one sync of the log. Each has an outcome of its
    /// own, in their order; the changes of those that fail are not there.
    package func commit(_ records: [CommitRecord]) -> [Result<DatabaseVersion, SQLError>] {
        writer.withLock { writer in
            var results = [Result<DatabaseVersion, SQLError>](
                repeating: .failure(.internalError("commit to a cluster that is closed")), count: records.count)
            guard !writer.isClosed else { return results }
            var next = current
            var accepted: [Accepted] = []
            for (place, record) in records.enumerated() {
                do throws(SQLError) {
                    next = try version(after: record, next)
                    accepted.append(Accepted(place: place, record: record, version: next))
                } catch {
                    results[place] = .failure(error)
                }
            }
            guard let first = accepted.first, let last = accepted.last else { return results }
            do throws(SQLError) {
                try writer.log.append(accepted.map(\.record), commit: first.version.commit)
            } catch {
                for commit in accepted { results[commit.place] = .failure(error) }
                return results
            }
            publish(last.version, accepted.map(\.record))
            for commit in accepted { results[commit.place] = .success(commit.version) }
            tidy(&writer, after: accepted.map(\.record))
            return results
        }
    }

    /// What the database will be once the record is in the log.
    private func version(after record: CommitRecord, _ version: DatabaseVersion) throws(SQLError) -> DatabaseVersion {
        var next = try version.applying(record, shape: shape, from: .commit)
        for change in record.changes {
            switch change {
            case .append(let table, let slice, let groups), .replace(let table, let slice, let groups),
                .seal(let table, let slice, let groups):
                try slices[slice].expectWritten(table, groups)
            default: break
            }
        }
        ClusterStorage.holdFiles(of: record.tablesWithNewRows, in: &next, slices)
        return next
    }

    private func publish(_ next: DatabaseVersion, _ records: [CommitRecord]) {
        version.withLock { $0 = next }
        reservedTableID.withLock { $0 = max($0, next.nextTableID) }
        for record in records { retireFiles(record, next) }
    }

    /// Full tails become blocks, a long log a checkpoint. The commits stand whatever becomes of that, and the next one
    /// tries again.
    private func tidy(_ writer: inout Writer, after records: [CommitRecord]) {
        do throws(SQLError) {
            let tables = Set(records.flatMap(\.tablesWithNewRows))
            try seal(&writer, tails: TailRows.rowCountMax, of: tables.sorted())
            if writer.log.end > options.checkpointLogBytes { try checkpoint(&writer) }
        } catch {
            writer.checkpointFailure = error
        }
    }

    /// Writes tails of at least so many rows, and those behind which others have begun, as blocks, in one commit.
    private func seal(_ writer: inout Writer, tails rowsMin: Int, of tables: [TableID]) throws(SQLError) {
        let version = current
        var changes: [CommitRecord.Change] = []
        for name in version.databaseNames {
            let catalog = version.seen(from: name).catalog
            var own: [CommitRecord.Change] = []
            for id in tables {
                guard let definition = catalog.tables[id] else { continue }
                for slice in slices.indices {
                    let tails = version.tails(of: id, slice: slice, rowsMin: rowsMin)
                    guard !tails.isEmpty else { continue }
                    own.append(.seal(id, slice: slice, try slices[slice].blocks(of: tails, in: definition)))
                }
            }
            if !own.isEmpty, name != version.database { changes.append(.use(database: name)) }
            changes += own
        }
        guard !changes.isEmpty else { return }
        let record = CommitRecord(transaction: 0, changes: changes)
        let next = try self.version(after: record, version)
        try writer.log.append([record], commit: next.commit)
        publish(next, [record])
    }

    private static func holdFiles(
        of tables: some Sequence<TableID>, in next: inout DatabaseVersion, _ slices: [SliceStore]
    ) {
        for id in tables {
            guard let table = next.tables[id] else { continue }
            next.tables[id]?.files = slices.flatMap { $0.dataFiles(of: id, table.partitions[$0.slice]) }
        }
    }

    private func retireFiles(_ record: CommitRecord, _ next: DatabaseVersion) {
        for change in record.changes {
            switch change {
            case .dropTable(let id):
                for slice in slices { slice.forget(id) }
                for cache in caches { cache.removeAll(of: id) }
            case .replace(let id, let slice, _):
                // Nothing is left of a table that the same record drops afterwards.
                guard let table = next.tables[id] else { continue }
                slices[slice].retireFiles(of: id, except: table.partitions[slice])
            default: break
            }
        }
    }

    /// Replaces the log by a snapshot of the current version.
    package func checkpoint() throws(SQLError) {
        try writer.withLock { (writer) throws(SQLError) in
            guard !writer.isClosed else { throw .internalError("checkpoint of a cluster that is closed") }
            try checkpoint(&writer)
        }
    }

    /// Why the last checkpoint that a commit began did not come about; nil if it did.
    package var checkpointFailure: SQLError? { writer.withLock { $0.checkpointFailure } }

    /// Long tails become blocks; the rows of short ones are in the checkpoint. First the new, empty log, then the
    /// checkpoint that names it; until that is renamed into place, the old pair rules. The copy comes after the old log is
    /// gone: while it still is the old one it leads nowhere, and cannot be taken for the latest.
    private func checkpoint(_ writer: inout Writer) throws(SQLError) {
        try seal(&writer, tails: TailRows.checkpointRowsMax, of: current.tables.keys.sorted())
        let old = writer.log.path
        let log = try CommitLog(creating: writer.log.number + 1, in: files)
        try Checkpoint(shape: shape, logNumber: log.number, version: current).prepare(in: files)
        try files.syncDirectory("")
        try Checkpoint.install(in: files)
        do throws(SQLError) {
            try files.syncDirectory("")
        } catch {
            // Either log may be the one that the next start reads.
            writer.log.stop(error)
            throw error
        }
        writer.log = log
        writer.checkpointFailure = nil
        try files.remove(old)
        try Checkpoint.installCopy(in: files)
        try files.syncDirectory("")
    }
}

extension ClusterStorage.Options {
    fileprivate var unmirrored: Self {
        var options = self
        options.isMirrored = false
        return options
    }
}

extension CommitRecord {
    fileprivate var tablesWithNewRows: [TableID] {
        changes.compactMap { change in
            switch change {
            case .append(let table, _, _), .replace(let table, _, _), .seal(let table, _, _): table
            default: nil
            }
        }
    }
}
