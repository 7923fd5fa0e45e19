import Catalog
import QueryPlan
import SQLTypes

// What one run of a plan did, by its trace. Steps of a trace stand in the order of the plan's.

extension QueryPlan {
    /// Rows to the leader are a result, not a move.
    func findingOfMoves(in trace: QueryTrace, atMost limit: Double) -> AssertionReport.Finding {
        struct Sender { var segment: Int; var step: Int; var label: String; var bytes: Int64; var rows: Int64 }
        var senders: [Sender] = []
        var bySlice: [Int: Int64] = [:]
        for slice in trace.slices {
            for (place, step) in slice.steps.enumerated() where step.label == "dist" || step.label == "bcast" {
                let bytes = step.bytesLocal + step.bytesRemote
                bySlice[slice.slice, default: 0] += bytes
                if let known = senders.firstIndex(where: { $0.segment == slice.segment && $0.step == place }) {
                    senders[known].bytes += bytes
                    senders[known].rows += step.rowsSent
                } else {
                    senders.append(
                        Sender(
                            segment: slice.segment, step: place, label: step.label, bytes: bytes, rows: step.rowsSent))
                }
            }
        }
        let moved = senders.reduce(0) { $0 + $1.bytes }
        let isPassed = Double(moved) <= limit
        let found = FigureText.bytes(Double(moved))
        var finding = AssertionReport.Finding(
            isPassed, figure: Double(moved), limit: limit,
            "the query moves \(found) between slices, at most \(FigureText.bytes(limit)) was asserted")
        guard !isPassed, let most = senders.max(by: { $0.bytes < $1.bytes }),
            let busiest = bySlice.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })
        else { return finding }
        finding.slice = busiest.key
        finding.detail =
            "\(FigureText.bytes(Double(most.bytes))) of it by the step \(most.label) of segment \(most.segment), "
            + "\(FigureText.count(most.rows)) rows; slice \(busiest.key) sent \(FigureText.bytes(Double(busiest.value)))."
        finding.hint =
            most.label == "bcast"
            ? "A copy of these rows goes to every node: distribute both sides on what the join compares, filter the inner "
                + "side, or keep it whole on each node with DISTSTYLE ALL."
            : "Distribute the table on the columns by which the query joins or groups, and select no columns that it does "
                + "not need."
        return finding
    }

    /// - Parameters:
    ///   - table: nil: all that are scanned.
    ///   - hidden: steps that whoever asks may not be told of.
    func findingOfSkips(
        in trace: QueryTrace, atLeast percent: Double, _ table: TableDefinition?, _ catalog: CatalogSnapshot,
        _ hidden: Set<StepReference>
    ) -> AssertionReport.Finding {
        let segments = Dictionary(segments.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        var (read, skipped) = (Int64(0), Int64(0))
        var scanned: Set<TableID> = []
        var worst: (slice: Int, read: Int64) = (0, -1)
        for slice in trace.slices {
            var readBySlice = Int64(0)
            for (place, step) in slice.steps.enumerated() {
                guard let steps = segments[slice.segment]?.steps, steps.indices.contains(place),
                    case .scan(let scan) = steps[place], table == nil || scan.table == table?.id,
                    !hidden.contains(StepReference(segment: slice.segment, step: place))
                else { continue }
                scanned.insert(scan.table)
                readBySlice += step.blocksRead
                skipped += step.blocksSkipped
            }
            read += readBySlice
            if readBySlice > worst.read { worst = (slice.slice, readBySlice) }
        }
        let names = scanned.sorted().compactMap { catalog.tables[$0]?.name.name }.joined(separator: ", ")
        guard read + skipped > 0 else {
            return AssertionReport.Finding(
                false, limit: percent, "the query touches no blocks\(names.isEmpty ? "" : " of \(names)")",
                hint: !hidden.isEmpty
                    ? "Of a table with row-level security only who holds EXPLAIN RLS is told which blocks are read."
                    : "Rows of small inserts are in memory until there are enough of them for a block: load with COPY, or "
                        + "VACUUM the table.")
        }
        let share = 100 * Double(skipped) / Double(read + skipped)
        let isPassed = share >= percent
        let shown = isPassed ? FigureText.number(share, digits: 1) : FigureText.number(share, against: percent)
        var finding = AssertionReport.Finding(
            isPassed, figure: share, limit: percent, slice: isPassed ? nil : worst.slice,
            "the scan of \(names) skips \(shown) % of the blocks, at least \(FigureText.limit(percent)) % was asserted"
        )
        guard !isPassed else { return finding }
        finding.detail =
            "\(FigureText.count(skipped)) of \(FigureText.count(read + skipped)) blocks were skipped; "
            + "slice \(worst.slice) read the most, \(FigureText.count(worst.read))."
        let tables = table.map { [$0] } ?? scanned.sorted().compactMap { catalog.tables[$0] }
        finding.hint = tables.map { $0.hintForScan(catalog) }.joined(separator: " ")
        return finding
    }
}

extension QueryTrace {
    /// The same steps, of which some have counted nothing.
    func withoutFigures(of hidden: Set<StepReference>) -> QueryTrace {
        var copy = self
        for slice in slices.indices {
            for step in slices[slice].steps.indices
            where hidden.contains(StepReference(segment: slices[slice].segment, step: step)) {
                copy.slices[slice].steps[step] = StepTrace(slices[slice].steps[step].kind)
            }
        }
        return copy
    }
}

extension TableDefinition {
    /// Why zone maps may not help, and what would.
    fileprivate func hintForScan(_ catalog: CatalogSnapshot) -> String {
        let key = sortKey.columns.map { columns[$0].name }
        guard let first = key.first else {
            return
                "\(name.name) has no sort key: try ALTER TABLE \(shortSQLName) ALTER SORTKEY with the column that the query "
                + "filters by."
        }
        let unsorted = catalog.unsortedFractions[id] ?? 0
        if unsorted > 0.05 {
            return
                "\(FigureText.number(100 * unsorted, digits: 0)) % of \(name.name) is unsorted: VACUUM SORT ONLY \(shortSQLName)."
        }
        return
            "\(name.name) is sorted by \(key.joined(separator: ", ")): a filter on \(first) lets a scan skip blocks, one on "
            + "other columns hardly."
    }
}
