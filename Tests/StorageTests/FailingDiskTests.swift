import Catalog
import SQLTypes
import Storage
import Synchronization
import Testing

/// Files in memory whose writing or syncing fails on demand.
private final class FailingFileLayer: FileLayer {
    enum Fault { case none, write, sync, rename }

    let files = MemoryFileLayer()
    private let fault = Mutex((Fault.none, ""))

    /// From now on, for files whose path has that prefix.
    func fail(_ fault: Fault, _ prefix: String) { self.fault.withLock { $0 = (fault, prefix) } }

    private func check(_ action: Fault, _ path: String) throws(SQLError) {
        let (fault, prefix) = fault.withLock { $0 }
        if fault == action && path.hasPrefix(prefix) { throw SQLError(.ioError, "\(action) of \(path) fails") }
    }

    var name: String { files.name }
    func createDirectory(_ path: String) { files.createDirectory(path) }
    func list(_ directory: String) -> [String] { files.list(directory) }
    func size(_ path: String) -> Int64? { files.size(path) }
    func read(_ path: String, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        try files.read(path, at: offset, into: target)
    }
    func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError) {
        // Half of it gets there, as on a disk that fills up.
        let isFailing = fault.withLock { $0.0 == .write && path.hasPrefix($0.1) }
        let written = isFailing ? UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]) : bytes
        try files.write(written, to: path, at: offset)
        try check(.write, path)
    }
    func truncate(_ path: String, to size: Int64) { files.truncate(path, to: size) }
    func sync(_ path: String) throws(SQLError) { try check(.sync, path) }
    func syncDirectory(_ path: String) {}
    func rename(_ old: String, to new: String) throws(SQLError) {
        try check(.rename, new)
        try files.rename(old, to: new)
    }
    func remove(_ path: String) { files.remove(path) }
    func lock(_ path: String) {}
    func unlock(_ path: String) {}
}

@Suite("A failing disk") struct FailingDiskTests {
    private let files = FailingFileLayer()

    private func schema(_ name: String, in storage: ClusterStorage) -> SQLError? {
        failure { _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema(name)])) }
    }

    private func reopened() throws -> Set<String> {
        try ClusterStorage.open(on: files.files, shape: nil).current.catalog.schemas
    }

    @Test("a commit that cannot be written is not there; the next one can succeed")
    func fullDisk() throws {
        let storage = try ClusterStorage.open(on: files, shape: testShape)
        #expect(schema("a", in: storage) == nil)
        files.fail(.write, "log.")
        #expect(schema("b", in: storage)?.state == .ioError)
        #expect(storage.current.commit == 1 && !storage.current.catalog.schemas.contains("b"))
        files.fail(.none, "")
        #expect(schema("c", in: storage) == nil)
        let schemas = try reopened()
        #expect(schemas.isSuperset(of: ["a", "c"]) && !schemas.contains("b"))
    }

    @Test("after a failed sync nothing is committed until the cluster is opened again")
    func failedSync() throws {
        let storage = try ClusterStorage.open(on: files, shape: testShape)
        #expect(schema("a", in: storage) == nil)
        files.fail(.sync, "log.")
        #expect(schema("b", in: storage)?.state == .ioError)
        files.fail(.none, "")
        #expect(schema("c", in: storage)?.message.contains("no longer") == true)
        #expect(storage.current.commit == 1)
        let schemas = try reopened()
        #expect(schemas.contains("a") && schemas.isDisjoint(with: ["b", "c"]))
    }

    @Test("a checkpoint that fails leaves the old one and its log in force", arguments: [true, false])
    func failedCheckpoint(atRename: Bool) throws {
        let storage = try ClusterStorage.open(on: files, shape: testShape)
        #expect(schema("a", in: storage) == nil)
        files.fail(atRename ? .rename : .write, "checkpoint")
        #expect(failure { try storage.checkpoint() }?.state == .ioError)
        files.fail(.none, "")
        #expect(schema("b", in: storage) == nil)
        #expect(try reopened().isSuperset(of: ["a", "b"]))
        try storage.checkpoint()
        #expect(schema("c", in: storage) == nil)
        #expect(try reopened().isSuperset(of: ["a", "b", "c"]))
    }

    @Test("rows that could not be written or synced are not handed out for a commit", arguments: [true, false])
    func failedRows(atWrite: Bool) throws {
        let storage = try ClusterStorage.open(on: files, shape: testShape)
        let table = try createTestTable("t", rows: 10, in: storage)
        files.fail(atWrite ? .write : .sync, "nodes/0/1.")
        #expect(failure { _ = try write(10..<20, of: table, to: storage, slice: 1) }?.state == .ioError)
        files.fail(.none, "")
        let groups = try write(20..<30, of: table, to: storage, slice: 1)
        let version = try storage.commit(
            CommitRecord(transaction: 2, changes: [.append(table.id, slice: 1, groups)]))
        #expect(try ids(table.id, in: version, of: storage, slice: 1) == Array(0..<10) + Array(20..<30))
    }
}
