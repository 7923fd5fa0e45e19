import Catalog

/// One append-only file of a table's blocks on a slice.
final class DataFile: Sendable {
    let table: TableID
    let slice: Int
    let number: Int32

    init(table: TableID, slice: Int, number: Int32) {
        self.table = table
        self.slice = slice
        self.number = number
    }
}
