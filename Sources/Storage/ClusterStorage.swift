package import Catalog
package import SQLTypes
import Synchronization

/// Everything that a cluster keeps: the log, the versions, a store for each slice, a cache for each node.
///
///     <directory>/lock                            held while the cluster is open
///     <directory>/checkpoint                      a whole version, and which log goes on from it
///     <directory>/log.<n>                         commits since
///     <directory>/slices/<slice>/<table>.<n>.dat  blocks of a table's rows on a slice
package final class ClusterStorage: Sendable {
    package enum Location: Hashable, Sendable {
        case memory
        /// Made if it does not exist.
        case directory(String)
    }

    package struct Options: Hashable, Sendable {
        /// Of unpacked columns, for each node.
        package var cacheBytesPerNode = 1 << 30
        /// Files that may be open at once, in the whole cluster.
        package var openFilesMax = 256
        /// A log longer than this is replaced by a checkpoint.
        package var checkpointLogBytes = 16 << 20
        package init() {}
    }

    private struct Writer {
        var log: CommitLog
        var isClosed = false
        var checkpointFailure: SQLError?
    }

    package let shape: ClusterShape
    private let files: any FileLayer
    private let options: Options
    private let slices: [SliceStore]
    private let caches: [BlockCache]
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
        case .memory: try open(on: MemoryFileLayer(), shape: shape, options: options)
        case .directory(let path):
            try open(on: PosixFileLayer(root: path, openFilesMax: options.openFilesMax), shape: shape, options: options)
        }
    }

    /// The same on any files.
    package static func open(
        on files: any FileLayer, shape: ClusterShape?, options: Options = Options()
    ) throws(SQLError) -> ClusterStorage {
        try files.lock(lockPath)
        do throws(SQLError) {
            if try files.size(Checkpoint.path) == nil { try create(on: files, shape: shape) }
            return try ClusterStorage(recovering: files, shape: shape, options: options)
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
        try files.createDirectory("slices")
        for slice in 0..<shape.slices {
            try files.createDirectory(DataFile.directory(ofSlice: slice))
            guard try files.list(DataFile.directory(ofSlice: slice)).allSatisfy({ !$0.hasSuffix(".dat") }) else {
                throw SQLError(
                    .dataCorrupted, "\"\(files.name)\" has data files of a cluster and no checkpoint",
                    hint: "Restore the checkpoint and log from a copy, or use another directory.")
            }
        }
        try files.syncDirectory("slices")
        _ = try CommitLog(creating: 1, in: files)
        try Checkpoint(shape: shape, logNumber: 1, version: DatabaseVersion()).prepare(in: files)
        try files.syncDirectory("")
        try Checkpoint.install(in: files)
        try files.syncDirectory("")
    }

    private init(recovering files: any FileLayer, shape wanted: ClusterShape?, options: Options) throws(SQLError) {
        let checkpoint = try Checkpoint(readingFrom: files)
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
            recovered = try recovered.applying(record, shape: shape)
        }
        self.shape = shape
        self.files = files
        self.options = options
        let caches = (0..<shape.nodes).map { _ in BlockCache(budgetBytes: options.cacheBytesPerNode) }
        self.caches = caches
        slices = (0..<shape.slices).map {
            SliceStore(slice: $0, files: files, cache: caches[shape.node(ofSlice: $0)])
        }
        writer = Mutex(Writer(log: log))
        for id in recovered.tables.keys.sorted() {
            recovered.countRows(of: id, shape: shape)
            for slice in slices { try slice.recover(id, recovered.tables[id]?.partitions[slice.slice] ?? []) }
        }
        ClusterStorage.holdFiles(of: recovered.tables.keys, in: &recovered, slices)
        version = Mutex(recovered)
        reservedTableID = Mutex(recovered.nextTableID)
        for slice in slices { try slice.removeUnknownFiles() }
        for name in try files.list("") where name.hasPrefix("log.") && name != log.path { try files.remove(name) }
    }

    /// Gives the directory free for another process. Nothing may be asked of the storage or its slices afterwards.
    package func close() {
        let wasOpen = writer.withLock { writer in
            defer { writer.isClosed = true }
            return !writer.isClosed
        }
        if wasOpen { files.unlock(ClusterStorage.lockPath) }
    }

    deinit { close() }

    // MARK: Reading

    /// The last commit.
    package var current: DatabaseVersion { version.withLock { $0 } }

    package func slice(_ number: Int) -> SliceStore { slices[number] }
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
        try writer.withLock { (writer) throws(SQLError) in
            guard !writer.isClosed else { throw .internalError("commit to a cluster that is closed") }
            var next = try current.applying(record, shape: shape)
            for case .append(let table, let slice, let groups) in record.changes {
                try slices[slice].expectWritten(table, groups)
            }
            for case .replace(let table, let slice, let groups) in record.changes {
                try slices[slice].expectWritten(table, groups)
            }
            try writer.log.append(record, commit: next.commit)
            ClusterStorage.holdFiles(of: record.tablesWithNewRows, in: &next, slices)
            version.withLock { $0 = next }
            reservedTableID.withLock { $0 = max($0, next.nextTableID) }
            retireFiles(record, next)
            if writer.log.end > options.checkpointLogBytes {
                // The commit stands whatever becomes of the checkpoint, which the next commit tries again.
                do throws(SQLError) { try checkpoint(&writer) } catch { writer.checkpointFailure = error }
            }
            return next
        }
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
            case .createSchema, .dropSchema, .createTable, .replaceTable, .append, .delete, .setStatistics, .putView,
                .dropView, .advanceIdentity, .setComment, .renameSchema:
                break
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

    /// First the new, empty log, then the checkpoint that names it; until that is renamed into place, the old pair
    /// rules.
    private func checkpoint(_ writer: inout Writer) throws(SQLError) {
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
    }
}

extension CommitRecord {
    fileprivate var tablesWithNewRows: [TableID] {
        changes.compactMap { change in
            switch change {
            case .append(let table, _, _), .replace(let table, _, _): table
            case .createSchema, .dropSchema, .createTable, .replaceTable, .dropTable, .delete, .setStatistics,
                .putView, .dropView, .advanceIdentity, .setComment, .renameSchema:
                nil
            }
        }
    }
}
