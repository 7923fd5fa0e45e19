import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

@Suite("Tails") struct TailTests {
    /// Rows for the tail of slice 1, and what commits them.
    private func insert(
        _ range: Range<Int>, _ table: TableDefinition, _ storage: ClusterStorage
    ) throws -> CommitRecord {
        let groups = try write(range, of: table, to: storage, slice: 1, allowsTail: true)
        #expect(groups.count == 1 && groups[0].file == 0 && groups[0].rowCount == range.count)
        return CommitRecord(transaction: 1, changes: [.append(table.id, slice: 1, groups)])
    }

    private func groups(_ table: TableDefinition, _ version: DatabaseVersion) throws -> [RowGroupDescriptor] {
        try #require(version.tables[table.id]).partitions[1]
    }

    /// Live ids in the order of their rows.
    private func live(_ table: TableDefinition, _ version: DatabaseVersion, _ storage: ClusterStorage) throws -> [Int64]
    {
        let all = try ids(table.id, in: version, of: storage, slice: 1)
        var first = 0
        var live: [Int64] = []
        for group in try groups(table, version) {
            let deleted = try #require(version.tables[table.id]).deleted[1][group.number] ?? DeletedRows()
            live += (0..<group.rowCount).filter { !deleted.contains($0) }.map { all[first + $0] }
            first += group.rowCount
        }
        #expect(Int64(live.count) == version.catalog.rowCounts[table.id])
        return live
    }

    @Test("a tail of many bytes becomes one row group, however small the store's row groups are")
    func wideTail() throws {
        let directory = try TemporaryDirectory()
        var options = ClusterStorage.Options()
        options.rowGroupBytesMax = 4_096
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape, options: options)
        let table = try createTestTable("t", rows: 0, in: storage)
        let rows = 6_000
        for start in stride(from: 0, to: rows, by: 100) {
            _ = try storage.commit(try insert(start..<start + 100, table, storage))
        }
        try storage.checkpoint()
        #expect(try groups(table, storage.current).allSatisfy { $0.tail == nil })
        #expect(try live(table, storage.current, storage) == (0..<Int64(rows)).map { $0 })
    }

    @Test("small inserts are one row group, need no file, and are there after a crash and after a checkpoint")
    func joining() throws {
        let directory = try TemporaryDirectory()
        var storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 0, in: storage)
        var old: [DatabaseVersion] = []
        for start in 0..<40 {
            old.append(try storage.commit(try insert(start * 3..<start * 3 + 3, table, storage)))
        }
        for end in 1...2 {
            let now = try groups(table, storage.current)
            #expect(now.count == 1 && now[0].rowCount == 120)
            #expect(now[0].chunks[0].zone.minimum == .integer(0) && now[0].chunks[0].zone.maximum == .integer(119))
            #expect(try live(table, storage.current, storage) == Array(0..<120))
            #expect(try directory.dataFiles(ofSlice: 1).isEmpty)
            // Who reads an older version sees the rows of its time.
            for (count, version) in old.enumerated() {
                #expect(try live(table, version, storage) == Array(0..<Int64(3 * count + 3)))
            }
            old = []
            if end == 2 { try storage.checkpoint() }
            storage.close()
            storage = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        }
        _ = try storage.commit(try insert(120..<130, table, storage))
        #expect(try live(table, storage.current, storage) == Array(0..<130))
        #expect(try groups(table, storage.current).count == 1)
    }

    @Test("a full tail becomes blocks under its number, deleted rows stay deleted")
    func sealing() throws {
        let directory = try TemporaryDirectory()
        var storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 0, in: storage)
        for start in 0..<65 {
            _ = try storage.commit(try insert(start * 1_000..<start * 1_000 + 1_000, table, storage))
        }
        let number = try #require(try groups(table, storage.current).first).number
        let before = storage.current
        _ = try storage.commit(
            CommitRecord(transaction: 1, changes: [.delete(table.id, slice: 1, [number: DeletedRows([5, 64_000])])]))
        _ = try storage.commit(try insert(65_000..<66_000, table, storage))
        let expected = Array(0..<66_000).filter { $0 != 5 && $0 != 64_000 }.map(Int64.init)
        for _ in 0..<2 {
            let now = try groups(table, storage.current)
            #expect(now.map(\.file) == [1, 0] && now[0].number == number && now[0].rowCount == 65_000)
            #expect(try live(table, storage.current, storage) == expected)
            storage.close()
            storage = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        }
        #expect(storage.checkpointFailure == nil)
        #expect(try groups(table, before).count == 1)
        // What a transaction of before would delete is still addressed by the same number and row.
        #expect(
            failure {
                _ = try storage.commit(
                    CommitRecord(transaction: 1, changes: [.delete(table.id, slice: 1, [number: DeletedRows([5])])]))
            }?.state == .serializationFailure)
        // Long tails become blocks at a checkpoint, too.
        for start in 66..<70 {
            _ = try storage.commit(try insert(start * 1_000..<start * 1_000 + 1_000, table, storage))
        }
        try storage.checkpoint()
        #expect(try groups(table, storage.current).map(\.file) == [1, 1])
        #expect(try live(table, storage.current, storage) == expected + Array(66_000..<70_000))
    }

    @Test("a block's own rows are found where they have gone, whatever others committed meanwhile")
    func blocks() throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 0, in: storage)
        _ = try storage.commit(try insert(0..<10, table, storage))
        // The block inserts 100 ..< 110 and 200 ..< 205, and deletes some of each; another one inserts before it ends.
        let snapshot = storage.current
        let first = try insert(100..<110, table, storage)
        var own = try snapshot.applying(first, shape: testShape, from: .block)
        let second = try insert(200..<205, table, storage)
        own = try own.applying(second, shape: testShape, from: .block)
        let numbers = try groups(table, own).map(\.number)
        #expect(numbers.count == 3)
        let delete = CommitRecord.Change.delete(
            table.id, slice: 1,
            [numbers[0]: DeletedRows([9]), numbers[1]: DeletedRows([0, 4]), numbers[2]: DeletedRows([2])])
        own = try own.applying(CommitRecord(transaction: 1, changes: [delete]), shape: testShape, from: .block)
        let rest: [Int] = Array(0..<9) + [101, 102, 103, 105, 106, 107, 108, 109, 200, 201, 203, 204]
        #expect(try live(table, own, storage) == rest.map(Int64.init))
        _ = try storage.commit(try insert(50..<57, table, storage))
        _ = try storage.commit(
            CommitRecord(transaction: 1, changes: first.changes + second.changes + [delete]))
        let both = [Array(0..<9), Array(50..<57), Array(rest[9...])].joined().map(Int64.init)
        #expect(try live(table, storage.current, storage) == both)
        #expect(try groups(table, storage.current).count == 1)
        storage.close()
        let again = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        #expect(try live(table, again.current, again) == both)
    }

    @Test("rows with another number of columns begin a tail of their own")
    func columns() throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 0, in: storage)
        _ = try storage.commit(try insert(0..<10, table, storage))
        let shorter = try storage.slice(1).without(1, try groups(table, storage.current), of: table.id)
        var other = table
        other.columns.remove(at: 1)
        _ = try storage.commit(
            CommitRecord(transaction: 1, changes: [.replaceTable(other), .replace(table.id, slice: 1, shorter)]))
        storage.close()
        let again = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        let group = try #require(try groups(table, again.current).first)
        #expect(group.chunks.count == 2)
        #expect(integers(try again.slice(1).column(1, of: group, in: other)) == (0..<10).map { $0 * 3 })
        // One that came later is null in what was there before.
        var longer = other
        longer.columns.append(ColumnDefinition(name: "late", type: .integer, encoding: .az64))
        #expect(try again.slice(1).column(2, of: group, in: longer).mayHaveNulls)
        _ = try again.commit(CommitRecord(transaction: 1, changes: [.replaceTable(longer)]))
        let writer = try again.slice(1).makeWriter(for: longer, isSorted: false, allowsTail: true)
        let batch = testBatch(10..<13)
        try writer.append(
            Batch(
                columns: [batch.columns[0], batch.columns[2], .constant(.integer(7), kind: .int32, count: 3)], count: 3)
        )
        _ = try again.commit(
            CommitRecord(transaction: 1, changes: [.append(table.id, slice: 1, try writer.finish())]))
        #expect(try groups(table, again.current).map(\.rowCount) == [10, 3])
    }

    @Test("many rows, sorted ones and those that replace others are no tail")
    func blocksInstead() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = try createTestTable("t", rows: 0, in: storage)
        #expect(try write(0..<1_025, of: table, to: storage, slice: 1, allowsTail: true).map(\.file) == [1])
        #expect(try write(0..<5, of: table, to: storage, slice: 1, isReplacing: true, allowsTail: true)[0].file == 2)
        let writer = try storage.slice(1).makeWriter(for: table, isSorted: true, allowsTail: true)
        try writer.append(testBatch(0..<5))
        #expect(try writer.finish()[0].file == 2)
    }
}

@Suite("Group commit") struct GroupCommitTests {
    @Test("each transaction has an outcome of its own; they share one record and one sync")
    func outcomes() throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let records = ["a", "b", "a", "c"].map { CommitRecord(transaction: 1, changes: [.createSchema($0)]) }
        let results = storage.commit(records)
        #expect(results.map { (try? $0.get())?.commit } == [1, 2, nil, 3])
        #expect(failure { _ = try results[2].get() }?.state == .duplicateSchema)
        #expect(storage.current.commit == 3)
        let length = try directory.read("log.1").count
        _ = try storage.commit(CommitRecord(transaction: 1, changes: [.createSchema("d")]))
        storage.close()
        let log = try directory.read("log.1")
        #expect(try ClusterStorage.open(at: .directory(directory.path), shape: nil).current.commit == 4)
        // Torn anywhere, none of the three is there: none was acknowledged.
        for cut in stride(from: 64, to: length, by: 7) {
            try directory.write(Array(log[..<cut]), "log.1")
            let torn = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
            #expect(torn.current.commit == 0, "cut at \(cut)")
            torn.close()
        }
    }
}
