package import SQLTypes
import Synchronization
import VectorEngine

/// Records that should outlive the process but belong to no commit: what a failed COPY refused, say. Appended to one
/// file, which is written anew with the latest of them when it has grown too long.
///
///     offset  bytes
///     0       64     header
///     64      …      records: length (4 bytes), CRC32C (4 bytes), so many bytes
///
/// What follows a damaged or half-written record is gone: nothing else depends on it.
package final class RecentRecords: Sendable {
    private static let recordPrefixBytes = 8

    private let path: String
    private let files: any FileLayer
    /// Of the file; written anew it has at most half as many.
    private let bytesMax: Int64
    /// An append is on the disk when it returns; else in the system's hands, which a killed process does not take along.
    private let isDurable: Bool
    /// Where the next record goes; nil until the file has been read.
    private let end = Mutex<Int64?>(nil)

    init(_ path: String, in files: any FileLayer, bytesMax: Int64 = 16 << 20, isDurable: Bool = true) {
        self.path = path
        self.files = files
        self.bytesMax = bytesMax
        self.isDurable = isDurable
    }

    /// All that the file has, oldest first. - Throws: if it is no such file, or cannot be read.
    package func load() throws(SQLError) -> [[UInt8]] {
        let result = end.withLock { end in
            Result { () throws(SQLError) in
                let (records, size) = try read()
                end = size
                return records
            }
        }
        return try result.get()
    }

    package func append(_ records: [[UInt8]]) throws(SQLError) {
        let result = end.withLock { end in
            Result { () throws(SQLError) in try append(records, at: &end) }
        }
        try result.get()
    }

    private func append(_ records: [[UInt8]], at end: inout Int64?) throws(SQLError) {
        let position: Int64
        if let end { position = end } else { position = try read().end }
        let added = RecentRecords.encoded(records)
        if position + Int64(added.count) > bytesMax {
            end = try rewrite(try read().records + records)
            return
        }
        if position == 0 {
            end = try rewrite(records)
            return
        }
        // What a crash may have left behind the last whole record.
        try files.truncate(path, to: position)
        try files.write(added, to: path, at: position)
        if isDurable { try files.sync(path) }
        end = position + Int64(added.count)
    }

    /// Puts a new file in the place of the old one, with the last of the records. Returns its size.
    private func rewrite(_ records: [[UInt8]]) throws(SQLError) -> Int64 {
        var kept = 0
        var bytes: Int64 = 0
        for record in records.reversed() {
            bytes += Int64(record.count + RecentRecords.recordPrefixBytes)
            guard bytes <= bytesMax / 2 else { break }
            kept += 1
        }
        let contents = FileHeader(.recent).encoded() + RecentRecords.encoded(records.suffix(kept))
        let newPath = path + ".new"
        try files.remove(newPath)
        try files.write(contents, to: newPath, at: 0)
        try files.sync(newPath)
        try files.rename(newPath, to: path)
        try files.syncDirectory("")
        return Int64(contents.count)
    }

    private static func encoded(_ records: some Collection<[UInt8]>) -> [UInt8] {
        var output = ByteWriter()
        for record in records {
            output.u32(UInt32(record.count))
            output.u32(Checksum.crc32c(record))
            output.raw(record)
        }
        return output.bytes
    }

    /// Whole records, and where the last of them ends; nothing and 0 if there is no file, or none of which the header is
    /// whole: nothing depends on it, least of all the cluster's start, and the next append puts another in its place.
    private func read() throws(SQLError) -> (records: [[UInt8]], end: Int64) {
        guard try files.size(path) != nil else { return ([], 0) }
        let bytes = try files.contents(path)
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in try decode(bytes) }
        }
        do throws(SQLError) {
            return try result.get()
        } catch {
            guard error.state == .dataCorrupted else { throw error }
            return ([], 0)
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> (records: [[UInt8]], end: Int64) {
        try FileHeader(.recent).check(bytes, path: "\(files.name)/\(path)")
        var reader = ByteReader(bytes)
        _ = try reader.raw(FileHeader.byteCount)
        var records: [[UInt8]] = []
        var end = reader.position
        while reader.remaining >= RecentRecords.recordPrefixBytes {
            let count = Int(try reader.u32())
            let checksum = try reader.u32()
            guard count <= reader.remaining else { break }
            let record = try reader.raw(count)
            guard Checksum.crc32c(record) == checksum else { break }
            records.append(Array(record))
            end = reader.position
        }
        return (records, Int64(end))
    }
}
