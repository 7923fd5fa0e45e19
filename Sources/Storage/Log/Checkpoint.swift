import Catalog
import SQLTypes
import VectorEngine

/// A whole version in one file, and the number of the log that goes on from it. The file is replaced by renaming, so
/// that there is always a whole one; and there is a second one with the same bytes, in case that the first is damaged.
///
///     offset  bytes
///     0       64     header
///     64      8      bytes of the body
///     72      4      CRC32C of the body
///     76      …      body: nodes, slices per node, number of the log (4 bytes each), then the version
struct Checkpoint {
    static let path = "checkpoint"
    static let copyPath = "checkpoint.copy"
    private static let prefixBytes = FileHeader.byteCount + 12
    private static let nodesMax = 1 << 16
    /// More are no number of slices.
    static let slicesMax = 1 << 20

    var shape: ClusterShape
    var logNumber: Int32
    var version: DatabaseVersion

    /// Whether there is one to read in the directory.
    static func exists(in files: any FileLayer) throws(SQLError) -> Bool {
        for path in [path, copyPath] where try files.size(path) != nil { return true }
        return false
    }

    /// Writes both files under other names, durably.
    func prepare(in files: any FileLayer) throws(SQLError) {
        var body = ByteWriter(capacity: 1 << 16)
        body.u32(UInt32(shape.nodes))
        body.u32(UInt32(shape.slicesPerNode))
        body.i32(logNumber)
        body.version(version)
        var output = ByteWriter(capacity: body.count + Checkpoint.prefixBytes)
        output.raw(FileHeader(.checkpoint).encoded())
        output.u64(UInt64(body.count))
        output.u32(Checksum.crc32c(body.bytes))
        output.raw(body.bytes)
        for path in [Checkpoint.path, Checkpoint.copyPath] { try Checkpoint.prepare(output.bytes, path, in: files) }
    }

    private static func prepare(_ bytes: [UInt8], _ path: String, in files: any FileLayer) throws(SQLError) {
        try files.remove(temporary(path))
        try files.write(bytes, to: temporary(path), at: 0)
        try files.sync(temporary(path))
    }

    private static func temporary(_ path: String) -> String { path + ".new" }

    /// Puts what was prepared in the place of the checkpoint. Not yet durable: the directory is to be synced.
    static func install(in files: any FileLayer) throws(SQLError) { try files.rename(temporary(path), to: path) }

    /// The same for the copy, once the checkpoint is durable, so that one of the two always is whole.
    static func installCopy(in files: any FileLayer) throws(SQLError) {
        try files.rename(temporary(copyPath), to: copyPath)
    }

    init(shape: ClusterShape, logNumber: Int32, version: DatabaseVersion) {
        self.shape = shape
        self.logNumber = logNumber
        self.version = version
    }

    /// Reads the checkpoint, or, if it is damaged, its copy. Either is written anew if it is not as the other.
    init(readingFrom files: any FileLayer, repairs: RepairLog) throws(SQLError) {
        do throws(SQLError) {
            let bytes = try files.contents(Checkpoint.path)
            self = try Checkpoint(bytes, path: "\(files.name)/\(Checkpoint.path)")
            Checkpoint.bringCopy(to: bytes, in: files, repairs)
        } catch {
            let reason = error
            do throws(SQLError) {
                let bytes = try files.contents(Checkpoint.copyPath)
                self = try Checkpoint(bytes, path: "\(files.name)/\(Checkpoint.copyPath)")
                // One that is older than the checkpoint leads to a log that is gone.
                guard try files.size(CommitLog.path(logNumber)) != nil else { throw reason }
                // So does one after which commits went to the next log.
                let next = try files.size(CommitLog.path(logNumber + 1)) ?? 0
                guard next <= Int64(FileHeader.byteCount) else { throw reason }
                try Checkpoint.replace(Checkpoint.path, by: bytes, in: files)
            } catch _ {
                throw reason
            }
            repairs.add(
                StorageRepair(
                    object: "checkpoint", place: "\"\(files.name)/\(Checkpoint.path)\".", reason: reason.message,
                    isMended: true))
        }
    }

    private init(_ bytes: [UInt8], path: String) throws(SQLError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in try Checkpoint(decoding: bytes, path: path) }
        }
        self = try result.get()
    }

    /// The checkpoint is whole: that its copy cannot be written keeps no cluster from starting.
    private static func bringCopy(to bytes: [UInt8], in files: any FileLayer, _ repairs: RepairLog) {
        do throws(SQLError) {
            guard try differs(copyPath, from: bytes, in: files) else { return }
            try replace(copyPath, by: bytes, in: files)
        } catch {
            repairs.add(
                StorageRepair(
                    object: "copy of the checkpoint", place: "\"\(files.name)/\(copyPath)\".", reason: error.message,
                    isMended: false))
        }
    }

    /// By length and by what stands before the body, its checksum for one.
    private static func differs(
        _ path: String, from bytes: [UInt8], in files: any FileLayer
    ) throws(SQLError) -> Bool {
        guard try files.size(path) == Int64(bytes.count) else { return true }
        let count = min(bytes.count, prefixBytes)
        let begin = try Buffer(count: count, of: UInt8.self) { (target) throws(SQLError) in
            try files.read(path, at: 0, into: UnsafeMutableRawBufferPointer(target))
        }
        return !begin.values(as: UInt8.self).elementsEqual(bytes.prefix(count))
    }

    private static func replace(_ path: String, by bytes: [UInt8], in files: any FileLayer) throws(SQLError) {
        try prepare(bytes, path, in: files)
        try files.rename(temporary(path), to: path)
        try files.syncDirectory("")
    }

    private init(decoding bytes: UnsafeRawBufferPointer, path: String) throws(SQLError) {
        try FileHeader(.checkpoint).check(bytes, path: path)
        do throws(SQLError) {
            var reader = ByteReader(bytes)
            _ = try reader.raw(FileHeader.byteCount)
            let byteCount = try reader.u64()
            let checksum = try reader.u32()
            guard byteCount == UInt64(reader.remaining) else {
                throw .corrupt("\(reader.remaining) bytes, where \(byteCount) were written")
            }
            let body = try reader.raw(reader.remaining)
            guard Checksum.crc32c(body) == checksum else { throw .corrupt("its checksum does not match") }
            reader = ByteReader(body)
            let nodes = Int(try reader.u32())
            let slicesPerNode = Int(try reader.u32())
            guard 1...Checkpoint.nodesMax ~= nodes, 1...Checkpoint.nodesMax ~= slicesPerNode,
                nodes * slicesPerNode <= Checkpoint.slicesMax
            else {
                throw .corrupt("\(nodes) nodes of \(slicesPerNode) slices")
            }
            let logNumber = try reader.i32()
            let shape = ClusterShape(nodes: nodes, slicesPerNode: slicesPerNode)
            self.init(shape: shape, logNumber: logNumber, version: try reader.version(shape))
            try reader.expectEnd()
            guard version.tables.values.allSatisfy({ $0.partitions.count == shape.slices }) else {
                throw .corrupt("tables on another number of slices than \(shape.slices)")
            }
        } catch {
            throw SQLError(.dataCorrupted, "checkpoint \"\(path)\" is corrupt: \(error.message)")
        }
    }
}
