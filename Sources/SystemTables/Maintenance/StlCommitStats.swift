import QueryPlan
import SQLTypes

extension SystemView {
    /// Stages of commits: a row for the leader (-1), and one for each node with its blocks. Nodes have written their blocks
    /// before the commit begins and wait for nothing in it: the stages are the leader's, and as in Redshift a node has been in no
    /// queue, which is told by the first moment of all.
    /// - Source: Redshift developer guide, "STL_COMMIT_STATS".
    static let stlCommitStats = SystemView(
        "stl_commit_stats",
        [
            .big("xid"), .int("node"), .time("startqueue"), .time("startwork"), .time("endflush"),
            .time("endstage"), .time("endlocal"), .time("startglobal"), .time("endtime"), .big("queuelen"),
            .big("permblocks"), .big("newblocks"), .big("dirtyblocks"), .big("headers"), .int("numxids"),
            .big("oldestxid"), .big("extwritelatency"), .int("metadatawritten"), .big("tombstonedblocks"),
            .big("tossedblocks"), .big("batched_by"),
        ]
    ) { state in
        state.events().commits.flatMap { commit -> [[SQLValue]] in
            let all = CommitEvent.Node(
                permanentBlocks: commit.nodes.reduce(0) { $0 + $1.permanentBlocks },
                newBlocks: commit.nodes.reduce(0) { $0 + $1.newBlocks })
            return [row(commit, -1, all)] + commit.nodes.enumerated().map { row(commit, $0, $1) }
        }
    }

    private static func row(_ commit: CommitEvent, _ node: Int, _ blocks: CommitEvent.Node) -> [SQLValue] {
        let times: [SQLValue] = [
            .timestamp(node == -1 ? commit.queuedTime : 0), .timestamp(commit.workTime), .timestamp(commit.workTime),
            .timestamp(commit.stagedTime), .timestamp(commit.syncedTime), .timestamp(commit.syncedTime),
            .timestamp(commit.endTime),
        ]
        return [.int(commit.source.transaction), .int(node)] + times + [
            .int(commit.queueLength), .int(blocks.permanentBlocks), .int(blocks.newBlocks), .int(blocks.newBlocks),
            .int(blocks.newBlocks), .clamped(commit.activeTransactions), .int(commit.oldestTransaction), .int(0),
            .clamped(node == -1 ? commit.logBytes : 0), .int(0), .int(0), .int(commit.batched),
        ]
    }
}
