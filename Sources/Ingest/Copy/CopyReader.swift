package import Catalog
package import SQLTypes
package import VectorEngine

/// Parses the objects dealt to one slice: bytes → fields → typed vectors, batch by batch, when asked.
///
/// Belongs to one task. A batch holds the table's columns in the table's order; one that the COPY list leaves out is a
/// constant. Rejected records are in `loadErrors`; when there are as many as MAXERROR allows, `next` throws.
package final class CopyReader {
    package private(set) var progress = CopyProgress()
    package private(set) var loadErrors: [LoadError] = []
    package private(set) var loadedFiles: [LoadedFile] = []

    /// - Parameters:
    ///   - objects: what `CopyAssignment` dealt to the slice, read one after the other.
    ///   - options: must have passed `validate()`.
    ///   - columns: table column (from 0) of each field of the file.
    ///   - defaults: one value per table column; used for those that `columns` leaves out.
    package init(
        objects: [ObjectSummary], in store: any ObjectStore, options: CopyOptions, table: TableDefinition,
        columns: [Int], defaults: [SQLValue]
    ) throws(SQLError) {
        _ = (objects, store, options, table, columns, defaults)
    }

    /// The next records, at most `recordsPerBatch` and at least one; nil when all objects are read.
    package func next() throws(SQLError) -> Batch? { nil }
}
