import Catalog
import Execution
import QueryPlan
import Storage

/// What a plan is to those who may run it whole: its segments in an order in which each one comes after those that it
/// receives from, so that one thread can carry them out one after the other and nobody ever waits for rows.
///
/// Only of plans that cannot make more rows than they read but for a constant factor: no joins, no functions that give
/// rows, nothing that writes. Decision 0006 tells what this is for.
struct WholePlan: Sendable {
    /// Rows that the tables have together, of which handing out the work would take longer than doing it: some 0.1 ms.
    static let rowsMax = 8_192
    /// Row groups: each has its own small cost, which many small inserts add up.
    private static let rowGroupsMax = 64
    /// Slices that one thread runs one after the other.
    static let slicesMax = 8

    /// The nodes' segments, then the leader's.
    let onNodes: [Segment]
    let onLeader: [Segment]
    let programs = KeptPrograms()
    /// Tables that are scanned, each once for each scan.
    private let tables: [TableID]

    /// nil: the plan is none of these.
    init?(_ plan: QueryPlan) {
        guard plan.streams.allSatisfy({ $0.loop == nil }) else { return nil }
        let segments = plan.streams.flatMap { QueryDriver.receiversFirst($0.segments).reversed() }
        guard let first = segments.firstIndex(where: { $0.location == .leader }),
            first > 0, segments[first...].allSatisfy({ $0.location == .leader }),
            segments.allSatisfy({ $0.steps.allSatisfy(\.mayRunWhole) })
        else { return nil }
        onNodes = Array(segments[..<first])
        onLeader = Array(segments[first...])
        tables = segments.compactMap { segment in
            if case .scan(let scan)? = segment.steps.first { scan.table } else { nil }
        }
    }

    /// Whether the tables are that small now.
    func isSmall(in version: DatabaseVersion) -> Bool {
        var (rows, rowGroups) = (0, 0)
        for table in tables {
            guard let partitions = version.tables[table]?.partitions else { return false }
            for partition in partitions {
                rowGroups += partition.count
                guard rowGroups <= WholePlan.rowGroupsMax else { return false }
                for group in partition { rows += group.rowCount }
            }
        }
        return rows <= WholePlan.rowsMax
    }
}

extension Step {
    fileprivate var mayRunWhole: Bool {
        switch self {
        case .scan(let scan): scan.keyFilters.isEmpty
        case .receive, .merge, .constants, .filter, .project, .aggregate, .sort, .window, .limit, .distribute,
            .distributeRoundRobin, .broadcast, .sendToSlice, .gather:
            true
        case .virtualScan, .savedScan, .hashJoin, .nestedLoop, .expand, .delete, .identity, .hash, .save,
            .distributeBySlice, .insert, .rewrite, .unload:
            false
        }
    }
}
