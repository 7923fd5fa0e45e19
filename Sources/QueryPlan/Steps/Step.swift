package import Catalog
package import SQLTypes

/// One operation of a segment. Columns are positions (from 0) in the batch that the step before hands over.
package enum Step: Sendable {
    // Sources: always step 0.
    case scan(TableScan)
    /// A system table or view, computed by the leader; only in leader segments. Output: the columns given, in order.
    case virtualScan(VirtualScan)
    /// Rows that an exchange brings; `types` are those of the sender's batches.
    case receive(ExchangeID, types: [SQLType])
    /// The leader's end of a `gather` whose senders sorted: one stream in the order of `keys`.
    case merge(ExchangeID, types: [SQLType], keys: [SortColumn])
    /// Literal rows: each inner array is one row. Zero columns and one row is the source of `SELECT 1`.
    case constants([[BoundExpression]], types: [SQLType])

    /// The slice's part of what `save` steps of earlier streams kept, one after the other.
    case savedScan(SavedScan)

    // Between.
    case filter(BoundExpression)
    /// Output: one column per expression.
    case project([BoundExpression])
    case hashJoin(HashJoin)
    case nestedLoop(NestedLoop)
    case aggregate(Aggregation)
    case sort(Sort)
    case window(Window)
    /// Rows of a function for each row, on the leader.
    case expand(Expansion)
    /// Skips `offset` rows, then passes on `count` (nil: all).
    case limit(count: Int64?, offset: Int64)
    /// Marks rows of a table as deleted, each once. As the last step a sink; else the rows' new values go on.
    case delete(RowDeletion)
    /// Values for the IDENTITY columns of the table that the rows go to.
    case identity(IdentityFill)

    // Sinks: always the last step.
    /// Builds a hash table that a later stream probes.
    case hash(HashBuild)
    /// Keeps rows in memory for a nested loop, or a `savedScan`, of a later stream.
    case save(HashTableID, isReplicated: Bool)
    /// Each row to the slice that the distribution hash of `keys` says; the routing is that of tables, so that a row
    /// of a table distributed on the same value is already there.
    case distribute(ExchangeID, keys: [Int])
    /// Each row to the next slice in turn (INSERT into an EVEN table).
    case distributeRoundRobin(ExchangeID)
    /// Each row to the slice whose number stands in that column.
    case distributeBySlice(ExchangeID, slice: Int)
    /// Every row to every node once: the receiver runs on every slice and its slices share the node's copy (each row is
    /// seen by exactly one slice of each node). For a replicated hash table, or the copies of a DISTSTYLE ALL table.
    case broadcast(ExchangeID)
    /// Every row to one slice (DS_DIST_ALL_INNER).
    case sendToSlice(ExchangeID, slice: Int)
    /// Every row to the leader: Redshift's `return` step.
    case gather(ExchangeID)
    /// Writes rows into the table's partition on this slice; columns are the table's, all of them, in order.
    case insert(TableID)
    /// Writes rows that are to take the place of those that the slice has: VACUUM, ALTER TABLE.
    case rewrite(RowRewrite)
    /// Writes rows into files of the slice's own (or of the leader's); which ones, the statement's owner knows.
    case unload

    /// As SVL_QUERY_REPORT labels it, without `tbl=`.
    package var label: String { kind.label }
}

/// Columns that every table has without storing them; a scan lists them by these numbers, below those of the table.
package enum SystemColumn: Int, Hashable, Sendable, CaseIterable {
    /// BIGINT: the number of the row group in its partition.
    case rowGroup = -1
    /// INTEGER: the row's place in the row group, from 0.
    case position = -2
    /// INTEGER: the slice that scans the row; of a shared copy not the one that stores it.
    case slice = -3

    package var type: SQLType { self == .rowGroup ? .bigint : .integer }
}

/// UPDATE and DELETE. Runs on the slice that scanned the rows (`SystemColumn.slice`).
package struct RowDeletion: Hashable, Sendable {
    package var table: TableID
    /// Input columns with the row's address.
    package var rowGroup: Int
    package var position: Int
    /// Batch out: these input columns of the rows that were not marked before. Of an ALL table on the first node only.
    package var output: [Int]
    /// A row that comes twice is an error, instead of being changed by one of its matches.
    package var rejectsRepeats = false

    package init(table: TableID, rowGroup: Int, position: Int, output: [Int]) {
        self.table = table
        self.rowGroup = rowGroup
        self.position = position
        self.output = output
    }
}

/// How rows of a table are written anew. The new row groups go to files of their own.
package struct RowRewrite: Hashable, Sendable {
    package var table: TableID
    /// By the sort key; false: in the order in which they come.
    package var sorts: Bool
    /// They are (part of) the sorted region; meant only for a table that has a sort key.
    package var isSorted: Bool

    package init(table: TableID, sorts: Bool, isSorted: Bool) {
        self.table = table
        self.sorts = sorts
        self.isSorted = isSorted
    }
}

/// Reads a slice's partition of a table. Batch out: `output`, in order, of the rows for which `filter` is true.
package struct TableScan: Sendable {
    package enum Share: Hashable, Sendable {
        /// EVEN and KEY: the slice's own rows.
        case ownPartition
        /// ALL, on every node: the node's slices divide its copy between them (each row once per node).
        case nodeCopy
        /// ALL, read once in the whole cluster: the slices of node 0 divide its copy, the others read nothing.
        case oneCopy
    }
    package var table: TableID
    /// Table columns that the scan touches, by position in the table or as `SystemColumn`. `filter` and `output` index into this list.
    package var columns: [Int]
    package var types: [SQLType]
    package var filter: BoundExpression?
    /// Positions in `columns`.
    package var output: [Int]
    package var share: Share
    /// What is left out besides, as far as it pays.
    package var keyFilters: [KeyFilterUse]

    package init(
        table: TableID, columns: [Int], types: [SQLType], filter: BoundExpression?, output: [Int], share: Share,
        keyFilters: [KeyFilterUse] = []
    ) {
        self.keyFilters = keyFilters
        self.table = table
        self.columns = columns
        self.types = types
        self.filter = filter
        self.output = output
        self.share = share
    }
}

package struct SavedScan: Sendable {
    /// A slice that saved nothing under one of them has no rows of it.
    package var tables: [HashTableID]
    package var types: [SQLType]

    package init(tables: [HashTableID], types: [SQLType]) {
        self.tables = tables
        self.types = types
    }
}

/// Calls a function that gives a set of rows. Batch out: each input row as often as it gives rows, with their columns
/// behind its own.
package struct Expansion: Sendable {
    package var function: String
    package var arguments: [BoundExpression]
    /// Of the function's columns.
    package var types: [SQLType]

    package init(function: String, arguments: [BoundExpression], types: [SQLType]) {
        self.function = function
        self.arguments = arguments
        self.types = types
    }
}

package struct VirtualScan: Sendable {
    /// Folded name of the system table or view.
    package var name: String
    /// Positions in the view's full column list.
    package var columns: [Int]
    package var types: [SQLType]
    /// Over `columns`: what a later step will ask of the rows. Those that fail it need not be made.
    package var filter: BoundExpression?

    package init(name: String, columns: [Int], types: [SQLType], filter: BoundExpression? = nil) {
        self.filter = filter
        self.name = name
        self.columns = columns
        self.types = types
    }
}

/// The build side: rows are kept with their `payload`, found by `keys`.
package struct HashBuild: Sendable {
    package var table: HashTableID
    /// Input columns that make the key, in the order of the probe's keys.
    package var keys: [Int]
    /// Input columns that the join hands on, or that its residual condition reads.
    package var payload: [Int]
    package var payloadTypes: [SQLType]
    package var keyTypes: [SQLType]
    /// True: the node's slices fill one table together (the build side is an ALL table or arrives by `broadcast`);
    /// false: each slice has its own.
    package var isReplicated: Bool
    /// Rows that the planner expects in the whole cluster.
    package var estimatedRows: Double
    /// Positions in `keys` of which scans of later streams ask the slice's (or node's) table, ...
    package var ownFilters: [Int]
    /// ... and the tables of all slices.
    package var sharedFilters: [Int]
    /// The inner side of a merge join: rows are meant to come in the order of their key.
    package var feedsMerge: Bool
    package var use: Use

    /// What the join asks of a key.
    package enum Use: Hashable, Sendable {
        /// Which rows have it.
        case rows
        /// How many rows have it: an inner or left join that hands nothing of them on.
        case matches
        /// Whether a row has it: IN, EXISTS and their opposites, without a further condition.
        case presence
    }

    package init(
        table: HashTableID, keys: [Int], keyTypes: [SQLType], payload: [Int], payloadTypes: [SQLType],
        isReplicated: Bool, estimatedRows: Double, ownFilters: [Int] = [], sharedFilters: [Int] = [],
        feedsMerge: Bool = false, use: Use = .rows
    ) {
        self.use = use
        self.ownFilters = ownFilters
        self.sharedFilters = sharedFilters
        self.feedsMerge = feedsMerge
        self.table = table
        self.keys = keys
        self.keyTypes = keyTypes
        self.payload = payload
        self.payloadTypes = payloadTypes
        self.isReplicated = isReplicated
        self.estimatedRows = estimatedRows
    }
}

package enum JoinKind: String, Hashable, Sendable {
    case inner
    /// Every probe row at least once, the build side null where nothing matches.
    case left
    /// Every build row at least once. Never over a replicated table.
    case right
    /// Both. Never over a replicated table.
    case full
    /// Probe rows with a match (EXISTS, IN), once.
    case semi
    /// Probe rows without a match (NOT EXISTS): a null key matches nothing, so its row stays.
    case anti
    /// NOT IN over a nullable key: a null among the build keys leaves no row; a null probe key is dropped unless the
    /// build side is empty.
    case nullAwareAnti
    /// Build rows with a match, once, after all probe rows: a semi join whose outer side is the smaller one, and was
    /// built. Never over a replicated table.
    case buildSemi
    /// Build rows without a match; a null key matches nothing. Never over a replicated table.
    case buildAnti
}

/// Probes a hash table. Batch out: `probeOutput` columns, then (inner, left, right, full, buildSemi, buildAnti)
/// `buildOutput` columns.
package struct HashJoin: Sendable {
    package var table: HashTableID
    package var kind: JoinKind
    /// Input columns, in the order of the build's keys.
    package var keys: [Int]
    /// Over the input's columns followed by the build's payload; a pair of rows matches only if this is true too.
    package var residual: BoundExpression?
    package var probeOutput: [Int]
    /// Positions in the build's payload.
    package var buildOutput: [Int]
    /// Types of the build's whole payload.
    package var payloadTypes: [SQLType]
    /// Both sides are meant to come in the order of the key: a merge join. How it is carried out is decided when the inner
    /// side is there.
    package var isMerge: Bool

    package init(
        table: HashTableID, kind: JoinKind, keys: [Int], residual: BoundExpression?, probeOutput: [Int],
        buildOutput: [Int], payloadTypes: [SQLType], isMerge: Bool = false
    ) {
        self.isMerge = isMerge
        self.table = table
        self.kind = kind
        self.keys = keys
        self.residual = residual
        self.probeOutput = probeOutput
        self.buildOutput = buildOutput
        self.payloadTypes = payloadTypes
    }
}

/// Each input row with each saved row, where `condition` is true. Batch out: input columns, then saved columns.
package struct NestedLoop: Sendable {
    package var table: HashTableID
    /// inner, left, semi or anti.
    package var kind: JoinKind
    package var condition: BoundExpression?
    package var savedTypes: [SQLType]

    package init(table: HashTableID, kind: JoinKind, condition: BoundExpression?, savedTypes: [SQLType]) {
        self.table = table
        self.kind = kind
        self.condition = condition
        self.savedTypes = savedTypes
    }
}

/// Groups and aggregates.
///
///     phase      batch in                            batch out
///     complete   rows                                groups, results
///     partial    rows                                groups, states (`AggregateCall.stateTypes` in order)
///     final      groups, states, as `partial` made   groups, results
///
/// Without groups one row comes out even of no input: of `complete` and `final`. `final` runs where all states of a
/// group are (after `distribute` on the groups, or on the leader).
package struct Aggregation: Sendable {
    package enum Phase: Hashable, Sendable { case complete, partial, final }
    package var phase: Phase
    /// Input columns that make the group; for `final` they are 0 ..< count.
    package var groups: [Int]
    package var groupTypes: [SQLType]
    package var calls: [AggregateCall]
    /// Groups that the planner expects in the whole cluster.
    package var estimatedGroups: Double

    package init(
        phase: Phase, groups: [Int], groupTypes: [SQLType], calls: [AggregateCall], estimatedGroups: Double
    ) {
        self.phase = phase
        self.groups = groups
        self.groupTypes = groupTypes
        self.calls = calls
        self.estimatedGroups = estimatedGroups
    }
}

extension Aggregation {
    /// What it holds grows with its input, and can go to disk: one that has no groups and needs no values holds a row.
    package var isUnbounded: Bool {
        !groups.isEmpty || calls.contains { $0.isDistinct || $0.orderedSet != nil }
    }
}

package struct AggregateCall: Hashable, Sendable {
    /// Canonical name: count, sum, avg, min, max, …; `count` without arguments is count(*).
    package var function: String
    /// Input columns; unused in phase `final`.
    package var arguments: [Int]
    package var argumentTypes: [SQLType]
    /// DISTINCT: only in phase `complete`, where all rows of a group are on one slice.
    package var isDistinct: Bool
    /// Of LISTAGG, MEDIAN and the percentiles; they too are computed in phase `complete` only.
    package var orderedSet: OrderedSet?
    package var result: SQLType

    package init(
        function: String, arguments: [Int], argumentTypes: [SQLType], isDistinct: Bool = false,
        orderedSet: OrderedSet? = nil, result: SQLType
    ) {
        self.function = function
        self.arguments = arguments
        self.argumentTypes = argumentTypes
        self.isDistinct = isDistinct
        self.orderedSet = orderedSet
        self.result = result
    }

    /// The columns that carry a partial result: what `final` combines.
    ///
    ///     count                       BIGINT
    ///     sum of integers, decimals   DECIMAL(38, s)        null while no value was seen
    ///     sum of floats               DOUBLE
    ///     avg                         the sum's, BIGINT     sum and count
    ///     min, max, any_value         the argument's type
    ///     bool_and, bool_or           BOOLEAN
    ///     stddev*, var*               BIGINT, DOUBLE, DOUBLE   count, mean, sum of squared deviations
    package var stateTypes: [SQLType] {
        switch function {
        case "count": [.bigint]
        case "sum": [sumState]
        case "avg": [sumState, .bigint]
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop": [.bigint, .double, .double]
        default: [result]
        }
    }

    private var sumState: SQLType {
        guard let argument = argumentTypes.first else { return .bigint }
        return argument.isFloat ? .double : .decimal(precision: SQLType.maximumDecimalPrecision, scale: argument.scale)
    }
}

/// What a function of values in order has beside its arguments; the first of those is the value.
package struct OrderedSet: Hashable, Sendable {
    /// WITHIN GROUP (ORDER BY …), by position in the call's arguments; empty for LISTAGG without.
    package var order: [SortColumn]
    /// LISTAGG's delimiter (a string), the fraction of a percentile (a DECIMAL).
    package var parameter: SQLValue

    package init(order: [SortColumn], parameter: SQLValue) {
        self.order = order
        self.parameter = parameter
    }
}

package struct SortColumn: Hashable, Sendable {
    package var column: Int
    package var isDescending: Bool
    package var nullsFirst: Bool

    package init(column: Int, isDescending: Bool, nullsFirst: Bool) {
        self.column = column
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}

/// Sorts the slice's rows; with `limit` it keeps only that many first rows (OFFSET included by the planner).
package struct Sort: Sendable {
    package var keys: [SortColumn]
    package var types: [SQLType]
    package var limit: Int64?

    package init(keys: [SortColumn], types: [SQLType], limit: Int64?) {
        self.keys = keys
        self.types = types
        self.limit = limit
    }
}
