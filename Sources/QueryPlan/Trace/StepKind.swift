package import Catalog

/// What a step does, as Redshift's step tables (STL_SCAN, STL_HASH, …) tell steps apart.
///
/// The raw value stands in logs that outlive the process: a number is never given to another kind.
package enum StepKind: UInt8, Hashable, Sendable, CaseIterable {
    case scan = 1
    case filter = 2
    case project = 3
    case hash = 4
    case hashjoin = 5
    case mergejoin = 6
    case nestloop = 7
    case dist = 8
    case bcast = 9
    case aggr = 10
    case sort = 11
    case window = 12
    /// An aggregate that only leaves out what comes twice, for a plan line `Unique`.
    case unique = 13
    case save = 14
    case insert = 15
    case delete = 16
    case `return` = 17
    case limit = 18
    case merge = 19
    /// VACUUM and ALTER TABLE: rows written in the place of others.
    case rewrite = 20
    case unload = 21

    /// As SVL_QUERY_REPORT and SVL_QUERY_SUMMARY begin their labels.
    package var label: String {
        switch self {
        case .scan: "scan"
        case .filter: "filter"
        case .project: "project"
        case .hash: "hash"
        case .hashjoin: "hjoin"
        case .mergejoin: "mjoin"
        case .nestloop: "nloop"
        case .dist: "dist"
        case .bcast: "bcast"
        case .aggr: "aggr"
        case .sort: "sort"
        case .window: "window"
        case .unique: "unique"
        case .save: "save"
        case .insert: "insert"
        case .delete: "delete"
        case .return: "return"
        case .limit: "limit"
        case .merge: "merge"
        case .rewrite: "rewrite"
        case .unload: "unload"
        }
    }
}

/// Where the rows of a scan step come from. The raw value stands in logs.
package enum ScanSource: UInt8, Hashable, Sendable, CaseIterable {
    /// What other slices, or other segments of this one, sent.
    case network = 1
    case table = 2
    /// Rows that a step of an earlier stream saved.
    case transient = 3
    /// Literal rows.
    case constants = 4
    /// A system table or view.
    case systemView = 5
    /// Files of a COPY.
    case files = 6
}

extension Step {
    package var kind: StepKind {
        switch self {
        case .scan, .virtualScan, .receive, .constants, .savedScan: .scan
        case .merge: .merge
        case .filter: .filter
        case .project, .expand, .identity: .project
        case .hashJoin(let join): join.isMerge ? .mergejoin : .hashjoin
        case .nestedLoop: .nestloop
        case .aggregate: .aggr
        case .sort: .sort
        case .window: .window
        case .limit: .limit
        case .hash(let build): build.feedsMerge ? .save : .hash
        case .save: .save
        case .delete: .delete
        case .distribute, .distributeRoundRobin, .distributeBySlice, .sendToSlice: .dist
        case .broadcast: .bcast
        case .gather: .return
        case .insert: .insert
        case .rewrite: .rewrite
        case .unload: .unload
        }
    }

    /// The user's table whose rows the step reads, writes or deletes.
    package var table: TableID? {
        switch self {
        case .scan(let scan): scan.table
        case .insert(let table): table
        case .rewrite(let rewrite): rewrite.table
        case .delete(let deletion): deletion.table
        default: nil
        }
    }

    /// The hash table or the saved rows that the step fills or reads.
    package var transientTable: HashTableID? { filledTable ?? readTables.first }

    package var scanSource: ScanSource? {
        switch self {
        case .scan: .table
        case .receive: .network
        case .savedScan: .transient
        case .constants: .constants
        case .virtualScan: .systemView
        default: nil
        }
    }
}
