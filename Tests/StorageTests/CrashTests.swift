import Catalog
import SQLTypes
import Storage
import Synchronization
import Testing

/// Files in memory on a machine whose power fails: after so many changes of files nothing works any more, and what was
/// not synced is lost, or happens to be there.
private final class CrashingFileLayer: FileLayer {
    private struct State {
        /// What the program sees, and what a disk would have.
        var seen: [String: [UInt8]] = [:]
        var durable: [String: [UInt8]] = [:]
        /// Synced files whose names are not.
        var unnamed: [String: [UInt8]] = [:]
        var changesLeft = Int.max
        var changes = 0
    }
    private let state: Mutex<State>

    init(_ files: [String: [UInt8]] = [:]) {
        var first = State()
        first.seen = files
        first.durable = files
        state = Mutex(first)
    }

    func crash(afterChanges count: Int) { state.withLock { $0.changesLeft = count } }
    var changes: Int { state.withLock { $0.changes } }
    func remains(keepsUnsynced: Bool) -> [String: [UInt8]] { state.withLock { keepsUnsynced ? $0.seen : $0.durable } }

    private func change(_ body: (inout State) -> Void) throws(SQLError) {
        let isRunning = state.withLock { state in
            guard state.changesLeft > 0 else { return false }
            state.changesLeft -= 1
            state.changes += 1
            body(&state)
            return true
        }
        guard isRunning else { throw SQLError(.ioError, "the power is off") }
    }

    var name: String { "crashing" }
    func createDirectory(_ path: String) {}
    func list(_ directory: String) -> [String] {
        let prefix = directory.isEmpty ? "" : directory + "/"
        return state.withLock { state in
            state.seen.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
                .filter { !$0.contains("/") }.sorted()
        }
    }
    func size(_ path: String) -> Int64? { state.withLock { $0.seen[path].map { Int64($0.count) } } }
    func read(_ path: String, at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws(SQLError) {
        let isThere = state.withLock { state in
            guard let bytes = state.seen[path], Int(offset) + target.count <= bytes.count else { return false }
            target.copyBytes(from: bytes[Int(offset) ..< Int(offset) + target.count])
            return true
        }
        guard isThere else { throw SQLError(.dataCorrupted, "\(path) ends before \(offset) + \(target.count)") }
    }
    func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError) {
        try change { state in
            var file = state.seen[path] ?? []
            let end = Int(offset) + bytes.count
            if file.count < end { file += [UInt8](repeating: 0, count: end - file.count) }
            file.replaceSubrange(Int(offset) ..< end, with: bytes)
            state.seen[path] = file
        }
    }
    func truncate(_ path: String, to size: Int64) throws(SQLError) {
        try change { state in
            let count = state.seen[path]?.count ?? 0
            state.seen[path]?.removeLast(max(0, count - Int(size)))
        }
    }
    func sync(_ path: String) throws(SQLError) {
        try change { state in
            if state.durable[path] != nil { state.durable[path] = state.seen[path] } else { state.unnamed[path] = state.seen[path] }
        }
    }
    func syncDirectory(_ path: String) throws(SQLError) {
        try change { state in
            let prefix = path.isEmpty ? "" : path + "/"
            for (file, bytes) in state.unnamed where file.hasPrefix(prefix) { state.durable[file] = bytes }
            state.unnamed = state.unnamed.filter { !$0.key.hasPrefix(prefix) }
            state.durable = state.durable.filter { !$0.key.hasPrefix(prefix) || state.seen[$0.key] != nil }
        }
    }
    func rename(_ old: String, to new: String) throws(SQLError) {
        try change { state in
            state.seen[new] = state.seen.removeValue(forKey: old)
            // The name is durable only with its directory, but a rename never leaves half of both.
            if let bytes = state.durable[old] ?? state.unnamed.removeValue(forKey: old) { state.unnamed[new] = bytes }
        }
    }
    func remove(_ path: String) throws(SQLError) { try change { $0.seen[path] = nil } }
    func lock(_ path: String) {}
    func unlock(_ path: String) {}
}

@Suite("Crashes") struct CrashTests {
    private static let table = testTable("t", id: .firstUserTable)

    /// A cluster with rows 0 ..< 100 on slice 1, of which 0 ..< 10 are deleted, and the files of it.
    private func start() throws -> [String: [UInt8]] {
        let files = CrashingFileLayer()
        let storage = try ClusterStorage.open(on: files, shape: testShape)
        let table = try createTestTable("t", rows: 100, in: storage)
        #expect(table.id == Self.table.id)
        let group = try #require(storage.current.tables[table.id]?.partitions[1].first)
        _ = try storage.commit(
            CommitRecord(
                transaction: 1, changes: [.delete(table.id, slice: 1, [group.number: DeletedRows(0 ..< 10)])]))
        return files.remains(keepsUnsynced: false)
    }

    /// Deletes 50 ..< 60 and writes 200 ..< 220 on two slices, as an UPDATE whose rows move.
    private func update(_ storage: ClusterStorage) throws {
        let group = try #require(storage.current.tables[Self.table.id]?.partitions[1].first)
        let here = try write(200 ..< 210, of: Self.table, to: storage, slice: 1)
        let there = try write(210 ..< 220, of: Self.table, to: storage, slice: 2)
        _ = try storage.commit(
            CommitRecord(
                transaction: 2,
                changes: [
                    .delete(Self.table.id, slice: 1, [group.number: DeletedRows(50 ..< 60)]),
                    .append(Self.table.id, slice: 1, here), .append(Self.table.id, slice: 2, there),
                ]))
    }

    /// The live rows into a file of their own.
    private func vacuum(_ storage: ClusterStorage) throws {
        let groups = try write(10 ..< 100, of: Self.table, to: storage, slice: 1, isReplacing: true)
        _ = try storage.commit(
            CommitRecord(transaction: 2, changes: [.replace(Self.table.id, slice: 1, groups)]))
    }

    private func live(_ storage: ClusterStorage) throws -> (rows: [Int64], stored: Int) {
        let version = storage.current
        let table = try #require(version.tables[Self.table.id])
        var rows: [Int64] = []
        for slice in 0 ..< testShape.slices {
            for group in table.partitions[slice] {
                let ids = integers(try storage.slice(slice).column(0, of: group, in: Self.table))
                let deleted = table.deleted[slice][group.number] ?? DeletedRows()
                rows += ids.indices.filter { !deleted.contains($0) }.map { ids[$0] }
            }
        }
        #expect(Int64(rows.count) == version.catalog.rowCounts[Self.table.id])
        return (rows, table.storedRowCount)
    }

    @Test("between any two changes of files, an UPDATE or VACUUM is there or is not", arguments: [true, false], [true, false])
    func anywhere(isVacuum: Bool, keepsUnsynced: Bool) throws {
        let files = try start()
        let before = Array(10 ..< 100).map(Int64.init)
        let after = isVacuum ? before : (Array(10 ..< 50) + Array(60 ..< 100) + Array(200 ..< 220)).map(Int64.init)
        var crashes = 0
        var outcomes: Set<Bool> = []
        while true {
            let disk = CrashingFileLayer(files)
            let storage = try ClusterStorage.open(on: disk, shape: nil)
            disk.crash(afterChanges: crashes)
            var isAcknowledged = false
            do {
                try isVacuum ? vacuum(storage) : update(storage)
                isAcknowledged = true
                // And a checkpoint, in which the power may fail as well.
                try storage.checkpoint()
            } catch let error as SQLError {
                #expect(error.state == .ioError)
            }
            let isOver = crashes > disk.changes
            let remains = CrashingFileLayer(disk.remains(keepsUnsynced: keepsUnsynced))
            let recovered = try live(try ClusterStorage.open(on: remains, shape: nil))
            let isNew = isVacuum ? recovered.stored == 90 : recovered.rows == after
            #expect(recovered.rows == after || recovered.rows == before, "after \(crashes) changes: \(recovered.rows)")
            #expect(isNew || !isAcknowledged, "after \(crashes) changes: an acknowledged commit is lost")
            #expect(!isVacuum || recovered.stored == 100 || recovered.stored == 90)
            outcomes.insert(isNew)
            if isOver { break }
            crashes += 1
        }
        #expect(outcomes == [true, false] && crashes > 8)
    }
}
