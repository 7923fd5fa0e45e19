import Catalog
import QueryPlan
import SQLTypes
import Storage

/// What STL_ALERT_EVENT_LOG says of one query that has ended: made of its plan and its trace.
///
///     plan    no statistics, nested loop, DS_DIST_ALL_INNER       once, under the first slice that ran the step
///     trace   selective filter, deleted rows                      for each slice whose scan it was
///             rows distributed, broadcast                         once, under the slice that sent most
/// - Source: Redshift developer guide, "STL_ALERT_EVENT_LOG".
struct QueryAlerts {
    private let plan: QueryPlan
    private let trace: QueryTrace
    private let version: DatabaseVersion
    private let source: EventSource
    private let time: Int64
    private let guarded: [GuardedScan]
    private let guardedSteps: Set<StepReference>
    private var alerts: [AlertEvent] = []

    /// In the order of the segments.
    static func of(
        _ plan: QueryPlan, _ trace: QueryTrace, _ version: DatabaseVersion, _ source: EventSource, time: Int64
    ) -> [AlertEvent] {
        guard plan.segments.contains(where: { $0.location != .leader }), !plan.isMaintenance else { return [] }
        var own = QueryAlerts(plan: plan, trace: trace, version: version, source: source, time: time)
        for segment in plan.segments where segment.location != .leader { own.look(at: segment) }
        own.lookAtLabels(plan.explain)
        return own.alerts
    }

    private init(
        plan: QueryPlan, trace: QueryTrace, version: DatabaseVersion, source: EventSource, time: Int64
    ) {
        self.plan = plan
        self.trace = trace
        self.version = version
        self.source = source
        self.time = time
        guarded = plan.explain.guardedScans
        guardedSteps = Set(guarded.flatMap(\.steps))
    }

    private mutating func look(at segment: Segment) {
        for (number, step) in segment.steps.enumerated() {
            switch step {
            case .scan(let scan):
                lookForStatistics(scan, segment, number)
                for slice in slices(of: segment) { look(at: scan, slice, segment, number) }
            case .nestedLoop:
                add(
                    "Nested Loop Join in the query plan",
                    "Review the join predicates to avoid Cartesian products", segment, number)
            case .distribute(let exchange, _): lookAtDistribution(exchange, segment, number)
            case .broadcast:
                guard moved(segment, number) > AlertThresholds.movedRows else { continue }
                add(
                    "Broadcasted a large number of rows across the network",
                    "Review the choice of distribution key to collocate the join and consider using distributed tables",
                    segment, number, slice: busiest(segment, number))
            default: break
            }
        }
    }

    // MARK: The plan

    private mutating func lookForStatistics(_ scan: TableScan, _ segment: Segment, _ step: Int) {
        guard !version.hasStatistics(of: scan.table), let table = version.definition(of: scan.table) else { return }
        // That a guarded table has none is no secret; that a policy looks one up is.
        add(
            "Missing query planner statistics: \(table.name.name)", "Run the ANALYZE command", segment, step,
            isKnown: guarded.contains { $0.table == table.id })
    }

    private mutating func lookAtLabels(_ node: ExplainNode) {
        if node.label == .allInner, let place = node.steps.first,
            let segment = plan.segments.first(where: { $0.number == place.segment })
        {
            add(
                "DS_DIST_ALL_INNER for Hash Join in the query plan",
                "Review the choice of distribution strategy to distribute the inner, rather than outer, table", segment,
                place.step)
        }
        for child in node.children { lookAtLabels(child) }
    }

    // MARK: The run

    private mutating func look(at scan: TableScan, _ slice: SliceTrace, _ segment: Segment, _ number: Int) {
        guard number < slice.steps.count, let rows = rowsMet(by: slice, scan, slice.steps[number]) else { return }
        let visible = rows.stored - rows.deleted
        let passed = slice.steps[number].rowsOut
        let ratio = visible > 0 ? Double(passed) / Double(visible) : 1
        // What keys of a later join kept back says nothing of the filter.
        let isFiltered = scan.filter != nil && slice.steps[number].algorithm != "runtime filter"
        if isFiltered, visible >= AlertThresholds.filteredRowsMin, ratio < AlertThresholds.filterRatio {
            add(
                "Very selective query filter:ratio=rows(\(passed))/rows_pre_user_filter(\(visible))=\(ratio.sixDigits)",
                "Review the choice of sort key to enable range restricted scans, or run the VACUUM command to ensure the "
                    + "table is sorted", segment, number, slice: slice.slice)
        }
        let share = rows.stored > 0 ? Double(rows.deleted) / Double(rows.stored) : 0
        if rows.deleted >= AlertThresholds.deletedRowsMin, share >= AlertThresholds.deletedRatio {
            add(
                "Scanned a large number of deleted rows",
                "Run the VACUUM command to reclaim deleted space", segment, number, slice: slice.slice)
        }
    }

    /// Rows of the row groups that the slice read, all of them and those that are deleted; nil: none.
    private func rowsMet(
        by slice: SliceTrace, _ scan: TableScan, _ step: StepTrace
    ) -> (stored: Int64, deleted: Int64)? {
        guard !step.rowGroupsRead.isEmpty, let table = version.tables[scan.table] else { return nil }
        // The copies of an ALL table lie under the first slice of each node.
        let place =
            scan.share == .ownPartition
            ? slice.slice : trace.shape.slices(ofNode: trace.shape.node(ofSlice: slice.slice)).lowerBound
        guard table.partitions.indices.contains(place) else { return nil }
        let read = Set(step.rowGroupsRead)
        let stored = table.partitions[place].reduce(0) { $0 + (read.contains($1.number) ? Int64($1.rowCount) : 0) }
        let deleted = table.deleted[place].reduce(0) { $0 + (read.contains($1.key) ? Int64($1.value.count) : 0) }
        return (stored, deleted)
    }

    private mutating func lookAtDistribution(_ exchange: ExchangeID, _ segment: Segment, _ number: Int) {
        let rows = moved(segment, number)
        guard rows > AlertThresholds.movedRows, let purpose = purpose(of: exchange) else { return }
        add(
            "Distributed a large number of rows across the network:\(rows) rows were distributed in order to process "
                + "the \(purpose)", "Review the choice of distribution key to collocate the join or aggregation",
            segment, number, slice: busiest(segment, number))
    }

    /// What the rows are for; nil: they are on their way into a table.
    private func purpose(of exchange: ExchangeID) -> String? {
        let receiver = plan.segments.first { segment in
            guard case .receive(let id, _)? = segment.steps.first else { return false }
            return id == exchange
        }
        for step in receiver?.steps ?? [] {
            switch step {
            case .aggregate: return "aggregation"
            case .hash, .hashJoin: return "hash join"
            default: break
            }
        }
        return nil
    }

    // MARK: Steps

    private func slices(of segment: Segment) -> [SliceTrace] {
        trace.slices.filter { $0.segment == segment.number && $0.slice != SliceTrace.leaderSlice }
    }

    private func rowsIn(_ slice: SliceTrace, _ step: Int) -> Int64 {
        step < slice.steps.count ? slice.steps[step].rowsIn : 0
    }

    private func moved(_ segment: Segment, _ step: Int) -> Int64 {
        slices(of: segment).reduce(0) { $0 + rowsIn($1, step) }
    }

    private func busiest(_ segment: Segment, _ step: Int) -> Int? {
        var most: (slice: Int, rows: Int64)?
        for slice in slices(of: segment) where rowsIn(slice, step) > most?.rows ?? -1 {
            most = (slice.slice, rowsIn(slice, step))
        }
        return most?.slice
    }

    private mutating func add(
        _ event: String, _ solution: String, _ segment: Segment, _ step: Int, slice: Int? = nil,
        isKnown: Bool = false
    ) {
        let slice = slice ?? slices(of: segment).map(\.slice).min() ?? SliceTrace.leaderSlice
        alerts.append(
            AlertEvent(
                source: source, slice: slice, segment: segment.number, step: step, event: event, solution: solution,
                time: time,
                isGuarded: !isKnown
                    && guardedSteps.contains(StepReference(segment: segment.number, step: step))))
    }
}

extension QueryPlan {
    /// VACUUM, ALTER TABLE, ANALYZE, COPY: what they read or move is not for a query's sake.
    fileprivate var isMaintenance: Bool {
        if ["Analyze", "Vacuum", "Alter", "Append", "Copy", "Analyze Compression"].contains(explain.operation) {
            return true
        }
        return segments.contains { segment in
            segment.steps.contains { if case .rewrite = $0 { true } else { false } }
        }
    }
}

extension Double {
    /// Between 0 and 1: `0.012346`.
    fileprivate var sixDigits: String {
        let digits = String(Int64((self * 1_000_000).rounded()))
        return "0." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
