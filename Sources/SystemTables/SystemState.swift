package import Catalog
package import QueryPlan
package import SQLTypes

/// All that system views can show, at one moment: plain values, made by the leader for each query that may read one.
package struct SystemState: Sendable {
    package struct Session: Hashable, Sendable {
        package var process: Int32
        package var user: String
        package var userID: UserID
        package var database: String
        /// Microseconds since 2000-01-01 00:00:00 UTC.
        package var startTime: Int64

        package init(process: Int32, user: String, userID: UserID, database: String, startTime: Int64) {
            self.process = process
            self.userID = userID
            self.user = user
            self.database = database
            self.startTime = startTime
        }
    }

    /// A table's rows on one slice.
    package struct Partition: Hashable, Sendable {
        package var table: TableID
        package var slice: Int
        /// Stored, deleted ones included.
        package var rows: Int64
        package var deletedRows: Int64
        package var sortedRows: Int64
        package var blocks: Int64
        package var bytes: Int64

        package init(
            table: TableID, slice: Int, rows: Int64, deletedRows: Int64 = 0, sortedRows: Int64, blocks: Int64,
            bytes: Int64
        ) {
            self.table = table
            self.slice = slice
            self.rows = rows
            self.deletedRows = deletedRows
            self.sortedRows = sortedRows
            self.blocks = blocks
            self.bytes = bytes
        }
    }

    /// The storage of one node.
    package struct Disk: Hashable, Sendable {
        /// Blocks of 1 MB that there is place for, with those in use; 0: not known.
        package var capacity: Int64
        /// Column chunks that were read from it since the start, and blocks that commits brought.
        package var reads: Int64
        package var writes: Int64
        package var mount: String

        package init(capacity: Int64, reads: Int64, writes: Int64, mount: String) {
            self.capacity = capacity
            self.reads = reads
            self.writes = writes
            self.mount = mount
        }
    }

    /// A parameter of the session.
    package struct Setting: Sendable {
        package var name: String
        package var value: String
        /// `bool`, `integer`, `string`.
        package var type: String
        package var isChangeable: Bool
        /// As it is in a new session.
        package var isStandard: Bool
        package var minimum: String?
        package var maximum: String?

        package init(
            name: String, value: String, type: String, isChangeable: Bool, isStandard: Bool, minimum: String? = nil,
            maximum: String? = nil
        ) {
            self.name = name
            self.value = value
            self.type = type
            self.isChangeable = isChangeable
            self.isStandard = isStandard
            self.minimum = minimum
            self.maximum = maximum
        }
    }

    /// One block of one column.
    package struct Block: Hashable, Sendable {
        package var table: TableID
        package var slice: Int
        package var column: Int
        /// In the column's chain on that slice, from 0.
        package var number: Int
        package var rows: Int
        package var minimum: SQLValue?
        package var maximum: SQLValue?
        package var isSorted: Bool

        package init(
            table: TableID, slice: Int, column: Int, number: Int, rows: Int, minimum: SQLValue?, maximum: SQLValue?,
            isSorted: Bool
        ) {
            self.table = table
            self.slice = slice
            self.column = column
            self.number = number
            self.rows = rows
            self.minimum = minimum
            self.maximum = maximum
            self.isSorted = isSorted
        }
    }

    /// A record that a COPY refused, as STL_LOAD_ERRORS shows it.
    package struct LoadError: Hashable, Sendable {
        package var query: Int64
        package var slice: Int
        package var table: TableID
        package var session: Int32
        package var user: UserID
        package var startTime: Int64
        package var file: String
        package var line: Int64
        package var column: String
        package var type: String
        package var columnLength: String
        package var position: Int
        package var rawLine: String
        package var rawValue: String
        package var code: Int32
        package var reason: String
        /// Of the record up to the one that could not be read; none where they were not kept.
        package var fields: [Field] = []
        /// Of a range of a file.
        package var isPartial = false
        package var startOffset: Int64 = 0

        package struct Field: Hashable, Sendable {
            package var column: String
            package var type: String
            package var columnLength: String
            package var value: String
            package var isNull: Bool

            package init(column: String, type: String, columnLength: String, value: String, isNull: Bool) {
                self.column = column
                self.type = type
                self.columnLength = columnLength
                self.value = value
                self.isNull = isNull
            }
        }

        package init(
            query: Int64, slice: Int, table: TableID, session: Int32, user: UserID, startTime: Int64, file: String,
            line: Int64, column: String, type: String, columnLength: String, position: Int, rawLine: String,
            rawValue: String,
            code: Int32, reason: String, fields: [Field] = []
        ) {
            self.fields = fields
            self.query = query
            self.slice = slice
            self.table = table
            self.session = session
            self.user = user
            self.startTime = startTime
            self.file = file
            self.line = line
            self.column = column
            self.type = type
            self.columnLength = columnLength
            self.position = position
            self.rawLine = rawLine
            self.rawValue = rawValue
            self.code = code
            self.reason = reason
        }
    }

    package var shape: ClusterShape
    package var catalog: CatalogSnapshot
    /// Schemas that the asking session searches, its temporary one among them: PG_TABLE_DEF shows no others.
    package var searchPath: [String]
    package var database: String
    package var user: String
    package var sessions: [Session]
    /// Statements that have ended and that the asking user may see, oldest first.
    package var queries: [LoggedQuery]
    package var loadErrors: [LoadError]
    /// By table and slice; computed when a view asks.
    package var partitions: @Sendable () -> [Partition]
    package var blocks: @Sendable () -> [Block]
    /// What the asking user may do; nil: everything.
    package var rights: Rights?
    /// Those that CREATE DATABASE has not made are of the first one, which comes first.
    package var databases: [DatabaseDefinition] = []
    /// Looked up when a view asks.
    package var live: @Sendable () -> LiveState = { LiveState() }
    /// By name.
    package var settings: [Setting] = []
    /// Of a late-binding view as it would be used now; nil: it cannot be.
    package var lateBindingColumns: @Sendable (ViewDefinition) -> [ViewDefinition.Column]? = { _ in nil }
    /// What was logged, without others' doings that the user may not see; taken when a view asks.
    package var events: @Sendable () -> EventHistory = { EventHistory() }
    /// What there is place for on the nodes' disks, and how often they were read; looked up when a view asks.
    package var disks: @Sendable () -> [Disk] = { [] }
    /// What version() says.
    package var version = ""
    /// Statement text without its literals; asked for by views that tell statements of one form.
    package var withoutLiterals: @Sendable (String) -> [UInt8] = { Array($0.utf8) }
    /// What SQL text can call.
    package var functions: @Sendable () -> FunctionListing = { FunctionListing([]) }

    package init(
        shape: ClusterShape, catalog: CatalogSnapshot, searchPath: [String], database: String, user: String,
        sessions: [Session], queries: [LoggedQuery], loadErrors: [LoadError],
        partitions: @escaping @Sendable () -> [Partition], blocks: @escaping @Sendable () -> [Block]
    ) {
        self.shape = shape
        self.catalog = catalog
        self.searchPath = searchPath
        self.database = database
        self.user = user
        self.sessions = sessions
        self.queries = queries
        self.loadErrors = loadErrors
        self.partitions = partitions
        self.blocks = blocks
    }

    /// User tables by name.
    var tables: [TableDefinition] { catalog.tables.values.sorted { $0.name < $1.name } }

    /// Those that the session may name: temporary ones of others are not among them.
    var ownTables: [TableDefinition] { tables.filter { isOwn($0.name) } }
    var ownViews: [ViewDefinition] { catalog.views.values.filter { isOwn($0.name) }.sorted { $0.name < $1.name } }

    /// Of these, those with which the user may do something.
    var knownTables: [TableDefinition] { ownTables.filter { mayKnow(.table($0.id)) } }
    var knownViews: [ViewDefinition] { ownViews.filter { mayKnow(.view($0.name)) } }

    var ownSchemas: [String] {
        catalog.schemas.union(["pg_internal"]).filter { !TableName.isTemporary(schema: $0) || searchPath.contains($0) }
            .sorted()
    }

    func isOwn(_ table: TableDefinition) -> Bool { isOwn(table.name) }

    func creationTime(of table: TableDefinition) -> SQLValue {
        catalog.creationTimes[table.id].map { .timestamp($0) } ?? .null
    }

    /// Of the session's own database.
    var databaseNumber: Int { SystemView.databaseID }

    private func isOwn(_ name: TableName) -> Bool { !name.isTemporary || searchPath.contains(name.schema) }
}
