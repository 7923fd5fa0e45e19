import Catalog

/// What a batch of commits cost, for who asks: when its stages were over, and the blocks that each of them wrote.
package struct CommitMeasure: Sendable {
    /// Of one commit of the batch.
    package struct Blocks: Hashable, Sendable {
        /// By node: before the commit, and those that are new with it.
        package var permanent: [Int64]
        package var new: [Int64]
    }

    /// A clock in the unit that the asker wants.
    let now: @Sendable () -> Int64
    /// The next version was made of it; the log was synced; it was visible.
    package internal(set) var stagedTime: Int64 = 0
    package internal(set) var syncedTime: Int64 = 0
    package internal(set) var visibleTime: Int64 = 0
    /// Bytes of the batch's log record.
    package internal(set) var logBytes: Int64 = 0
    /// By the commit's place in the batch; nil: it failed.
    package internal(set) var blocks: [Blocks?] = []

    package init(now: @escaping @Sendable () -> Int64) { self.now = now }
}

/// How many blocks each node has, kept up to date from commit to commit.
struct BlockCounts: Sendable {
    private(set) var byNode: [Int64]
    /// Since the start.
    private(set) var written: [Int64]
    private let shape: ClusterShape

    /// Of all tables, in all databases.
    init(_ version: DatabaseVersion, _ shape: ClusterShape) {
        self.shape = shape
        byNode = Array(repeating: 0, count: shape.nodes)
        written = byNode
        for table in version.tables.values { add(table, 1) }
    }

    mutating func note(
        _ record: CommitRecord, before: DatabaseVersion, after: DatabaseVersion
    ) -> CommitMeasure.Blocks {
        let permanent = byNode
        var new = [Int64](repeating: 0, count: shape.nodes)
        var rebuilt: Set<TableID> = []
        for change in record.changes {
            switch change {
            case .append(_, let slice, let groups), .seal(_, let slice, let groups), .replace(_, let slice, let groups):
                new[shape.node(ofSlice: slice)] += groups.reduce(0) { $0 + $1.blockCount }
                if case .replace(let id, _, _) = change { rebuilt.insert(id) }
            case .dropTable(let id): rebuilt.insert(id)
            default: break
            }
        }
        // A table of which blocks have gone is counted anew; of the others all that came stays.
        for change in record.changes {
            switch change {
            case .append(let id, let slice, let groups), .seal(let id, let slice, let groups):
                guard !rebuilt.contains(id) else { continue }
                byNode[shape.node(ofSlice: slice)] += groups.reduce(0) { $0 + $1.blockCount }
            default: break
            }
        }
        for node in new.indices { written[node] += new[node] }
        for id in rebuilt {
            if let table = before.tables[id] { add(table, -1) }
            if let table = after.tables[id] { add(table, 1) }
        }
        return CommitMeasure.Blocks(permanent: permanent, new: new)
    }

    private mutating func add(_ table: TableVersion, _ sign: Int64) {
        for (slice, groups) in table.partitions.enumerated() {
            byNode[shape.node(ofSlice: slice)] += sign * groups.reduce(0) { $0 + $1.blockCount }
        }
    }
}

extension RowGroupDescriptor {
    /// Of all its columns; 0 of a tail.
    fileprivate var blockCount: Int64 { chunks.reduce(0) { $0 + Int64($1.blocks.count) } }
}
