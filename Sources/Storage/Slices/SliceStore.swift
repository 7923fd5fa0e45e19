package import Catalog
package import SQLTypes
package import VectorEngine

/// The rows of one slice: reads columns of row groups through the node's cache, and makes writers.
package final class SliceStore: Sendable {
    /// In the cluster, from 0.
    package let slice: Int

    init(slice: Int) { self.slice = slice }

    /// One column of all rows of the row group, as narrow as it comes; from the cache, or read, verified and unpacked. A
    /// column that the row group has no chunk of (it was added later) is all null.
    /// - Throws: `dataCorrupted` naming file, block and reason.
    package func column(
        _ column: Int, of group: RowGroupDescriptor, in table: TableDefinition
    ) throws(SQLError) -> Vector {
        throw .internalError("reading is not written yet")
    }

    /// Rows appended to the writer become row groups of this slice, seen by nobody before a commit names them.
    /// - Parameter isSorted: the rows come in the order of the table's sort key and will be its sorted region.
    package func makeWriter(
        for table: TableDefinition, isSorted: Bool
    ) throws(SQLError) -> RowGroupWriter {
        throw .internalError("writing is not written yet")
    }
}
