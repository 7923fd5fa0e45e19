import Catalog
import SQLTypes
import VectorEngine

/// Where a record's rows of tails went: by table and slice, the number that a row group had while its transaction ran,
/// to the tail that it joined and its first row there.
struct TailPlaces {
    private struct Slice: Hashable {
        var table: TableID
        var slice: Int
    }
    private var places: [Slice: [Int64: (number: Int64, firstRow: Int)]] = [:]

    mutating func note(_ group: Int64, of table: TableID, slice: Int, number: Int64, firstRow: Int) {
        places[Slice(table: table, slice: slice), default: [:]][group] = (number, firstRow)
    }

    /// Rows that the same record marks, under the numbers of the tails.
    func moved(_ rows: DeletedRowGroups, of table: TableID, slice: Int) -> DeletedRowGroups {
        guard let places = places[Slice(table: table, slice: slice)] else { return rows }
        var moved: DeletedRowGroups = [:]
        for (group, deleted) in rows {
            if let place = places[group] {
                moved[place.number, default: DeletedRows()].formUnion(deleted.shifted(by: place.firstRow))
            } else {
                moved[group, default: DeletedRows()].formUnion(deleted)
            }
        }
        return moved
    }
}

extension DatabaseVersion {
    /// Rows of a tail go to the end of the partition's last one, if there is room.
    mutating func append(
        _ group: RowGroupDescriptor, to id: TableID, slice: Int, _ places: inout TailPlaces?
    ) throws(SQLError) {
        guard places != nil, let rows = group.tail, let partition = tables[id]?.partitions[slice],
            let last = partition.lastIndex(where: { $0.tail != nil }), let tail = partition[last].tail, tail.takes(rows)
        else {
            tables[id]?.partitions[slice].append(group)
            return
        }
        let types = catalog.tables[id]?.columns.prefix(tail.columnCount).map(\.type) ?? []
        guard types.count == tail.columnCount else {
            throw .corrupt("a tail of \(tail.columnCount) columns for a table of \(types.count)")
        }
        let number = partition[last].number
        places?.note(group.number, of: id, slice: slice, number: number, firstRow: tail.rowCount)
        let joined = RowGroupDescriptor(number: number, tail: try tail.appending(rows, types: types))
        tables[id]?.partitions[slice][last] = joined
    }

    mutating func seal(_ group: RowGroupDescriptor, of id: TableID, slice: Int) throws(SQLError) {
        guard let place = tables[id]?.partitions[slice].firstIndex(where: { $0.number == group.number }),
            let tail = tables[id]?.partitions[slice][place].tail, tail.rowCount == group.rowCount
        else {
            throw .corrupt("row group \(group.number) of table \(id.rawValue) is no tail of \(group.rowCount) rows")
        }
        tables[id]?.partitions[slice][place] = group
    }

    /// Tails that are to become blocks: full ones, which rows have come behind, and all from so many rows on.
    func tails(of id: TableID, slice: Int, rowsMin: Int) -> [RowGroupDescriptor] {
        guard let partition = tables[id]?.partitions[slice],
            let last = partition.lastIndex(where: { $0.tail != nil })
        else { return [] }
        return partition.indices.filter { place in
            guard let tail = partition[place].tail else { return false }
            return place != last || tail.rowCount >= rowsMin || tail.byteCount >= TailRows.byteCountMax / 2
        }.map { partition[$0] }
    }
}
