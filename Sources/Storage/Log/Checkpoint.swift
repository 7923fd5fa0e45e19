import Catalog
import SQLTypes
import VectorEngine

/// A whole version in one file, and the number of the log that goes on from it. The file is replaced by renaming, so
/// that there is always a whole one.
///
///     offset  bytes
///     0       64     header
///     64      8      bytes of the body
///     72      4      CRC32C of the body
///     76      …      body: nodes, slices per node, number of the log (4 bytes each), then the version
struct Checkpoint {
    static let path = "checkpoint"
    private static let temporaryPath = "checkpoint.new"
    private static let prefixBytes = FileHeader.byteCount + 12
    private static let nodesMax = 1 << 16
    /// More are no number of slices.
    static let slicesMax = 1 << 20

    var shape: ClusterShape
    var logNumber: Int32
    var version: DatabaseVersion

    /// Writes the file under another name, durably.
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
        try files.remove(Checkpoint.temporaryPath)
        try files.write(output.bytes, to: Checkpoint.temporaryPath, at: 0)
        try files.sync(Checkpoint.temporaryPath)
    }

    /// Puts what was prepared in the place of the checkpoint. Not yet durable: the directory is to be synced.
    static func install(in files: any FileLayer) throws(SQLError) {
        try files.rename(temporaryPath, to: path)
    }

    init(shape: ClusterShape, logNumber: Int32, version: DatabaseVersion) {
        self.shape = shape
        self.logNumber = logNumber
        self.version = version
    }

    init(readingFrom files: any FileLayer) throws(SQLError) {
        let bytes = try files.contents(Checkpoint.path)
        let path = "\(files.name)/\(Checkpoint.path)"
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(SQLError) in try Checkpoint(decoding: bytes, path: path) }
        }
        self = try result.get()
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
            self.init(
                shape: ClusterShape(nodes: nodes, slicesPerNode: slicesPerNode), logNumber: logNumber,
                version: try reader.version())
            try reader.expectEnd()
            guard version.tables.values.allSatisfy({ $0.partitions.count == shape.slices }) else {
                throw .corrupt("tables on another number of slices than \(shape.slices)")
            }
        } catch {
            throw SQLError(.dataCorrupted, "checkpoint \"\(path)\" is corrupt: \(error.message)")
        }
    }
}
