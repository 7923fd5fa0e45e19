import Catalog
import Ingest
import QueryPlan
import SQLTypes

/// What the slices are to parse in a COPY: sent with the segment whose first step receives from `source`.
struct LoadOrder: Sendable {
    /// Stands in the segment's `receive` step for the files.
    var source: ExchangeID
    /// By the slice's number in the cluster.
    var assignment: CopyAssignment
    var store: any ObjectStore
    var options: CopyOptions
    var table: TableDefinition
    /// Table column of each field of the files.
    var columns: [Int]
    /// By table column, for those that the files do not have.
    var defaults: [SQLValue]
    /// Told after each batch what has been read since the last time.
    var progress: LoadMeter
}

/// What one slice's parsing gave: also of a COPY that failed, for STL_LOAD_ERRORS.
struct LoadReport: Sendable {
    var slice: Int
    var progress: CopyProgress
    var errors: [LoadError]
    var files: [LoadedFile]
    var replaced: [ReplacedLine]
}
