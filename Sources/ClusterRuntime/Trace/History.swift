package import Catalog
package import Ingest

/// A record that a COPY refused.
package struct LoadErrorRecord: Sendable {
    package var query: Int64
    package var slice: Int
    package var table: TableID
    package var session: Int32
    package var user: UserID
    package var startTime: Int64
    package var error: LoadError
}

/// The last load errors, oldest first; older ones are forgotten.
struct History: Sendable {
    static let loadErrorsMax = 10_000

    private(set) var loadErrors: [LoadErrorRecord] = []

    mutating func add(_ errors: [LoadErrorRecord]) {
        loadErrors += errors
        if loadErrors.count > History.loadErrorsMax { loadErrors.removeFirst(loadErrors.count - History.loadErrorsMax) }
    }
}
