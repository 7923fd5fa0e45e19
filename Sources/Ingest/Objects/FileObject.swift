import SQLTypes

/// Reads one file of a `DirectoryObjectStore`.
final class FileObjectReader: ObjectReader {
    let address: ObjectAddress
    let sizeBytes: Int
    private let descriptor: Int32

    /// Takes over the descriptor.
    init(descriptor: Int32, address: ObjectAddress, sizeBytes: Int) {
        self.descriptor = descriptor
        self.address = address
        self.sizeBytes = sizeBytes
    }

    deinit { Platform.closeFile(descriptor) }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SQLError) -> Int {
        precondition(offset >= 0, "a read at \(offset)")
        guard !buffer.isEmpty else { return 0 }
        do throws(Platform.Failure) { return try Platform.read(descriptor, at: offset, into: buffer) } catch {
            throw SQLError.objectIO("read", address, Platform.reason(error))
        }
    }
}

/// Writes a file under a temporary name and gives it its own when finished.
final class FileObjectWriter: ObjectWriter {
    private let path: String
    private let temporaryPath: String
    private let address: ObjectAddress
    /// nil: finished.
    private var descriptor: Int32?

    init(path: String, temporaryPath: String, address: ObjectAddress) throws(Platform.Failure) {
        self.path = path
        self.temporaryPath = temporaryPath
        self.address = address
        descriptor = try Platform.createForWriting(temporaryPath)
    }

    deinit {
        guard let descriptor else { return }
        Platform.closeFile(descriptor)
        // Dropped unfinished: if the temporary file cannot be removed either, its name still keeps it from being an
        // object.
        try? Platform.remove(temporaryPath)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        guard let descriptor else { throw SQLError.internalError("a write to the finished object \(address)") }
        do throws(Platform.Failure) { try Platform.writeAll(descriptor, bytes) } catch {
            throw SQLError.objectIO("write", address, Platform.reason(error))
        }
    }

    func finish() throws(SQLError) {
        guard let descriptor else { throw SQLError.internalError("the object \(address) is finished twice") }
        do throws(Platform.Failure) {
            try Platform.sync(descriptor)
            try Platform.rename(temporaryPath, to: path)
        } catch {
            throw SQLError.objectIO("finish", address, Platform.reason(error))
        }
        Platform.closeFile(descriptor)
        self.descriptor = nil
    }
}
