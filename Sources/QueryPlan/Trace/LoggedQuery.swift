package import Catalog

/// A statement in the log. What one row can tell of it is at hand; its plan and its slices' figures are unpacked when
/// they are asked for: ten thousand of them would not fit otherwise. A class, since each query that reads the log takes a list
/// of all of them.
package final class LoggedQuery: Sendable {
    /// What a record has besides its summary: each is unpacked for itself, since most views look at one of them only.
    package struct Parts: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let plan = Parts(rawValue: 1)
        /// Slices, streams, deliveries and the names of tables.
        package static let run = Parts(rawValue: 2)
        package static let all: Parts = [.plan, .run]
    }

    /// Without plan, slices, streams, deliveries and tables.
    package let summary: QueryRecord
    private let unpack: @Sendable (Parts) -> QueryRecord

    /// One that is not packed.
    package init(_ record: QueryRecord) {
        var summary = record
        summary.explain = nil
        summary.streams = []
        summary.tableNames = [:]
        summary.trace.slices = []
        summary.trace.deliveries = []
        self.summary = summary
        unpack = { _ in record }
    }

    /// - Parameter unpack: gives the summary with those parts at least.
    package init(_ summary: QueryRecord, unpack: @escaping @Sendable (Parts) -> QueryRecord) {
        self.summary = summary
        self.unpack = unpack
    }

    /// All of it. Unpacked anew each time.
    package var record: QueryRecord { unpack(.all) }
    /// Those parts of it, perhaps more. Unpacked anew each time.
    package func record(_ parts: Parts) -> QueryRecord { unpack(parts) }
    package var number: Int64 { summary.number }
    package var userID: UserID { summary.userID }
    package var usesNodes: Bool { summary.usesNodes }
}
