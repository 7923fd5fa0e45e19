import ClusterRuntime
import PGWire
import SQLTypes
import VectorEngine

/// A statement with its parameters' values, and how far its rows have been sent.
struct Portal {
    let query: PreparedQuery
    let parameters: [SQLParameter]
    /// nil before the first Execute.
    var result: StatementResult?
    var encoder: RowEncoder?
    /// Rows that have come and are not sent yet.
    var ahead: Batch?
    var isComplete = false

    /// Rows may still be read.
    var isOpen: Bool { result != nil && !isComplete }
}
