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
    private enum State {
        case open(descriptor: Int32)
        /// Complete and closed, under its temporary name.
        case prepared
        case finished
    }

    private let path: String
    private let temporaryPath: String
    private let address: ObjectAddress
    private var state: State

    init(path: String, temporaryPath: String, address: ObjectAddress) throws(Platform.Failure) {
        self.path = path
        self.temporaryPath = temporaryPath
        self.address = address
        state = .open(descriptor: try Platform.createForWriting(temporaryPath))
    }

    deinit {
        if case .finished = state { return }
        if case .open(let descriptor) = state { Platform.closeFile(descriptor) }
        // Dropped unfinished: if the temporary file cannot be removed either, its name still keeps it from being an
        // object.
        try? Platform.remove(temporaryPath)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) {
        guard case .open(let descriptor) = state else {
            throw SQLError.internalError("a write to the finished object \(address)")
        }
        do throws(Platform.Failure) { try Platform.writeAll(descriptor, bytes) } catch {
            throw SQLError.objectIO("write", address, Platform.reason(error))
        }
    }

    func prepare() throws(SQLError) {
        guard case .open(let descriptor) = state else { return }
        do throws(Platform.Failure) { try Platform.sync(descriptor) } catch {
            throw SQLError.objectIO("finish", address, Platform.reason(error))
        }
        Platform.closeFile(descriptor)
        state = .prepared
    }

    func finish() throws(SQLError) {
        try prepare()
        guard case .prepared = state else { throw SQLError.internalError("the object \(address) is finished twice") }
        do throws(Platform.Failure) { try Platform.rename(temporaryPath, to: path) } catch {
            throw SQLError.objectIO("finish", address, Platform.reason(error))
        }
        state = .finished
    }
}
