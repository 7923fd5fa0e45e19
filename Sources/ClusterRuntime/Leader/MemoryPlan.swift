import VectorEngine

/// How the bytes that a cluster may hold are dealt out.
///
///     all     --memory, or half of the machine's memory
///     leader  an eighth: merges, last aggregations and sorts, what it keeps for clients
///     nodes   the rest in equal parts; of its part a node gives operators what they ask for, the block cache what is
///             left, up to a maximum
///
/// Counted are operators (hash tables, groups, rows that are collected), row groups that are being written, and the
/// cache. Not counted: code, stacks, batches on their way between steps, exchanges (bounded by their credit), files that
/// COPY parses.
struct MemoryPlan {
    /// Less than this is no use: parts of the engine need some batches whatever happens.
    static let minimumBytes = 16 << 20

    let leaderBytes: Int
    let nodeBytes: Int
    /// Freed memory that the process keeps for the next use, at most.
    let keptBytes: Int

    /// - Parameter bytesPerNode: what a node gets whatever the others get; nil: its part.
    init(bytes: Int?, bytesPerNode: Int?, nodes: Int) {
        let all = max(bytes ?? Platform.physicalMemoryBytes / 2, MemoryPlan.minimumBytes)
        leaderBytes = all / 8
        nodeBytes = bytesPerNode ?? (all - leaderBytes) / max(1, nodes)
        keptBytes = min(96 << 20, all / 8)
    }
}
