import Catalog
import SQLTypes
import Storage
import Testing
import VectorEngine

/// What is said of a table's slices, from row groups whose rows are known.
@Suite struct TableDistributionTests {
    private let shape = ClusterShape(nodes: 2, slicesPerNode: 2)

    private func group(_ rows: Int, blocks: Int) -> RowGroupDescriptor {
        let zone = ZoneMap(nullCount: 0, rowCount: rows)
        let described = (0..<blocks).map { number in
            BlockDescriptor(
                fileOffset: Int64(number) * 100, byteCount: 100, firstRow: 0, rowCount: rows, zone: zone, codec: .raw,
                checksum: 0)
        }
        return RowGroupDescriptor(
            number: 0, file: 1, rowCount: rows, chunks: [ChunkDescriptor(blocks: described, zone: zone)],
            isSorted: false)
    }

    private func distribution(_ style: Distribution.Style, _ rows: [Int], deleted: [Int: [Int]] = [:]) throws
        -> TableDistribution
    {
        let table = TableDefinition(
            id: .firstUserTable, name: TableName(schema: "public", name: "t"),
            columns: [ColumnDefinition(name: "k", type: .integer, encoding: .raw)], distribution: Distribution(style),
            sortKey: .none)
        var version = DatabaseVersion()
        version.catalog.put(table)
        var own = TableVersion(table: table.id, partitions: rows.map { $0 > 0 ? [group($0, blocks: 2)] : [] })
        for (slice, positions) in deleted {
            own.deleted[slice] = [0: DeletedRows(positions)]
        }
        version.tables[table.id] = own
        return try #require(version.distribution(of: table.id, shape: shape))
    }

    @Test func countsEachSlice() throws {
        let found = try distribution(.key(column: 0), [100, 50, 25, 25])
        #expect(found.rows == 200 && found.blocks == 8 && found.bytes == 800)
        #expect(found.slices.map(\.node) == [0, 0, 1, 1])
        #expect(found.meanRows == 50 && found.imbalance == 2 && found.skewRows == 4)
        #expect(found.fullest?.slice == 0 && found.emptiest?.slice == 2, "of equals the first")
    }

    @Test func deletedRowsAreStoredButNotSeen() throws {
        let found = try distribution(.even, [10, 10, 10, 10], deleted: [3: [1, 2, 3, 4, 5]])
        #expect(found.rows == 35 && found.deletedRows == 5)
        #expect(found.slices[3].rows == 5 && found.slices[3].storedRows == 10)
        #expect(found.skewRows == 1, "as SVV_TABLE_INFO counts, which knows stored rows only")
        #expect(found.emptiest?.slice == 3)
    }

    @Test func copiesAreOneTable() throws {
        let found = try distribution(.all, [7, 0, 7, 0])
        #expect(found.rows == 7 && found.holders.map(\.slice) == [0, 2])
        #expect(found.imbalance == 1 && found.skewRows == nil && found.blocks == 4)
    }

    @Test func nothingIsNotUneven() throws {
        let found = try distribution(.even, [0, 0, 0, 0])
        #expect(found.rows == 0 && found.imbalance == nil && found.skewRows == nil && found.meanRows == 0)
        #expect(try distribution(.even, [4, 0, 0, 0]).skewRows == nil, "an empty slice has no ratio")
        #expect(try distribution(.even, [4, 0, 0, 0]).imbalance == 4)
    }

    @Test func thereIsNoTable() { #expect(DatabaseVersion().distribution(of: .firstUserTable, shape: shape) == nil) }
}
