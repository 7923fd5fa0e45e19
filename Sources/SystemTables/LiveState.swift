package import Catalog
package import QueryPlan
import SQLTypes

/// What is going on at the moment: sessions, transactions, locks, queries.
package struct LiveState: Sendable {
    package struct Session: Hashable, Sendable {
        package struct Statement: Hashable, Sendable {
            package var text: String
            package var startTime: Int64

            package init(text: String, startTime: Int64) {
                self.text = text
                self.startTime = startTime
            }
        }

        package var process: Int32
        package var user: String
        package var database: String
        /// Microseconds since 2000-01-01 00:00:00 UTC, as all times here.
        package var startTime: Int64
        /// nil: it is idle.
        package var statement: Statement?
        package var transaction: Int64?
        package var transactionStart: Int64?
        /// Seconds that it may be idle; 0: for ever.
        package var timeoutSeconds: Int64
        /// nil: it has none open, or the user may not see it.
        package var cursor: Cursor?

        package init(
            process: Int32, user: String, database: String, startTime: Int64, statement: Statement?,
            transaction: Int64?, transactionStart: Int64?, timeoutSeconds: Int64
        ) {
            self.process = process
            self.user = user
            self.database = database
            self.startTime = startTime
            self.statement = statement
            self.transaction = transaction
            self.transactionStart = transactionStart
            self.timeoutSeconds = timeoutSeconds
        }
    }

    /// A table that a transaction may write, or waits for.
    package struct Lock: Hashable, Sendable {
        package var table: TableID
        package var owner: Int64
        package var isGranted: Bool

        package init(table: TableID, owner: Int64, isGranted: Bool) {
            self.table = table
            self.owner = owner
            self.isGranted = isGranted
        }
    }

    /// A plan that runs on the compute nodes, or waits to.
    package struct Query: Hashable, Sendable {
        package var number: Int64
        package var text: String
        package var label: String
        package var process: Int32
        package var transaction: Int64
        package var startTime: Int64
        package var type: QueryType

        package init(
            number: Int64, text: String, label: String, process: Int32, transaction: Int64, startTime: Int64,
            type: QueryType
        ) {
            self.number = number
            self.text = text
            self.label = label
            self.process = process
            self.transaction = transaction
            self.startTime = startTime
            self.type = type
        }
    }

    /// An open cursor.
    package struct Cursor: Hashable, Sendable {
        package var name: String
        package var transaction: Int64
        package var startTime: Int64
        /// That its query has given so far.
        package var rows: Int64
        package var bytes: Int64
        package var fetchedRows: Int64

        package init(
            name: String, transaction: Int64, startTime: Int64, rows: Int64, bytes: Int64, fetchedRows: Int64
        ) {
            self.name = name
            self.transaction = transaction
            self.startTime = startTime
            self.rows = rows
            self.bytes = bytes
            self.fetchedRows = fetchedRows
        }
    }

    /// A COPY that is parsing files.
    package struct Load: Sendable {
        /// What it has parsed, and is to parse, on one slice.
        package struct Slice: Hashable, Sendable {
            package var slice: Int
            /// As stored: what was dealt to it, and what it has read of that.
            package var storedBytes: Int64 = 0
            package var storedBytesRead: Int64 = 0
            package var textBytesRead: Int64 = 0
            package var lines: Int64 = 0
            package var files = 0
            package var filesDone = 0
            package var currentFile = ""

            package init(slice: Int) { self.slice = slice }
        }

        /// With the figures of the moment.
        package var event: LoadEvent
        package var isCompressed: Bool
        package var slices: [Slice]

        package init(event: LoadEvent, isCompressed: Bool, slices: [Slice]) {
            self.event = event
            self.isCompressed = isCompressed
            self.slices = slices
        }
    }

    /// The VACUUM that runs, or the last one.
    package struct Vacuum: Hashable, Sendable {
        package var table: String
        package var status: String

        package init(table: String, status: String) {
            self.table = table
            self.status = status
        }
    }

    /// By number.
    package var sessions: [Session] = []
    package var locks: [Lock] = []
    /// By number.
    package var queries: [Query] = []
    /// By number of the query.
    package var loads: [Load] = []
    package var vacuum: Vacuum?
    package var workload = WorkloadState()
    package var now: Int64 = 0

    package init() {}

    func session(ofTransaction number: Int64) -> Session? { sessions.first { $0.transaction == number } }
}
