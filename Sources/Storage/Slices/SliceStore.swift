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
    private let files: any FileLayer
    private let cache: BlockCache
    private let tables = Mutex<[TableID: TableFiles]>([:])

    init(slice: Int, files: any FileLayer, cache: BlockCache) {
        self.slice = slice
        self.files = files
        self.cache = cache
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
        let key = BlockCache.Key(table: table.id, slice: slice, column: column, group: group.number)
        if let cached = cache.vector(for: key) { return cached }
        try verifyHeader(table.id, group.file)
        var parts: [Vector] = []
        for block in group.chunks[column].blocks {
            do throws(SQLError) {
                parts.append(try read(block, of: group, table.id, kind))
            } catch {
                throw located(error, block, group, table, column)
            }
        }
        let vector = Vector.concatenated(parts, kind: kind)
        return cache.insert(vector, for: key)
    }

    private func read(
        _ block: BlockDescriptor, of group: RowGroupDescriptor, _ table: TableID, _ kind: StorageKind
    ) throws(SQLError) -> Vector {
        let path = DataFile.path(table: table, slice: slice, number: group.file)
        let bytes = try Buffer(count: block.byteCount, of: UInt8.self) { (target) throws(SQLError) in
            try files.read(path, at: block.fileOffset, into: UnsafeMutableRawBufferPointer(target))
        }
        let checksum = Checksum.crc32c(UnsafeRawBufferPointer(bytes.values(as: UInt8.self)))
        guard checksum == block.checksum else {
            throw .corrupt("its checksum is \(checksum), and was \(block.checksum) when it was written")
        }
        let vector = try ColumnDecoder(kind: kind, decompressor: Deflate.quick).decode(bytes)
        guard vector.count == block.rowCount else {
            throw .corrupt("it has \(vector.count) rows, and had \(block.rowCount) when it was written")
        }
        return vector
    }

    private func located(
        _ error: SQLError, _ block: BlockDescriptor, _ group: RowGroupDescriptor, _ table: TableDefinition,
        _ column: Int
    ) -> SQLError {
        guard error.state == .dataCorrupted else { return error }
        let path = DataFile.path(table: table.id, slice: slice, number: group.file)
        return SQLError(
            .dataCorrupted, "block of \(table.name).\(table.columns[column].name) is corrupt: \(error.message)",
            detail: "Slice \(slice), row group \(group.number), rows from \(block.firstRow), "
                + "\(block.byteCount) bytes at \(block.fileOffset) of \"\(files.name)/\(path)\".", hint: error.hint)
    }

    private func verifyHeader(_ table: TableID, _ number: Int32) throws(SQLError) {
        if tables.withLock({ $0[table]?.verified.contains(number) ?? false }) { return }
        let path = DataFile.path(table: table, slice: slice, number: number)
        let header = try Buffer(count: FileHeader.byteCount, of: UInt8.self) { (target) throws(SQLError) in
            try files.read(path, at: 0, into: UnsafeMutableRawBufferPointer(target))
        }
        try DataFile.header(table: table, slice: slice, number: number)
            .check(UnsafeRawBufferPointer(header.values(as: UInt8.self)), path: "\(files.name)/\(path)")
        tables.withLock { _ = $0[table]?.verified.insert(number) }
    }

    // MARK: Writing

    /// Rows appended to the writer become row groups of this slice, seen by nobody before a commit names them.
    /// - Parameters:
    ///   - isSorted: the rows come in the order of the table's sort key and will be its sorted region.
    ///   - expectedRowCount: of a sorted load; a small one is cut into finer row groups (decision 2).
    ///   - isReplacing: they will replace all that the slice has of the table, and go to a file of their own, so that
    /// the
    ///     old one can be removed.
    package func makeWriter(
        for table: TableDefinition, isSorted: Bool, expectedRowCount: Int? = nil, isReplacing: Bool = false
    ) throws(SQLError) -> RowGroupWriter {
        let file = tables.withLock { tables in
            var known = tables[table.id] ?? TableFiles()
            defer { tables[table.id] = known }
            if !isReplacing, let current = known.current { return current }
            let file = DataFile(table: table.id, slice: slice, number: known.nextFile, end: 0, files: files)
            known.nextFile += 1
            known.live[file.number] = file
            known.current = file
            return file
        }
        return RowGroupWriter(
            table: table, isSorted: isSorted, expectedRowCount: expectedRowCount, file: file, store: self)
    }

    /// The row groups without one column, under new numbers: the same blocks, to be named by a commit that drops the
    /// column.
    package func without(
        _ column: Int, _ groups: [RowGroupDescriptor], of table: TableID
    ) -> [RowGroupDescriptor] {
        groups.map { group in
            var next = group
            next.number = nextGroupNumber(of: table)
            if column < next.chunks.count { next.chunks.remove(at: column) }
            return next
        }
    }

    func nextGroupNumber(of table: TableID) -> Int64 {
        tables.withLock { tables in
            let number = tables[table]?.nextGroup ?? 1
            tables[table, default: TableFiles()].nextGroup = number + 1
            return number
        }
    }

    // MARK: What ClusterStorage tells

    /// Takes up the files that committed row groups lie in. - Throws: `dataCorrupted` if one is missing or cut short.
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
            let path = DataFile.path(table: table, slice: slice, number: number)
            guard let size = try files.size(path) else {
                throw SQLError(.dataCorrupted, "data file \"\(files.name)/\(path)\" is missing")
            }
            guard size >= end else { throw .fileCutShort("\(files.name)/\(path)", wanted: end, size: size) }
            // Written by a transaction that did not commit.
            if size > end { try files.truncate(path, to: end) }
            let file = DataFile(table: table, slice: slice, number: number, end: end, files: files)
            known.live[number] = file
            known.nextFile = max(known.nextFile, number + 1)
            if number >= known.current?.number ?? 0 { known.current = file }
        }
        tables.withLock { $0[table] = known }
    }

    /// Removes data files that no committed row group lies in.
    func removeUnknownFiles() throws(SQLError) {
        let known = tables.withLock { tables in Set(tables.values.flatMap { $0.live.values.map(\.path) }) }
        let directory = DataFile.directory(ofSlice: slice)
        for name in try files.list(directory) where name.hasSuffix(".dat") && !known.contains("\(directory)/\(name)") {
            try files.remove("\(directory)/\(name)")
        }
    }

    /// Whether row groups that a transaction wrote are still there to be committed.
    func expectWritten(_ table: TableID, _ groups: [RowGroupDescriptor]) throws(SQLError) {
        let ends = tables.withLock { $0[table]?.live.mapValues(\.end) ?? [:] }
        for group in groups {
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
