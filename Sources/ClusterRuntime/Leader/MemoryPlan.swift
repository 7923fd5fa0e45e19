import Storage

/// How the bytes that a cluster may hold are dealt out.
///
///     all     --memory, or half of the machine's memory
///     leader  an eighth: merges, last aggregations and sorts, what it keeps for clients; a quarter of it, and at most
///             32 MB, is the packed log of statements
///     nodes   the rest in equal parts; of its part a node gives operators what they ask for, the block cache what is
///             left, up to a quarter of the part, or 1 GB where that is more
///
/// Counted are operators (hash tables, groups, rows that are collected), row groups that are being written, and the
/// cache. Not counted: code, stacks, batches on their way between steps, exchanges (bounded by their credit), files that
/// COPY parses.
struct MemoryPlan {
    /// Less than this is no use: parts of the engine need some batches whatever happens.
    static let minimumBytes = 16 << 20

    /// Of the leader's operators.
    let leaderBytes: Int
    /// Of the log of statements, packed.
    let logBytes: Int
    let nodeBytes: Int
    /// Most that a node's block cache gets.
    let cacheBytes: Int
    /// Freed memory that the process keeps for the next use, at most.
    let keptBytes: Int

    /// - Parameter bytesPerNode: what a node gets whatever the others get; nil: its part.
    init(bytes: Int?, bytesPerNode: Int?, nodes: Int) {
        let all = MemoryPlan.bytes(bytes)
        logBytes = min(QueryLog.Limits.standardBytes, all / 32)
        leaderBytes = all / 8 - logBytes
        nodeBytes = bytesPerNode ?? (all - all / 8) / max(1, nodes)
        cacheBytes = max(ClusterStorage.Options.standardCacheBytes, nodeBytes / 4)
        keptBytes = all / 8
    }

    /// All of it. - Parameter bytes: nil: half of the machine's memory.
    static func bytes(_ bytes: Int?) -> Int { max(bytes ?? Platform.physicalMemoryBytes / 2, minimumBytes) }

    /// Unpacked bytes of a row group that is being written: those of all slices are an eighth of everything.
    static func rowGroupBytes(bytes: Int?, slices: Int) -> Int {
        min(max(self.bytes(bytes) / 8 / max(1, slices), 1 << 20), RowGroupWriter.groupBytesMax)
    }

    /// What may be on its way between slices: an eighth of what the senders' node may hold.
    func credit(_ wanted: ExchangeCredit, slicesPerNode: Int) -> ExchangeCredit {
        var credit = wanted
        credit.bytesPerQuery = min(credit.bytesPerQuery, max(nodeBytes / 8, 1 << 20))
        credit.bytesPerSliceAndNode = min(
            credit.bytesPerSliceAndNode, max(credit.bytesPerQuery / max(1, slicesPerNode), 64 << 10))
        return credit
    }
}
