import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

@Suite("Cluster storage") struct ClusterStorageTests {
    @Test("what was committed is there after reopening", arguments: [false, true])
    func reopen(checkpointing: Bool) throws {
        let directory = try TemporaryDirectory()
        var storage: ClusterStorage? = try .open(at: .directory(directory.path), shape: testShape)
        var first: TableDefinition
        do {
            let open = try #require(storage)
            first = try createTestTable("orders", rows: 70_000, in: open)
            try createTestTable("empty", rows: 0, in: open)
            if checkpointing { try open.checkpoint() }
            let more = try write(70_000..<70_100, of: first, to: open, slice: 3)
            let statistics = TableStatistics(
                rowCount: 70_100,
                columns: [
                    nil,
                    ColumnStatistics(
                        distinctCount: 50, nullFraction: 0.1, averageWidth: 7, minimum: SQLValue("a"), maximum: nil,
                        mostCommon: [.init(value: SQLValue("note 1"), fraction: 0.5)],
                        histogram: [.integer(3), .date(4)]),
                    nil,
                ])
            _ = try open.commit(
                CommitRecord(
                    transaction: 9,
                    changes: [
                        .append(first.id, slice: 3, more), .setStatistics(first.id, statistics), .createSchema("sales"),
                    ]))
            first.name = TableName(schema: "sales", name: "renamed")
            _ = try open.commit(CommitRecord(transaction: 10, changes: [.replaceTable(first)]))
        }
        let before = try #require(storage).current
        storage?.close()
        storage = nil

        let again = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        let after = again.current
        #expect(again.shape == testShape)
        #expect(after.commit == before.commit)
        #expect(after.nextTableID == before.nextTableID)
        #expect(after.catalog.version == before.catalog.version)
        #expect(after.catalog.schemas == before.catalog.schemas)
        #expect(after.catalog.tables == before.catalog.tables)
        #expect(after.catalog.tableIDs == before.catalog.tableIDs)
        #expect(after.catalog.statistics == before.catalog.statistics)
        #expect(after.catalog.rowCounts == before.catalog.rowCounts)
        #expect(after.catalog.rowCounts[first.id] == 70_100)
        for (id, table) in before.tables { #expect(after.tables[id]?.partitions == table.partitions) }
        #expect(after.tables[first.id]?.partitions[1].map(\.rowCount) == [65_536, 4_464])
        #expect(try ids(first.id, in: after, of: again, slice: 1) == Array(0..<70_000))
        #expect(try ids(first.id, in: after, of: again, slice: 3) == Array(70_000..<70_100))
        // And it goes on.
        let last = try write(1..<3, of: first, to: again, slice: 3)
        let next = try again.commit(CommitRecord(transaction: 11, changes: [.append(first.id, slice: 3, last)]))
        #expect(try ids(first.id, in: next, of: again, slice: 3).count == 102)
        #expect(next.tables[first.id]?.partitions[3].map(\.number) == [1, 2])
    }

    @Test("the same in memory")
    func inMemory() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = try createTestTable("t", rows: 3_000, in: storage)
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<3_000))
        try storage.checkpoint()
        #expect(storage.current.catalog.rowCounts[table.id] == 3_000)
    }

    @Test("what was not committed is gone, and its space is used again")
    func uncommitted() throws {
        let directory = try TemporaryDirectory()
        let table: TableDefinition
        let path: String
        do {
            let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
            table = try createTestTable("t", rows: 100, in: storage)
            _ = try write(100..<5_000, of: table, to: storage, slice: 1)
            _ = try write(0..<10, of: table, to: storage, slice: 2)
            path = dataPath(table.id, slice: 1)
            #expect(try directory.dataFiles(ofSlice: 2).count == 2)
            storage.close()
        }
        let grown = try directory.read(path).count
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == Array(0..<100))
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 2) == [])
        #expect(try directory.read(path).count < grown)
        #expect(try directory.dataFiles(ofSlice: 2).isEmpty)
    }

    @Test("a second one is refused, until the first is closed")
    func locked() throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let error = failure { _ = try ClusterStorage.open(at: .directory(directory.path), shape: testShape) }
        #expect(error?.state == .objectNotInPrerequisiteState)
        #expect(error?.message.contains("in use") == true)
        storage.close()
        #expect(failure { _ = try ClusterStorage.open(at: .directory(directory.path), shape: testShape) } == nil)
        #expect(failure { _ = try storage.commit(CommitRecord(transaction: 1, changes: [])) } != nil)
    }

    @Test("another shape is refused, naming both")
    func shape() throws {
        let directory = try TemporaryDirectory()
        try ClusterStorage.open(at: .directory(directory.path), shape: testShape).close()
        let other = ClusterShape(nodes: 4, slicesPerNode: 8)
        let error = failure { _ = try ClusterStorage.open(at: .directory(directory.path), shape: other) }
        #expect(error?.message.contains("2 nodes × 2 slices") == true)
        #expect(error?.message.contains("4 × 8") == true)
        let empty = try TemporaryDirectory()
        #expect(failure { _ = try ClusterStorage.open(at: .directory(empty.path), shape: nil) } != nil)
    }

    @Test("drop and replace free the files, but not under a reader")
    func dropAndReplace() throws {
        let directory = try TemporaryDirectory()
        var options = ClusterStorage.Options()
        options.cacheBytesPerNode = 0
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape, options: options)
        let table = try createTestTable("t", rows: 1_000, in: storage)
        var reader: DatabaseVersion? = storage.current
        let groups = try write(5..<9, of: table, to: storage, slice: 1, isReplacing: true)
        _ = try storage.commit(CommitRecord(transaction: 2, changes: [.replace(table.id, slice: 1, groups)]))
        #expect(try ids(table.id, in: storage.current, of: storage, slice: 1) == [5, 6, 7, 8])
        #expect(try directory.dataFiles(ofSlice: 1).count == 4)
        #expect(try ids(table.id, in: try #require(reader), of: storage, slice: 1) == Array(0..<1_000))
        reader = nil
        #expect(
            try directory.dataFiles(ofSlice: 1) == ["1.\(table.id.rawValue).2.dat", "1.\(table.id.rawValue).2.mirror"])
        // TRUNCATE, and rows after it.
        _ = try storage.commit(CommitRecord(transaction: 3, changes: [.replace(table.id, slice: 1, [])]))
        #expect(storage.current.catalog.rowCounts[table.id] == 0)
        #expect(try directory.dataFiles(ofSlice: 1).isEmpty)
        let more = try write(0..<5, of: table, to: storage, slice: 1)
        _ = try storage.commit(CommitRecord(transaction: 4, changes: [.append(table.id, slice: 1, more)]))
        _ = try storage.commit(CommitRecord(transaction: 5, changes: [.dropTable(table.id)]))
        #expect(storage.current.tables.isEmpty && storage.current.catalog.tables.isEmpty)
        #expect(try directory.dataFiles(ofSlice: 1).isEmpty)
        #expect(storage.reserveTableID() > table.id)
    }

    @Test("a version that outlives its cluster leaves the files of the next one alone")
    func outlived() throws {
        let directory = try TemporaryDirectory()
        let first = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 10, in: first)
        var reader: DatabaseVersion? = first.current
        _ = try first.commit(CommitRecord(transaction: 3, changes: [.replace(table.id, slice: 1, [])]))
        first.close()
        let second = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        let groups = try write(0..<7, of: table, to: second, slice: 1)
        _ = try second.commit(CommitRecord(transaction: 3, changes: [.append(table.id, slice: 1, groups)]))
        #expect(reader?.commit == 1)
        reader = nil
        #expect(try ids(table.id, in: second.current, of: second, slice: 1) == Array(0..<7))
    }

    @Test("rows written into what another transaction replaced are not committed")
    func overtaken() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = try createTestTable("t", rows: 10, in: storage)
        let late = try write(10..<20, of: table, to: storage, slice: 1)
        _ = try storage.commit(CommitRecord(transaction: 2, changes: [.replace(table.id, slice: 1, [])]))
        let error = failure {
            _ = try storage.commit(CommitRecord(transaction: 3, changes: [.append(table.id, slice: 1, late)]))
        }
        #expect(error?.state == .serializationFailure)
        #expect(storage.current.catalog.rowCounts[table.id] == 0)
    }

    @Test("a commit that does not apply changes nothing")
    func refused() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        try createTestTable("t", rows: 1, in: storage)
        let before = storage.current.commit
        let twin = testTable("t", id: storage.reserveTableID())
        let records: [([CommitRecord.Change], SQLState)] = [
            ([.createSchema("s"), .createTable(twin)], .duplicateTable),
            ([.createSchema("s"), .createSchema("s")], .duplicateSchema),
            ([.createSchema("s"), .dropTable(twin.id)], .undefinedTable),
            ([.dropSchema("s")], .invalidSchemaName),
        ]
        for (changes, state) in records {
            #expect(failure { _ = try storage.commit(CommitRecord(transaction: 1, changes: changes)) }?.state == state)
        }
        #expect(storage.current.commit == before)
        #expect(!storage.current.catalog.schemas.contains("s"))
    }

    @Test("rows outside the sorted region are counted")
    func unsorted() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = testTable("t", id: storage.reserveTableID(), sorted: true)
        let writer = try storage.slice(0).makeWriter(for: table, isSorted: true)
        try writer.append(testBatch(0..<30))
        let sorted = try writer.finish()
        let rest = try write(30..<40, of: table, to: storage, slice: 0)
        let version = try storage.commit(
            CommitRecord(
                transaction: 1,
                changes: [.createTable(table), .append(table.id, slice: 0, sorted), .append(table.id, slice: 0, rest)]))
        #expect(version.catalog.unsortedFractions[table.id] == 0.25)
        #expect(version.tables[table.id]?.partitions[0].map(\.isSorted) == [true, false])
    }

    @Test("many slices fit into few descriptors, and open quickly")
    func manySlices() throws {
        let directory = try TemporaryDirectory()
        let shape = ClusterShape(nodes: 8, slicesPerNode: 32)
        var options = ClusterStorage.Options()
        options.openFilesMax = 8
        let table: TableDefinition
        do {
            let storage = try ClusterStorage.open(at: .directory(directory.path), shape: shape, options: options)
            table = testTable("t", id: storage.reserveTableID())
            var changes: [CommitRecord.Change] = [.createTable(table)]
            for slice in 0..<shape.slices {
                changes.append(
                    .append(
                        table.id, slice: slice, try write(slice..<slice + 2, of: table, to: storage, slice: slice)))
            }
            _ = try storage.commit(CommitRecord(transaction: 1, changes: changes))
            storage.close()
        }
        let clock = ContinuousClock()
        var storage: ClusterStorage?
        let time = try clock.measure {
            storage = try ClusterStorage.open(at: .directory(directory.path), shape: nil, options: options)
        }
        #expect(time < .seconds(1))
        let open = try #require(storage)
        for slice in stride(from: 0, to: shape.slices, by: 5) {
            #expect(try ids(table.id, in: open.current, of: open, slice: slice) == [Int64(slice), Int64(slice) + 1])
        }
    }
}
