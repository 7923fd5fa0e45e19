package import SQLTypes
package import VectorEngine

/// Cuts rows of one table into row groups, encodes them and writes them to the slice's data file. Belongs to one task.
package final class RowGroupWriter {
    /// Encoded bytes of a block.
    package static let blockBytesMax = 1 << 20
    /// Unpacked bytes at which a row group is closed early.
    package static let groupBytesMax = 64 << 20

    /// Rows appended so far.
    package private(set) var rowCount = 0

    init() {}

    /// Takes a batch of the table's columns, in their order.
    package func append(_ batch: Batch) throws(SQLError) {
        throw .internalError("writing is not written yet")
    }

    /// Writes what is left. On return all row groups are on disk (synced), to be named in a `CommitRecord`.
    package func finish() throws(SQLError) -> [RowGroupDescriptor] {
        throw .internalError("writing is not written yet")
    }

    /// Forgets the rows; space already written is used again or freed on the next open.
    package func abandon() {}
}
