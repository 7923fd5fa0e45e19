import SQLTypes
import VectorEngine

/// The log of one cluster directory: what was committed since the checkpoint that names it. Commits that were waiting
/// while the record before was synced share a record, and its sync.
///
///     offset  bytes
///     0       4      length of the record, this field included
///     4       4      CRC32C of what follows
///     8       2      format version
///     10      2      kind: 1 = commit
///     12      8      number of its first commit, one more than the last of the record before
///     20      4      commits
///     24      …      for each: transaction (8), changes
///
/// Belongs to `ClusterStorage`'s writer; nobody else appends.
struct CommitLog {
    private static let headerBytes = 24
    /// Of a commit without changes, in a record.
    private static let commitBytesMin = 12
    private static let formatVersion: UInt16 = 2
    private static let commitKind: UInt16 = 1
    /// A length beyond this is no length.
    private static let recordBytesMax = 1 << 30

    let number: Int32
    /// Where the next record goes.
    private(set) var end: Int64
    /// The disk refused what must not be in doubt: nothing can be committed any more.
    private var failure: SQLError?
    private let files: any FileLayer

    var path: String { CommitLog.path(number) }
    static func path(_ number: Int32) -> String { "log.\(number)" }

    /// Makes an empty log, durably but for its name in the directory.
    init(creating number: Int32, in files: any FileLayer) throws(SQLError) {
        self.number = number
        self.files = files
        let header = FileHeader(.log, number).encoded()
        try files.remove(CommitLog.path(number))
        try files.write(header, to: CommitLog.path(number), at: 0)
        try files.sync(CommitLog.path(number))
        end = Int64(header.count)
    }

    /// Reads the log and hands on its records in order. A record torn at the very end, by a crash while it was written,
    /// is cut off: it was never reported as committed.
    /// - Parameter commit: the last commit before the log's first record.
    /// - Throws: `dataCorrupted` if a damaged record has a sound one behind it.
    init(
        recovering number: Int32, in files: any FileLayer, after commit: Int64,
        _ body: (CommitRecord) throws(SQLError) -> Void
    ) throws(SQLError) {
        self.number = number
        self.files = files
        let path = CommitLog.path(number)
        let bytes = try files.contents(path)
        var position = FileHeader.byteCount
        var commit = commit
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in
                try FileHeader(.log, number).check(bytes, path: "\(files.name)/\(path)")
                while position < bytes.count {
                    guard let length = CommitLog.soundRecord(bytes, at: position, commit: commit + 1) else {
                        try CommitLog.expectTail(bytes, at: position, after: commit, path: "\(files.name)/\(path)")
                        break
                    }
                    for record in try CommitLog.decode(bytes, at: position, length: length) {
                        try body(record)
                        commit += 1
                    }
                    position += length
                }
            }
        }
        try result.get()
        end = Int64(position)
        if position < bytes.count {
            try files.truncate(path, to: end)
            try files.sync(path)
        }
    }

    /// Durable on return; on error nothing of it is in the log.
    /// - Parameter commit: number of the first; the others follow it.
    mutating func append(_ records: [CommitRecord], commit: Int64) throws(SQLError) {
        if let failure {
            throw SQLError(
                .ioError, "the log can no longer be written: \(failure.message)", hint: "Open the cluster again.")
        }
        let bytes = CommitLog.encode(records, commit: commit)
        guard bytes.count <= CommitLog.recordBytesMax else {
            throw SQLError(.programLimitExceeded, "transactions whose log record takes \(bytes.count) bytes")
        }
        do throws(SQLError) {
            try files.write(bytes, to: path, at: end)
        } catch {
            // A full disk, say. If what was written can be taken back, the next commit may do better.
            do throws(SQLError) { try takeBack() } catch { stop(error) }
            throw error
        }
        do throws(SQLError) {
            try files.sync(path)
        } catch {
            // What is on disk is unknown after a failed sync, and a second one may succeed without having written.
            // - Source: PostgreSQL wiki, "Fsync Errors", 2018.
            stop(error)
            try takeBack()
            throw error
        }
        end += Int64(bytes.count)
    }

    /// From now on every commit fails: what the next start will read is in doubt.
    mutating func stop(_ reason: SQLError) { failure = reason }

    private func takeBack() throws(SQLError) {
        try files.truncate(path, to: end)
        try files.sync(path)
    }

    // MARK: Records as bytes

    static func encode(_ records: [CommitRecord], commit: Int64) -> [UInt8] {
        var output = ByteWriter(capacity: 256)
        output.u32(0)
        output.u32(0)
        output.u16(formatVersion)
        output.u16(commitKind)
        output.i64(commit)
        output.list(records) { output, record in
            output.i64(record.transaction)
            output.changes(record.changes)
        }
        output.patch(u32: UInt32(output.count), at: 0)
        output.patch(u32: Checksum.crc32c(Array(output.bytes[8...])), at: 4)
        return output.bytes
    }

    /// Length of the record that begins there; nil if it is no sound record of that commit.
    private static func soundRecord(_ bytes: UnsafeRawBufferPointer, at position: Int, commit: Int64) -> Int? {
        guard bytes.count - position >= headerBytes else { return nil }
        let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        let found = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 12, as: Int64.self))
        guard found == commit, length >= headerBytes, length <= bytes.count - position else { return nil }
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
        let content = UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + length])
        return Checksum.crc32c(content) == checksum ? length : nil
    }

    /// Only the last record can be torn, since each is synced before the next is written. So a sound one further on, of
    /// any later commit, proves that this one was damaged after it had been committed.
    private static func expectTail(
        _ bytes: UnsafeRawBufferPointer, at position: Int, after commit: Int64, path: String
    ) throws(SQLError) {
        guard bytes.count - position > headerBytes else { return }
        for candidate in position + 1...bytes.count - headerBytes {
            let found = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: candidate + 12, as: Int64.self))
            // More commits than these bytes can hold do not follow.
            guard found > commit, found - commit <= Int64(bytes.count / commitBytesMin) else { continue }
            guard soundRecord(bytes, at: candidate, commit: found) != nil else { continue }
            throw SQLError(
                .dataCorrupted,
                "log \"\(path)\" is corrupt at byte \(position): the record of commit \(commit + 1) is damaged",
                detail: "The record of commit \(found) at byte \(candidate) is sound.",
                hint: "The disk or file system has lost data; restore the directory from a copy.")
        }
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer, at position: Int, length: Int
    ) throws(SQLError) -> [CommitRecord] {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[position + 8..<position + length]))
        let version = try reader.u16()
        let kind = try reader.u16()
        guard version == formatVersion, kind == commitKind else {
            throw SQLError(
                .featureNotSupported, "a log record of kind \(kind) in format version \(version)",
                detail: "This release reads kind \(commitKind) in version \(formatVersion).",
                hint: "Open the directory with the release that wrote it.")
        }
        _ = try reader.i64()
        let records = try reader.list(bytesEach: commitBytesMin) { (reader) throws(SQLError) in
            CommitRecord(transaction: try reader.i64(), changes: try reader.changes())
        }
        try reader.expectEnd()
        guard !records.isEmpty else { throw .corrupt("a log record without commits") }
        return records
    }
}
