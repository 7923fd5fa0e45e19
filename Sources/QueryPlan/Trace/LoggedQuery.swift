package import Catalog

/// A statement in the log. What one row can tell of it is at hand; its plan and its slices' figures are unpacked when
/// they are asked for: ten thousand of them would not fit otherwise.
package struct LoggedQuery: Sendable {
    /// Without plan, slices, streams, deliveries and tables.
    package let summary: QueryRecord
    private let unpack: @Sendable () -> QueryRecord

    /// One that is not packed.
    package init(_ record: QueryRecord) {
        var summary = record
        summary.explain = nil
        summary.streams = []
        summary.tableNames = [:]
        summary.trace.slices = []
        summary.trace.deliveries = []
        self.summary = summary
        unpack = { record }
    }

    package init(_ summary: QueryRecord, unpack: @escaping @Sendable () -> QueryRecord) {
        self.summary = summary
        self.unpack = unpack
    }

    /// All of it. Unpacked anew each time.
    package var record: QueryRecord { unpack() }
    package var number: Int64 { summary.number }
    package var userID: UserID { summary.userID }
    package var usesNodes: Bool { summary.usesNodes }
}
