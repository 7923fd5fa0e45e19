package import Catalog
package import SQLTypes
import Synchronization
package import VectorEngine

/// The rows of one slice: reads columns of row groups through the node's cache, and makes writers.
///
///     column(_:of:in:)            cache ── miss ──▶ read block, verify, decode ──▶ cache
///     makeWriter ▶ append … ▶ finish ──▶ row groups for ClusterStorage.commit
package final class SliceStore: Sendable {
    private struct TableFiles {
        /// Those that the current version refers to, or that writers may be writing.
        var live: [Int32: DataFile] = [:]
        /// The one that rows are appended to.
        var current: DataFile?
        var nextFile: Int32 = 1
        var nextGroup: Int64 = 1
        /// Files whose header was seen to be right.
        var verified: Set<Int32> = []
    }

    /// In the cluster, from 0.
    package let slice: Int
    let place: SlicePlace
    let files: any FileLayer
    let repairs: RepairLog
    private let openState: OpenState
    private let cache: BlockCache
    /// Unpacked bytes at which a row group that is being written is closed.
    let rowGroupBytesMax: Int
    private let tables = Mutex<[TableID: TableFiles]>([:])

    init(
        _ place: SlicePlace, files: any FileLayer, cache: BlockCache, repairs: RepairLog,
        openState: OpenState = OpenState(), rowGroupBytesMax: Int = RowGroupWriter.groupBytesMax
    ) {
        self.openState = openState
        self.rowGroupBytesMax = rowGroupBytesMax
        slice = place.slice
        self.place = place
        self.files = files
        self.cache = cache
        self.repairs = repairs
    }

    // MARK: Reading

    /// One column of all rows of the row group, as narrow as it comes; from the cache, or read, verified and unpacked.
    /// A column that the row group has no chunk of (it was added later) is all null.
    /// - Throws: `dataCorrupted` naming file, block and reason.
    package func column(
        _ column: Int, of group: RowGroupDescriptor, in table: TableDefinition
    ) throws(SQLError) -> Vector {
        guard column >= 0, column < table.columns.count else {
            throw .internalError("column \(column) of table \(table.name) with \(table.columns.count)")
        }
        let kind = table.columns[column].type.storage
        guard column < group.chunks.count else { return .nulls(kind: kind, count: group.rowCount) }
        if let tail = group.tail { return try tail.column(column, kind: kind) }
        let key = BlockCache.Key(table: table.id, slice: slice, column: column, group: group.number)
        if let cached = cache.vector(for: key) { return cached }
        try verifyHeader(table.id, group.file)
        var parts: [Vector] = []
        for block in group.chunks[column].blocks {
            parts.append(try read(block, at: BlockAddress(table, column, group, block), kind))
        }
        let vector = Vector.concatenated(parts, kind: kind)
        return cache.insert(vector, for: key)
    }

    /// The block's own copy, or, if that is not what was written, its mirror, by which it is mended.
    private func read(_ block: BlockDescriptor, at address: BlockAddress, _ kind: StorageKind) throws(SQLError)
        -> Vector
    {
        do throws(SQLError) {
            return try decode(try bytes(of: block, in: place.path(address.table.id, address.group.file)), block, kind)
        } catch {
            guard let mirror = place.mirrorPath(address.table.id, address.group.file), error.isDamage else {
                throw located(error, address)
            }
            let bytes: Buffer
            do throws(SQLError) {
                bytes = try self.bytes(of: block, in: mirror)
            } catch let other {
                throw located(error, address, mirror: other)
            }
            mend(address, with: bytes, reason: error)
            return try decode(bytes, block, kind)
        }
    }

    /// - Throws: `dataCorrupted` if they are not those that were written.
    private func bytes(of block: BlockDescriptor, in path: String) throws(SQLError) -> Buffer {
        let bytes = try Buffer(count: block.byteCount, of: UInt8.self) { (target) throws(SQLError) in
            try files.read(path, at: block.fileOffset, into: UnsafeMutableRawBufferPointer(target))
        }
        let checksum = Checksum.crc32c(UnsafeRawBufferPointer(bytes.values(as: UInt8.self)))
        guard checksum == block.checksum else {
            throw .corrupt("its checksum is \(checksum), and was \(block.checksum) when it was written")
        }
        return bytes
    }

    private func decode(_ bytes: Buffer, _ block: BlockDescriptor, _ kind: StorageKind) throws(SQLError) -> Vector {
        let vector = try ColumnDecoder(kind: kind, decompressor: Deflate.quick).decode(bytes)
        guard vector.count == block.rowCount else {
            throw .corrupt("it has \(vector.count) rows, and had \(block.rowCount) when it was written")
        }
        return vector
    }

    private func verifyHeader(_ table: TableID, _ number: Int32) throws(SQLError) {
        if tables.withLock({ $0[table]?.verified.contains(number) ?? false }) { return }
        try checkHeader(table, number)
        tables.withLock { _ = $0[table]?.verified.insert(number) }
    }

    // MARK: Writing

    /// Rows appended to the writer become row groups of this slice, seen by nobody before a commit names them.
    /// - Parameters:
    ///   - isSorted: the rows come in the order of the table's sort key and will be its sorted region.
    ///   - expectedRowCount: of a sorted load; a small one is cut into finer row groups (decision 2).
    ///   - isReplacing: they will replace all that the slice has of the table, and go to a file of their own, so that
    ///     the old one can be removed.
    ///   - allowsTail: if they are few, they may travel in the log record instead.
    ///   - groupBytesMax: where a row group is closed, by its unpacked bytes; nil: the store's.
    package func makeWriter(
        for table: TableDefinition, isSorted: Bool, expectedRowCount: Int? = nil, isReplacing: Bool = false,
        allowsTail: Bool = false, groupBytesMax: Int? = nil
    ) throws(SQLError) -> RowGroupWriter {
        let file = tables.withLock { tables in
            var known = tables[table.id] ?? TableFiles()
            defer { tables[table.id] = known }
            if !isReplacing, let current = known.current { return current }
            let file = DataFile(
                table: table.id, place: place, number: known.nextFile, end: 0, files: files, openState: openState)
            known.nextFile += 1
            known.live[file.number] = file
            known.current = file
            return file
        }
        return RowGroupWriter(
            table: table, isSorted: isSorted, expectedRowCount: expectedRowCount,
            allowsTail: allowsTail && !isReplacing, groupBytesMax: groupBytesMax ?? rowGroupBytesMax, file: file,
            store: self)
    }

    /// The row groups without one column, under new numbers: the same blocks, to be named by a commit that drops the
    /// column.
    package func without(
        _ column: Int, _ groups: [RowGroupDescriptor], of table: TableID
    ) throws(SQLError) -> [RowGroupDescriptor] {
        var shorter: [RowGroupDescriptor] = []
        for group in groups {
            let number = nextGroupNumber(of: table)
            if let tail = group.tail {
                shorter.append(RowGroupDescriptor(number: number, tail: try tail.without(column)))
                continue
            }
            var next = group
            next.number = number
            if column < next.chunks.count { next.chunks.remove(at: column) }
            shorter.append(next)
        }
        return shorter
    }

    /// The rows of tails as blocks on disk (synced), in row groups of the same numbers.
    func blocks(of tails: [RowGroupDescriptor], in table: TableDefinition) throws(SQLError) -> [RowGroupDescriptor] {
        var groups: [RowGroupDescriptor] = []
        for group in tails {
            guard let tail = group.tail, tail.columnCount <= table.columns.count else {
                throw .internalError("row group \(group.number) of \(table.name) is no tail of its columns")
            }
            var stored = table
            stored.columns.removeSubrange(tail.columnCount...)
            // A tail is one row group, whatever it takes.
            let writer = try makeWriter(for: stored, isSorted: false, groupBytesMax: .max)
            var columns: [Vector] = []
            for (index, column) in stored.columns.enumerated() {
                columns.append(try tail.column(index, kind: column.type.storage))
            }
            try writer.append(Batch(columns: columns, count: tail.rowCount))
            let written = try writer.finish()
            guard var sealed = written.first, written.count == 1 else {
                throw .internalError("a tail of \(tail.rowCount) rows in \(written.count) row groups")
            }
            sealed.number = group.number
            groups.append(sealed)
        }
        return groups
    }

    func nextGroupNumber(of table: TableID) -> Int64 {
        tables.withLock { tables in
            let number = tables[table]?.nextGroup ?? 1
            tables[table, default: TableFiles()].nextGroup = number + 1
            return number
        }
    }

    // MARK: What ClusterStorage tells

    /// Takes up the files that committed row groups lie in. - Throws: `dataCorrupted` if one is missing or cut short, and
    /// its mirror as well.
    func recover(_ table: TableID, _ groups: [RowGroupDescriptor]) throws(SQLError) {
        var ends: [Int32: Int64] = [:]
        var highestGroup: Int64 = 0
        for group in groups {
            highestGroup = max(highestGroup, group.number)
            for block in group.chunks.lazy.flatMap(\.blocks) {
                ends[group.file] = max(ends[group.file] ?? 0, block.fileOffset + Int64(block.byteCount))
            }
        }
        guard highestGroup < .max, ends.keys.allSatisfy({ $0 > 0 && $0 < .max }) else {
            throw .corrupt("row group \(highestGroup) of table \(table.rawValue)")
        }
        var known = TableFiles()
        known.nextGroup = highestGroup + 1
        for (number, end) in ends {
            try recoverFile(table, number, end: end)
            let file = DataFile(
                table: table, place: place, number: number, end: end, files: files, openState: openState)
            known.live[number] = file
            known.nextFile = max(known.nextFile, number + 1)
            if number >= known.current?.number ?? 0 { known.current = file }
        }
        tables.withLock { $0[table] = known }
    }

    /// Paths of the files, and of their mirrors, that committed row groups lie in or that are being written.
    var knownPaths: [String] { tables.withLock { $0.values.flatMap { $0.live.values.flatMap(\.paths) } } }

    /// Whether row groups that a transaction wrote are still there to be committed.
    func expectWritten(_ table: TableID, _ groups: [RowGroupDescriptor]) throws(SQLError) {
        let ends = tables.withLock { $0[table]?.live.mapValues(\.end) ?? [:] }
        for group in groups where group.tail == nil {
            guard let end = ends[group.file] else {
                throw SQLError(
                    .serializationFailure, "could not serialize access due to concurrent update",
                    detail: "The rows of table \(table.rawValue) on slice \(slice) were replaced by a transaction that "
                        + "committed before.")
            }
            guard group.chunks.allSatisfy({ $0.blocks.allSatisfy { $0.fileOffset + Int64($0.byteCount) <= end } })
            else {
                throw .internalError("row group \(group.number) lies behind the end of its file")
            }
        }
    }

    /// The files that the row groups lie in, for a version to hold.
    func dataFiles(of table: TableID, _ groups: [RowGroupDescriptor]) -> [DataFile] {
        guard !groups.isEmpty else { return [] }
        let numbers = Set(groups.map(\.file))
        return tables.withLock { tables in tables[table]?.live.values.filter { numbers.contains($0.number) } ?? [] }
    }

    /// After rows were replaced: other files than those of `groups` are needed by older versions only.
    func retireFiles(of table: TableID, except groups: [RowGroupDescriptor]) {
        let kept = Set(groups.map(\.file))
        let retired: [DataFile] = tables.withLock { tables in
            guard var known = tables[table] else { return [] }
            let retired = known.live.values.filter { !kept.contains($0.number) }
            for file in retired { known.live[file.number] = nil }
            if let current = known.current, !kept.contains(current.number) { known.current = nil }
            tables[table] = known
            return retired
        }
        retired.forEach { $0.markObsolete() }
    }

    /// After the table was dropped.
    func forget(_ table: TableID) {
        let gone = tables.withLock { $0.removeValue(forKey: table) }
        gone?.live.values.forEach { $0.markObsolete() }
    }
}
