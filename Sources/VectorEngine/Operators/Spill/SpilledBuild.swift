package import SQLTypes

/// The build side of a hash join whose table found no memory: its rows on disk, dealt by bits of their keys' hash. What
/// every slice of the node needs that probes it; each makes tables of its own, one run after the other.
///
/// A slice's own build is dealt by the slice. Of a replicated one, each of the node's slices deals its part if memory is
/// refused to any of them; then all slices probe all parts, each within its own memory: so no slice holds more than its
/// share, at the price of as many passes over the parts as there are slices.
package final class SpilledBuild: Sendable {
    /// The build as rows are kept: which of their columns make the key, and which the joins hand on.
    package struct Layout: Sendable {
        package var keys: [Int]
        package var keyTypes: [SQLType]
        package var payload: [Int]
        package var payloadTypes: [SQLType]

        package init(keys: [Int], keyTypes: [SQLType], payload: [Int], payloadTypes: [SQLType]) {
            self.keys = keys
            self.keyTypes = keyTypes
            self.payload = payload
            self.payloadTypes = payloadTypes
        }
    }

    package let layout: Layout
    /// By partition, those of all parts in the order of the slices that made them.
    let partitions: [[SpillRun]]
    /// Some row has a null among its keys.
    let hasNullKey: Bool
    package let rowCount: Int
    private let accounts: [Int: MemoryAccount]

    package init(_ parts: [SpilledPart], layout: Layout) {
        self.layout = layout
        partitions = (0..<SpillPartitioner.fanOut).map { partition in
            parts.map { $0.runs[partition] }.filter { $0.rowCount > 0 }
        }
        hasNullKey = parts.contains(where: \.hasNullKey)
        rowCount = partitions.reduce(0) { $0 + $1.reduce(0) { $0 + $1.rowCount } }
        var accounts: [Int: MemoryAccount] = [:]
        for part in parts { accounts[part.slice] = part.account }
        self.accounts = accounts
    }

    /// The account by which the slice built; the share that it was promised is there for its probe.
    package func account(ofSlice slice: Int) -> MemoryAccount? { accounts[slice] }
}

/// One slice's part of a spilled build.
package struct SpilledPart: Sendable {
    package let slice: Int
    let runs: [SpillRun]
    let hasNullKey: Bool
    let account: MemoryAccount
}

/// Collects the rows of a build side as long as its memory suffices, and deals them to disk then. Belongs to one task.
package final class BuildCollector {
    private let layout: SpilledBuild.Layout
    private let workspace: SpillWorkspace
    private let stringCount: Int
    private var batches: [Batch] = []
    private var rowCount = 0
    private var byteCount = 0
    private var partitions: SpillPartitioner?

    package init(_ layout: SpilledBuild.Layout, _ workspace: SpillWorkspace) {
        self.layout = layout
        self.workspace = workspace
        let types = Dictionary(
            zip(layout.keys + layout.payload, layout.keyTypes + layout.payloadTypes),
            uniquingKeysWith: { first, _ in first })
        stringCount = types.values.count { $0.storage == .bytes }
    }

    package var account: MemoryAccount { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }
    package var hasSpilled: Bool { partitions != nil }

    /// What a table of the rows takes while it is made: rows, their copy in the table, keys, hashes, places, chains.
    static func bytesToBuild(rows: Int, bytes: Int, keys: Int) -> Int { 2 * bytes + rows * (48 + 16 * keys) }

    private var bytesNeeded: Int {
        BuildCollector.bytesToBuild(
            rows: rowCount, bytes: byteCount + 12 * stringCount * rowCount, keys: layout.keys.count)
    }

    package func append(_ batch: Batch) throws(SQLError) {
        if let partitions { return try partitions.append(batch) }
        batches.append(batch)
        rowCount += batch.count
        byteCount += batch.wireByteCount
        let needed = bytesNeeded
        guard !workspace.account.resize(to: needed) else { return }
        if rowCount <= workspace.rowsMinimum { workspace.account.force(to: needed) } else { try spill() }
    }

    private func spill() throws(SQLError) {
        let partitions = try SpillPartitioner(
            keys: layout.keys, kinds: layout.keyTypes.map { KeyKind($0) }, level: 0, workspace)
        self.partitions = partitions
        try BuildCollector.deal(batches, to: partitions, workspace)
        batches = []
        workspace.account.force(to: 0)
    }

    private static func deal(
        _ batches: [Batch], to partitions: SpillPartitioner, _ workspace: SpillWorkspace
    ) throws(SQLError) {
        for batch in batches {
            try workspace.checkpoint()
            try partitions.append(batch)
        }
    }

    /// All rows, if they are in memory still.
    package func takeRows(slice: Int) -> SavedRows {
        defer { batches = [] }
        return SavedRows(slice: slice, batches: batches)
    }

    /// All rows, if they are not.
    package func takeSpilled(slice: Int) throws(SQLError) -> SpilledPart? {
        guard let partitions else { return nil }
        return SpilledPart(
            slice: slice, runs: try partitions.finish(), hasNullKey: partitions.hasNullKey, account: workspace.account)
    }

    /// Another slice's rows, which are in memory, as a part of a spilled build; their account is that slice's.
    package static func spilled(
        _ rows: SavedRows, account: MemoryAccount, layout: SpilledBuild.Layout, _ workspace: SpillWorkspace
    ) throws(SQLError) -> SpilledPart {
        let partitions = try SpillPartitioner(
            keys: layout.keys, kinds: layout.keyTypes.map { KeyKind($0) }, level: 0, workspace)
        try deal(rows.batches, to: partitions, workspace)
        let runs = try partitions.finish()
        account.force(to: 0)
        return SpilledPart(slice: rows.slice, runs: runs, hasNullKey: partitions.hasNullKey, account: account)
    }
}
