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

    /// Of each file what was synced, or what was written, or the first part of that behind what was synced.
    func someRemains(seed: UInt64) -> [String: [UInt8]] {
        var random = SplitMix64(seed: seed)
        return state.withLock { state in
            var remains = state.durable
            for (path, seen) in state.seen.sorted(by: { $0.key < $1.key }) {
                let durable = state.durable[path] ?? []
                switch random.next() % 3 {
                case 0: remains[path] = seen
                case 1 where seen.count > durable.count && seen.starts(with: durable):
                    let more = Int(random.next() % UInt64(seen.count - durable.count))
                    // A new file's name may be there without any of its bytes.
                    remains[path] = Array(seen.prefix(durable.count + more))
                default: break
                }
            }
            return remains
        }
    }

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
            target.copyBytes(from: bytes[Int(offset)..<Int(offset) + target.count])
            return true
        }
        guard isThere else { throw SQLError(.dataCorrupted, "\(path) ends before \(offset) + \(target.count)") }
    }
    func write(_ bytes: UnsafeRawBufferPointer, to path: String, at offset: Int64) throws(SQLError) {
        try change { state in
            var file = state.seen[path] ?? []
            let end = Int(offset) + bytes.count
            if file.count < end { file += [UInt8](repeating: 0, count: end - file.count) }
            file.replaceSubrange(Int(offset)..<end, with: bytes)
            state.seen[path] = file
        }
    }
    func truncate(_ path: String, to size: Int64) throws(SQLError) {
        try change { state in state.seen[path] = state.seen[path].map { Array($0.prefix(Int(size))) } }
    }
    func sync(_ path: String) throws(SQLError) {
        try change { state in
            if state.durable[path] != nil {
                state.durable[path] = state.seen[path]
            } else {
                state.unnamed[path] = state.seen[path]
            }
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
                transaction: 1, changes: [.delete(table.id, slice: 1, [group.number: DeletedRows(0..<10)])]))
        return files.remains(keepsUnsynced: false)
    }

    /// Deletes 50 ..< 60 and writes 200 ..< 220 on two slices, as an UPDATE whose rows move.
    private func update(_ storage: ClusterStorage) throws {
        let group = try #require(storage.current.tables[Self.table.id]?.partitions[1].first)
        let here = try write(200..<210, of: Self.table, to: storage, slice: 1)
        let there = try write(210..<220, of: Self.table, to: storage, slice: 2)
        _ = try storage.commit(
            CommitRecord(
                transaction: 2,
                changes: [
                    .delete(Self.table.id, slice: 1, [group.number: DeletedRows(50..<60)]),
                    .append(Self.table.id, slice: 1, here), .append(Self.table.id, slice: 2, there),
                ]))
    }

    /// The live rows into a file of their own.
    private func vacuum(_ storage: ClusterStorage) throws {
        let groups = try write(10..<100, of: Self.table, to: storage, slice: 1, isReplacing: true)
        _ = try storage.commit(
            CommitRecord(transaction: 2, changes: [.replace(Self.table.id, slice: 1, groups)]))
    }

    private func live(_ storage: ClusterStorage) throws -> (rows: [Int64], stored: Int) {
        let version = storage.current
        let table = try #require(version.tables[Self.table.id])
        var rows: [Int64] = []
        for slice in 0..<testShape.slices {
            for group in table.partitions[slice] {
                let ids = integers(try storage.slice(slice).column(0, of: group, in: Self.table))
                let deleted = table.deleted[slice][group.number] ?? DeletedRows()
                rows += ids.indices.filter { !deleted.contains($0) }.map { ids[$0] }
            }
        }
        #expect(Int64(rows.count) == version.catalog.rowCounts[Self.table.id])
        return (rows, table.storedRowCount)
    }

    @Test(
        "between any two changes of files, an UPDATE or VACUUM is there or is not", arguments: [true, false],
        [true, false])
    func anywhere(isVacuum: Bool, keepsUnsynced: Bool) throws {
        let files = try start()
        let before = Array(10..<100).map(Int64.init)
        let after = isVacuum ? before : (Array(10..<50) + Array(60..<100) + Array(200..<220)).map(Int64.init)
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

    // MARK: Everything, one after the other

    /// All that a session can do to files. Each step is one acknowledgement.
    private static let steps: [@Sendable (ClusterStorage) throws -> Void] = [
        { try createTestTable("t", rows: 20, in: $0) },
        { storage in
            // COPY: blocks on two slices of two nodes.
            let here = try write(100..<110, of: table, to: storage, slice: 0)
            let there = try write(110..<120, of: table, to: storage, slice: 3)
            _ = try storage.commit(
                CommitRecord(
                    transaction: 2,
                    changes: [.append(table.id, slice: 0, here), .append(table.id, slice: 3, there)]))
        },
        { _ = try $0.commit(insert(200..<203, slice: 1, $0)) },
        { storage in
            // Three that share a sync.
            let schema = CommitRecord(transaction: 4, changes: [.createSchema("s")])
            let records = [try insert(203..<206, slice: 1, storage), schema, try insert(206..<209, slice: 2, storage)]
            for result in storage.commit(records) { _ = try result.get() }
        },
        { storage in
            let tail = storage.current.tables[table.id]?.partitions[1].last?.number ?? 0
            _ = try storage.commit(
                CommitRecord(
                    transaction: 5, changes: [.delete(table.id, slice: 1, [tail: DeletedRows([0, 5])])]))
        },
        { try $0.checkpoint() },
        { storage in
            // So many that the next checkpoint makes blocks of them.
            let records = try (0..<5).map { try insert(1_000 * $0 + 1_000..<1_000 * $0 + 2_000, slice: 1, storage) }
            for result in storage.commit(records) { _ = try result.get() }
        },
        { try $0.checkpoint() },
        { _ = try $0.commit(insert(300..<302, slice: 1, $0)) },
        { storage in
            // VACUUM.
            let groups = try write(0..<50, of: table, to: storage, slice: 1, isReplacing: true)
            _ = try storage.commit(CommitRecord(transaction: 6, changes: [.replace(table.id, slice: 1, groups)]))
        },
        { storage in
            var altered = table
            altered.name.name = "other"
            _ = try storage.commit(CommitRecord(transaction: 7, changes: [.replaceTable(altered)]))
        },
        { _ = try $0.commit(CommitRecord(transaction: 8, changes: [.dropTable(table.id)])) },
        { try $0.checkpoint() },
    ]

    private static func insert(_ range: Range<Int>, slice: Int, _ storage: ClusterStorage) throws -> CommitRecord {
        let groups = try write(range, of: table, to: storage, slice: slice, allowsTail: true)
        return CommitRecord(transaction: 3, changes: [.append(table.id, slice: slice, groups)])
    }

    /// All that a session can ask.
    private func state(_ storage: ClusterStorage) throws -> [String] {
        let catalog = storage.current.catalog
        let names = catalog.tables.values.map(\.name.name).sorted()
        let rows = names.isEmpty ? [] : try live(storage).rows
        return [catalog.schemas.sorted().description, names.description, rows.description]
    }

    enum Remains: CaseIterable { case synced, written, some }

    @Test("between any two changes of files, each step is there or is not", arguments: Remains.allCases)
    func everything(remains: Remains) throws {
        var expected: [[String]] = []
        let whole = CrashingFileLayer()
        do {
            let storage = try ClusterStorage.open(on: whole, shape: testShape)
            expected.append(try state(storage))
            for step in Self.steps {
                try step(storage)
                expected.append(try state(storage))
            }
        }
        let changes = whole.changes
        #expect(changes > 80)
        let start = CrashingFileLayer()
        _ = try ClusterStorage.open(on: start, shape: testShape)
        let empty = start.remains(keepsUnsynced: false)
        for crash in 0...changes {
            let disk = CrashingFileLayer(empty)
            let storage = try ClusterStorage.open(on: disk, shape: nil)
            disk.crash(afterChanges: crash)
            var done = 0
            do {
                for step in Self.steps {
                    try step(storage)
                    done += 1
                }
            } catch let error as SQLError {
                #expect(error.state == .ioError)
            }
            let left =
                switch remains {
                case .synced: disk.remains(keepsUnsynced: false)
                case .written: disk.remains(keepsUnsynced: true)
                case .some: disk.someRemains(seed: UInt64(crash))
                }
            let files = CrashingFileLayer(left)
            let recovered = try state(try ClusterStorage.open(on: files, shape: nil))
            #expect(
                recovered == expected[done] || recovered == expected[min(done + 1, expected.count - 1)],
                "after \(crash) changes and \(done) steps")
            // Whatever was lying about is gone.
            #expect(files.list("").filter { $0.hasPrefix("log.") }.count == 1)
            if done == Self.steps.count { break }
        }
    }
}
