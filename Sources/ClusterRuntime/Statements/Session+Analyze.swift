import Catalog
import Execution
import Planner
import QueryPlan
import SQLTypes
import Storage

// ANALYZE, and the statistics that COPY and CREATE TABLE AS gather by themselves.

extension DatabaseSession {
    /// Values looked at more closely (common values, histogram, widths), in all slices together.
    /// - Source: PostgreSQL's ANALYZE: 300 × default_statistics_target.
    private static let sampleRows = 30_000
    /// Rows whose distinct values are counted, in all slices together: whole row groups, evenly spread.
    private static let readRows = 500_000

    func analyze(_ targets: [AnalyzeTarget], _ write: WriteRun) async throws(SQLError) -> StatementResult {
        var changes: [CommitRecord.Change] = []
        var done: [(table: TableDefinition, found: TableStatistics, startTime: Int64, columns: Int)] = []
        var skipped: [TableDefinition] = []
        var notices: [Notice] = []
        for target in targets {
            guard let table = write.version.catalog.tables[target.table] else { continue }
            guard !write.version.catalog.pinnedStatistics.contains(target.table) else {
                notices.append(
                    Notice(.info, "Statistics of table '\(table.name.name)' are pinned and stay as they are."))
                continue
            }
            if isFresh(table, columns: target.columns, write.version.catalog) {
                skipped.append(table)
                continue
            }
            let partitions =
                write.version.tables[target.table]?.partitions
                ?? Array(repeating: [], count: leader.shape.slices)
            let deleted = write.version.tables[target.table]?.deleted ?? []
            let startTime = Platform.timestampNow
            var found = try await statistics(
                of: table, columns: target.columns, in: partitions, deleted: deleted, write.run)
            if let old = write.version.catalog.statistics[target.table] {
                for (position, column) in old.columns.enumerated() where position < found.columns.count {
                    if found.columns[position] == nil { found.columns[position] = column }
                }
            }
            changes.append(.setStatistics(target.table, found))
            done.append((table, found, startTime, target.columns.count))
        }
        try await apply(changes, by: write.number)
        for table in skipped {
            guard var known = write.version.catalog.statistics[table.id] else { continue }
            known.rowCount = Double(write.version.catalog.rowCounts[table.id] ?? 0)
            logAnalyze(
                of: table, known, modified: modifiedRows(of: table, write.version.catalog),
                startTime: Platform.timestampNow, isSkipped: true, isAutomatic: false, write.number)
        }
        for one in done {
            logAnalyze(
                of: one.table, one.found, modified: modifiedRows(of: one.table, write.version.catalog),
                startTime: one.startTime, columns: one.columns, isAutomatic: false, write.number)
        }
        return StatementResult(tag: "ANALYZE", notices: notices)
    }

    /// Fewer rows came and went since the statistics were made than `analyze_threshold_percent` says: ANALYZE passes the
    /// table over, if it has statistics of all those columns.
    /// - Source: Redshift developer guide, "ANALYZE", "analyze_threshold_percent".
    private func isFresh(_ table: TableDefinition, columns: [Int], _ catalog: CatalogSnapshot) -> Bool {
        guard let known = catalog.statistics[table.id],
            columns.allSatisfy({ known.columns.indices.contains($0) && known.columns[$0] != nil })
        else { return false }
        let modified = catalog.modifiedRows[table.id] ?? ModifiedRows()
        return modified.percent(known: known.rowCount, now: Double(catalog.rowCounts[table.id] ?? 0))
            < Double(analyzeThreshold)
    }

    private var analyzeThreshold: Int64 { settings["analyze_threshold_percent"].flatMap { Int64($0) } ?? 0 }

    /// Since the statistics were made; all rows, where there are none.
    func modifiedRows(of table: TableDefinition, _ catalog: CatalogSnapshot) -> Int64 {
        catalog.statistics[table.id] == nil
            ? catalog.rowCounts[table.id] ?? 0 : catalog.modifiedRows[table.id]?.total ?? 0
    }

    /// - Parameters:
    ///   - modified: rows that came and went since the last one.
    ///   - columns: how many were looked at; nil: all.
    func logAnalyze(
        of table: TableDefinition, _ found: TableStatistics, modified: Int64, startTime: Int64,
        columns: Int? = nil, isSkipped: Bool = false, isAutomatic: Bool, _ transaction: Int64
    ) {
        let columns = columns ?? table.columns.count
        let previous = leader.events.history.analyzes.last { $0.table == table.id && $0.status != "Skipped" }
        leader.events.add(
            AnalyzeEvent(
                source: source(transaction: transaction), table: table.id, schemaName: table.name.schema,
                tableName: table.name.name,
                status: isSkipped ? "Skipped" : columns < table.columns.count ? "PredicateColumn" : "Full",
                rows: found.rowCount, modifiedRows: Double(modified), thresholdPercent: analyzeThreshold,
                isAutomatic: isAutomatic, startTime: startTime, endTime: Platform.timestampNow,
                previousTime: previous?.endTime ?? 0, columnCount: Int64(columns)))
    }

    /// Looks through the rows on the slices that hold them.
    func statistics(
        of table: TableDefinition, columns: [Int], in partitions: [[RowGroupDescriptor]],
        deleted: [DeletedRowGroups] = [], _ run: StatementRun? = nil
    ) async throws(SQLError) -> TableStatistics {
        // Of an ALL table one copy tells everything.
        let partitions =
            table.distribution.effective == .all
            ? [partitions.first ?? []] + Array(repeating: [], count: max(0, leader.shape.slices - 1)) : partitions
        let gone = (table.distribution.effective == .all ? deleted.prefix(1) : deleted[...]).reduce(0) { sum, groups in
            sum + groups.values.reduce(0) { $0 + $1.count }
        }
        let rows = partitions.joined().reduce(0) { $0 + $1.rowCount } - gone
        var merged = columns.map { ColumnSketch(type: table.columns[$0].type) }
        if rows > 0 {
            let groups = partitions.joined().count
            let groupStride = max(1, min(rows / DatabaseSession.readRows, groups / 8))
            let order = SketchOrder(
                table: table, columns: columns, partitions: partitions, deleted: deleted,
                stride: max(1, rows / groupStride / DatabaseSession.sampleRows), groupStride: groupStride)
            for sketch in try await sketches(order, run) {
                for position in merged.indices { merged[position].merge(sketch[position]) }
            }
        }
        var found = [ColumnStatistics?](repeating: nil, count: table.columns.count)
        for (position, column) in columns.enumerated() { found[column] = merged[position].statistics }
        return TableStatistics(rowCount: Double(rows), columns: found)
    }

    private func sketches(_ order: SketchOrder, _ run: StatementRun?) async throws(SQLError) -> [SliceSketch] {
        let table = order.table
        let scan = TableScan(
            table: table.id, columns: order.columns, types: order.columns.map { table.columns[$0].type }, filter: nil,
            output: [], share: .ownPartition)
        let segment = Segment(number: 0, location: .everySlice, steps: [.scan(scan)])
        let explain = ExplainNode(
            operation: "Analyze", cost: Cost(startup: 0, total: 0), rows: 0, width: 0,
            attributes: [table.name.description])
        let plan = QueryPlan(
            streams: [Stream(segments: [segment])], explain: explain, notices: [], output: [], tables: [table.id])
        var own = run ?? StatementRun(text: "")
        // As Redshift logs what ANALYZE reads: scripts that look for users' queries pass it over.
        own.text = "padb_fetch_sample: select * from \(table.name)"
        if run == nil { own.transaction = activity.transaction?.number ?? 0 }
        let execution = prepare(
            plan, own, current, planningNs: 0, sketches: [0: order], isPart: true)
        return try await complete(execution).sketches
    }
}
