import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

@Suite("Recovery") struct RecoveryTests {
    /// A cluster of three commits, each of a schema, closed; and the length of its log after each.
    private func makeLog(_ directory: TemporaryDirectory) throws -> [Int] {
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        var ends = [try directory.read("log.1").count]
        for number in 1...3 {
            _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema("s\(number)")]))
            ends.append(try directory.read("log.1").count)
        }
        storage.close()
        return ends
    }

    private func open(_ directory: TemporaryDirectory) throws -> ClusterStorage {
        try ClusterStorage.open(at: .directory(directory.path), shape: nil)
    }

    @Test("a torn record at the end is cut off, wherever it is torn")
    func tornTail() throws {
        let directory = try TemporaryDirectory()
        let ends = try makeLog(directory)
        let log = try directory.read("log.1")
        for cut in ends[2]..<ends[3] {
            try directory.write(Array(log[..<cut]), "log.1")
            let storage = try open(directory)
            #expect(storage.current.commit == 2, "cut at \(cut)")
            #expect(try directory.read("log.1").count == ends[2])
            storage.close()
        }
        // The whole length is there, its bytes are not: the file grew before the data came.
        for damage in [ends[2], ends[2] + 5, ends[3] - 1] {
            var bytes = log
            bytes[damage] ^= 0x10
            try directory.write(bytes, "log.1")
            let storage = try open(directory)
            #expect(storage.current.commit == 2, "damaged at \(damage)")
            _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema("again")]))
            storage.close()
            #expect(try open(directory).current.catalog.schemas.contains("again"))
        }
        try directory.write(Array(log[..<ends[3]]) + [UInt8](repeating: 0, count: 4_096), "log.1")
        #expect(try open(directory).current.commit == 3)
    }

    @Test("a damaged record before the end is an error")
    func damagedRecord() throws {
        let directory = try TemporaryDirectory()
        let ends = try makeLog(directory)
        let log = try directory.read("log.1")
        for damage in ends[0]..<ends[2] {
            var bytes = log
            bytes[damage] ^= 0x41
            try directory.write(bytes, "log.1")
            let error = failure { _ = try open(directory) }
            #expect(error?.state == .dataCorrupted, "damaged at \(damage): \(String(describing: error))")
        }
        try directory.write(log, "log.1")
        #expect(try open(directory).current.commit == 3)
    }

    @Test("checkpoints are checked from the first byte to the last")
    func damagedCheckpoint() throws {
        let directory = try TemporaryDirectory()
        _ = try makeLog(directory)
        let checkpoint = try directory.read("checkpoint")
        #expect(try directory.read("checkpoint.copy") == checkpoint)
        for damage in checkpoint.indices where damage % 5 == 0 {
            var bytes = checkpoint
            bytes[damage] ^= 0x80
            // One of the two mends the other.
            try directory.write(bytes, "checkpoint")
            let storage = try open(directory)
            #expect(storage.current.commit == 3 && storage.repairs.repairs.map(\.object) == ["checkpoint"])
            storage.close()
            #expect(try directory.read("checkpoint") == checkpoint, "damaged at \(damage)")
            // Both: nothing is left to read.
            try directory.write(bytes, "checkpoint")
            try directory.write(bytes, "checkpoint.copy")
            #expect(failure { _ = try open(directory) } != nil, "damaged at \(damage)")
            for name in ["checkpoint", "checkpoint.copy"] { try directory.write(checkpoint, name) }
        }
        var bytes = checkpoint
        bytes[73] ^= 1
        try directory.write(bytes, "checkpoint.copy")
        try open(directory).close()
        #expect(try directory.read("checkpoint.copy") == checkpoint)
        for name in ["checkpoint", "checkpoint.copy"] { try directory.write(Array(checkpoint.dropLast()), name) }
        #expect(failure { _ = try open(directory) }?.state == .dataCorrupted)
    }

    @Test("a copy of a checkpoint that is over is not taken for it")
    func oldCopy() throws {
        let directory = try TemporaryDirectory()
        _ = try makeLog(directory)
        let old = try directory.read("checkpoint.copy")
        let storage = try open(directory)
        try storage.checkpoint()
        _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema("late")]))
        storage.close()
        #expect(try directory.read("checkpoint.copy") == directory.read("checkpoint"))
        try directory.write(old, "checkpoint.copy")
        var bytes = try directory.read("checkpoint")
        bytes[80] ^= 1
        try directory.write(bytes, "checkpoint")
        #expect(failure { _ = try open(directory) }?.state == .dataCorrupted)
    }

    @Test("views come back, from the log and from a checkpoint", arguments: [false, true])
    func views(isCheckpointed: Bool) throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = storage.reserveTableID()
        func view(_ name: String, over views: [String]) -> ViewDefinition {
            ViewDefinition(
                name: TableName(schema: "public", name: name), columns: [.init("n", .decimal(precision: 8, scale: 2))],
                columnNames: ["n"], text: "SELECT 1.5 AS n", searchPath: ["$user", "public"],
                tables: [table],
                views: views.map { TableName(schema: "public", name: $0) })
        }
        _ = try storage.commit(
            CommitRecord(
                transaction: 1,
                changes: [
                    .createTable(testTable("t", id: table)), .putView(view("w", over: [])),
                    .putView(view("gone", over: [])), .putView(view("v", over: [])),
                ]))
        #expect(failure { _ = try storage.commit(CommitRecord(transaction: 3, changes: [.dropTable(table)])) } != nil)
        _ = try storage.commit(
            CommitRecord(
                transaction: 2,
                changes: [.dropView(TableName(schema: "public", name: "gone")), .putView(view("v", over: ["w"]))]))
        if isCheckpointed { try storage.checkpoint() }
        storage.close()
        let views = try open(directory).current.catalog.views
        #expect(views.values.sorted { $0.name < $1.name } == [view("v", over: ["w"]), view("w", over: [])])
    }

    @Test("creation times come back, and go with their tables", arguments: [false, true])
    func creationTimes(isCheckpointed: Bool) throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let ids = [storage.reserveTableID(), storage.reserveTableID()]
        for (place, id) in ids.enumerated() {
            let table = TableDefinition(
                id: id, name: TableName(schema: "public", name: "t\(place)"),
                columns: [ColumnDefinition(name: "a", type: .integer, encoding: .raw)],
                distribution: Distribution(.even), sortKey: .none)
            _ = try storage.commit(
                CommitRecord(transaction: 1, changes: [.createTable(table), .setCreationTime(id, 7 + Int64(place))]))
        }
        _ = try storage.commit(CommitRecord(transaction: 2, changes: [.dropTable(ids[0])]))
        if isCheckpointed { try storage.checkpoint() }
        storage.close()
        #expect(try open(directory).current.catalog.creationTimes == [ids[1]: 8])
    }

    @Test("pins of statistics come back, and go with their tables", arguments: [false, true])
    func pinnedStatistics(isCheckpointed: Bool) throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let ids = (0..<3).map { _ in storage.reserveTableID() }
        for (place, id) in ids.enumerated() {
            let table = TableDefinition(
                id: id, name: TableName(schema: "public", name: "t\(place)"),
                columns: [ColumnDefinition(name: "a", type: .integer, encoding: .raw)],
                distribution: Distribution(.even), sortKey: .none)
            _ = try storage.commit(
                CommitRecord(transaction: 1, changes: [.createTable(table), .pinStatistics(id, true)]))
        }
        _ = try storage.commit(
            CommitRecord(transaction: 2, changes: [.dropTable(ids[0]), .pinStatistics(ids[1], false)]))
        if isCheckpointed { try storage.checkpoint() }
        storage.close()
        #expect(try open(directory).current.catalog.pinnedStatistics == [ids[2]])
    }

    @Test("an unknown format version is refused by name", arguments: ["checkpoint", "log.1"])
    func version(file: String) throws {
        let directory = try TemporaryDirectory()
        _ = try makeLog(directory)
        var bytes = try directory.read(file)
        bytes[12] = 77
        try directory.write(bytes, file)
        if file == "checkpoint" { try directory.write(bytes, "checkpoint.copy") }
        let error = failure { _ = try open(directory) }
        #expect(error?.state == .featureNotSupported)
        #expect(error?.message.contains("77") == true && error?.message.contains(file) == true)
    }

    @Test("a long log becomes a checkpoint by itself")
    func automaticCheckpoint() throws {
        let directory = try TemporaryDirectory()
        var options = ClusterStorage.Options()
        options.checkpointLogBytes = 1_000
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape, options: options)
        for number in 0..<60 {
            _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema("schema \(number)")]))
        }
        #expect(storage.checkpointFailure == nil)
        storage.close()
        let names = try directory.names()
        #expect(names.filter { $0.hasPrefix("log.") }.count == 1 && !names.contains("log.1"), "\(names)")
        #expect(try open(directory).current.catalog.schemas.count == 63)
    }

    @Test("damaged blocks are reported with their place; nothing traps", arguments: UInt64(0)..<4)
    func damagedBlocks(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        // One node: there is no other copy.
        let storage = try ClusterStorage.open(
            at: .directory(directory.path), shape: ClusterShape(nodes: 1, slicesPerNode: 2))
        let table = try createTestTable("t", rows: 2_000, in: storage)
        storage.close()
        let path = dataPath(table.id, slice: 1)
        let whole = try directory.read(path)
        var bytes = whole
        let position = 64 + Int(seed) * (whole.count - 65) / 3
        bytes[position] ^= 4
        try directory.write(bytes, path)
        let again = try open(directory)
        let group = try #require(again.current.tables[table.id]?.partitions[1].first)
        let errors = (0..<3).compactMap { column in
            failure { _ = try again.slice(1).column(column, of: group, in: table) }
        }
        #expect(errors.count == 1 && errors[0].state == .dataCorrupted)
        #expect(errors[0].message.contains("public.t.") && errors[0].detail?.contains(path) == true)
        again.close()
        try directory.write(Array(whole.dropLast()), path)
        #expect(failure { _ = try open(directory) }?.state == .dataCorrupted)
        // A file of another slice in its place.
        bytes = whole
        bytes[20] ^= 1
        try directory.write(bytes, path)
        #expect(
            failure { _ = try ids(table.id, in: try open(directory).current, of: try open(directory), slice: 1) } != nil
        )
    }
}
