import Catalog
import SQLTypes
import Testing

@testable import Storage

@Suite("Deleted rows") struct DeleteTests {
    private func commit(_ changes: [CommitRecord.Change], to storage: ClusterStorage) throws -> DatabaseVersion {
        try storage.commit(CommitRecord(transaction: 9, changes: changes))
    }

    @Test("as a set of rows, against one of the standard library")
    func bits() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<40 {
            let limit = [1, 63, 64, 65, 4_000, 65_536][Int(random.next() % 6)]
            let rows = Set((0..<Int(random.next() % 300)).map { _ in Int(random.next() % UInt64(limit)) })
            let deleted = DeletedRows(rows)
            #expect(deleted.rows == rows.sorted() && deleted.count == rows.count && deleted.last == rows.max())
            let first = Int(random.next() % UInt64(limit))
            let range = first..<min(first + 2_048, limit)
            #expect(deleted.hasAny(in: range) == rows.contains { range.contains($0) })
            var mask = [UInt8](repeating: 1, count: range.count)
            mask.withUnsafeMutableBufferPointer { deleted.clear($0, first: range.lowerBound) }
            #expect(mask == range.map { rows.contains($0) ? 0 : 1 })
            var other = DeletedRows([limit - 1])
            #expect(other.isDisjoint(with: deleted) == !rows.contains(limit - 1))
            other.formUnion(deleted)
            #expect(other.rows == rows.union([limit - 1]).sorted())
        }
    }

    @Test("live rows are counted; the version before does not change; log and checkpoint keep both forms")
    func reopening() throws {
        let directory = try TemporaryDirectory()
        let storage = try ClusterStorage.open(at: .directory(directory.path), shape: testShape)
        let table = try createTestTable("t", rows: 70_000, in: storage)
        let before = storage.current
        let numbers = try #require(before.tables[table.id]).partitions[1].map(\.number)
        #expect(numbers.count == 2)
        let few = DeletedRows([3, 65_535])
        let many = DeletedRows(stride(from: 0, to: 4_000, by: 2))
        let rows = [numbers[0]: few, numbers[1]: many]
        let after = try commit([.delete(table.id, slice: 1, rows)], to: storage)
        #expect(after.catalog.rowCounts[table.id] == 67_998)
        #expect(before.tables[table.id]?.deleted[1] == [:] && before.catalog.rowCounts[table.id] == 70_000)
        #expect(after.tables[table.id]?.liveRowCount(ofSlice: 1) == 67_998)
        #expect(after.tables[table.id]?.storedRowCount == 70_000)
        storage.close()
        let fromLog = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        #expect(fromLog.current.tables[table.id]?.deleted[1] == rows)
        try fromLog.checkpoint()
        fromLog.close()
        let fromCheckpoint = try ClusterStorage.open(at: .directory(directory.path), shape: nil)
        #expect(fromCheckpoint.current.tables[table.id]?.deleted[1] == rows)
        #expect(fromCheckpoint.current.catalog.rowCounts[table.id] == 67_998)
        fromCheckpoint.close()
    }

    @Test("the first committer wins: the same row twice, or a row group that is gone")
    func conflicts() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = try createTestTable("t", rows: 100, in: storage)
        let group = try #require(storage.current.tables[table.id]?.partitions[1].first)
        _ = try commit([.delete(table.id, slice: 1, [group.number: DeletedRows([1, 2])])], to: storage)
        _ = try commit([.delete(table.id, slice: 1, [group.number: DeletedRows([3])])], to: storage)
        let again = failure {
            _ = try commit([.delete(table.id, slice: 1, [group.number: DeletedRows([2, 4])])], to: storage)
        }
        #expect(again?.state == .serializationFailure && again?.message == "1023")
        #expect(storage.current.tables[table.id]?.deleted[1][group.number]?.rows == [1, 2, 3])
        let groups = try write(100..<110, of: table, to: storage, slice: 1, isReplacing: true)
        _ = try commit([.replace(table.id, slice: 1, groups)], to: storage)
        #expect(storage.current.tables[table.id]?.deleted[1] == [:])
        let gone = failure {
            _ = try commit([.delete(table.id, slice: 1, [group.number: DeletedRows([50])])], to: storage)
        }
        #expect(gone?.state == .serializationFailure)
        let outside = failure {
            _ = try commit([.delete(table.id, slice: 1, [groups[0].number: DeletedRows([10])])], to: storage)
        }
        #expect(outside?.state == .internalError)
    }

    @Test("row groups that stay when others are replaced keep their deleted rows")
    func partialReplacement() throws {
        let storage = try ClusterStorage.open(at: .memory, shape: testShape)
        let table = try createTestTable("t", rows: 70_000, in: storage)
        let old = try #require(storage.current.tables[table.id]).partitions[1]
        let rows = [old[0].number: DeletedRows([7]), old[1].number: DeletedRows([8])]
        _ = try commit([.delete(table.id, slice: 1, rows)], to: storage)
        let new = try write(0..<10, of: table, to: storage, slice: 1, isReplacing: true)
        let version = try commit([.replace(table.id, slice: 1, [old[0]] + new)], to: storage)
        #expect(version.tables[table.id]?.deleted[1] == [old[0].number: DeletedRows([7])])
        #expect(version.catalog.rowCounts[table.id] == 65_545)
        let ids = try ids(table.id, in: version, of: storage, slice: 1)
        #expect(ids == Array(0..<65_536) + Array(0..<10))
    }
}
