import Catalog
import Execution
import Ingest
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// COPY: the leader finds the files and deals them to the slices; each slice parses its own and sends the rows to the
// slices that will keep them; those sort and write; one commit.
//
//     segment 0, each slice   files → distribute | distribute in turn | broadcast
//     segment 1, each slice   receive → insert

extension DatabaseSession {
    func copy(
        into table: TableID, columns: [Int], _ statement: CopyStatement, _ write: WriteRun
    ) async throws(SQLError) -> StatementResult {
        guard var definition = write.version.catalog.tables[table] else {
            throw SQLError.internalError("COPY into a table that is gone")
        }
        let source = try parsedSource(statement)
        let request = try CopyRequest(statement, isLocal: source.isLocal)
        let columns = try request.fields(columns, of: definition, statement)
        var version = write.version
        let isEmpty = (version.tables[table]?.storedRowCount ?? 0) == 0
        if isEmpty, !request.options.noLoad, let encoded = definition.encoded(for: request.options.compressionUpdate) {
            definition = encoded
            version.catalog.put(encoded)
        }
        let store = RecordingStore(try objectStore(statement))
        let parts: [FilePart]
        do throws(SQLError) {
            parts = try await findParts(source, statement, request, in: store)
        } catch {
            // Of no query: none has begun.
            log(store.requests, self.source(transaction: write.number))
            throw error
        }
        let assignment = CopyAssignment(dealing: parts, to: leader.shape)
        let progress = LoadMeter(
            table: definition.name.name, fileCount: assignment.fileCount, storedBytes: assignment.storedBytes,
            onChange: write.run.progress)
        let load = LoadOrder(
            source: ExchangeID(0), assignment: assignment, store: try objectStore(statement), options: request.options,
            table: definition, columns: columns,
            defaults: try await defaults(of: definition, without: columns, write.run),
            progress: progress)
        let plan = loadPlan(load, isDiscarded: request.options.noLoad)
        let execution = prepare(
            plan, write.run, version, planningNs: write.planningNs, loads: [0: load])
        let description = LoadDescription(
            source: self.source(transaction: write.number, query: execution.number), table: table,
            tableName: definition.name.name, dataSource: statement.source, options: request.options,
            assignment: assignment, requests: store.requests, startTime: write.run.startTime)
        log(store.requests, description.source)
        leader.loading.begin(
            RunningLoads.Entry(
                source: description.source, startTime: description.startTime, event: description.event,
                assignment: assignment, isCompressed: request.options.compression != nil, meter: progress))
        let control = write.run.control
        var finished = await withTaskCancellationHandler {
            await execution.run(session: record)
        } onCancel: {
            control.cancel()
        }
        leader.loading.end(execution.number)
        finished.loadErrors = loadErrors(finished, table)
        keep(finished)
        do throws(SQLError) {
            try await self.store(finished.loadErrors)
            let result = try await end(finished, definition, request.options, write)
            log(description, finished.outcome.loads, isCompleted: true)
            (lastRuns.copy, lastRuns.copyRows) = (execution.number, result.affectedRows ?? 0)
            return result
        } catch {
            log(description, finished.outcome.loads, isCompleted: false)
            throw error
        }
    }

    /// The slices have parsed, and written, all that they could.
    private func end(
        _ finished: PlanExecution.Finished, _ definition: TableDefinition, _ options: CopyOptions, _ write: WriteRun
    ) async throws(SQLError) -> StatementResult {
        let error = finished.outcome.error
        // No slice may have had so many, but all together did. What is tolerated explains no failure.
        let isOverLimit = finished.outcome.rejectedRecords >= Int64(options.errorLimit)
        if isOverLimit, error?.state != .queryCanceled, let first = finished.loadErrors.first?.error {
            throw SQLError.loadFailed(table: definition.name.name, first: first)
        }
        if let error { throw error }
        return try await commitLoad(finished.outcome, definition, options, write)
    }

    /// Refused records outlive the process, also those of a COPY that fails: on disk before its answer is given.
    private func store(_ errors: [LoadErrorRecord]) async throws(SQLError) {
        guard !errors.isEmpty else { return }
        let file = leader.storage.loadErrors
        try await IOQueue.shared.run { () throws(SQLError) in try file.append(errors.map(\.encoded)) }.get()
    }

    private func objectStore(_ statement: CopyStatement) throws(SQLError) -> any ObjectStore {
        guard let store = leader.objects else {
            throw SQLError(
                .objectNotInPrerequisiteState, "this cluster has no object store to read \(statement.source) from",
                hint: "Open the cluster on a directory, or give it an object store.",
                position: statement.sourcePosition.character)
        }
        return store
    }

    private func parsedSource(_ statement: CopyStatement) throws(SQLError) -> ObjectAddress {
        do throws(SQLError) {
            let allowsLocalFiles = leader.objects?.allowsLocalFiles ?? false
            return try ObjectAddress(parsing: statement.source, allowsLocalFiles: allowsLocalFiles)
        } catch {
            throw error.at(statement.sourcePosition.character)
        }
    }

    /// Lists the files, and cuts large ones, on a thread that may wait for the store.
    private func findParts(
        _ source: ObjectAddress, _ statement: CopyStatement, _ request: CopyRequest, in store: any ObjectStore
    ) async throws(SQLError) -> [FilePart] {
        let roles = leader.roles
        let (region, user) = (leader.configuration.region, currentUserName(current.catalog))
        let position = statement.sourcePosition.character
        let found = await IOQueue.shared.run { () throws(SQLError) -> [FilePart] in
            do throws(SQLError) {
                if let authorization = request.authorization {
                    try roles.authorize(authorization, for: .read(bucket: source.bucket), user: user)
                }
                let objects = try CopySource.objects(
                    from: statement.source, options: request.options, in: store, clusterRegion: region)
                return try FileSplitting.standard.parts(of: objects, in: store, options: request.options)
            } catch {
                throw error.at(position)
            }
        }
        return try found.get()
    }

    /// One value per table column; only those that the files do not have are ever looked at.
    private func defaults(
        of definition: TableDefinition, without columns: [Int], _ run: StatementRun
    ) async throws(SQLError) -> [SQLValue] {
        var values = [SQLValue](repeating: .null, count: definition.columns.count)
        let given = Set(columns)
        for (position, column) in definition.columns.enumerated() where !given.contains(position) {
            guard let text = column.defaultText else { continue }
            values[position] = try await evaluate(try parseExpression(text), as: column.type, run)
        }
        return values
    }

    private func loadPlan(_ load: LoadOrder, isDiscarded: Bool) -> QueryPlan {
        let types = load.table.columns.map(\.type)
        let exchange = ExchangeID(1)
        var source = [Step.receive(load.source, types: types)]
        if let fill = load.identityFill { source.append(.identity(fill)) }
        let table = load.table
        let explain = ExplainNode(
            operation: "Copy", cost: Cost(startup: 0, total: 0), rows: 0, width: 0, attributes: [table.name.description]
        )
        let segments: [Segment]
        if isDiscarded {
            // NOLOAD: everything is parsed, nothing is kept.
            segments = [
                Segment(
                    number: 0, location: .everySlice,
                    steps: source + [.filter(.literal(.boolean(false), .boolean)), .gather(exchange)]),
                Segment(number: 1, location: .leader, steps: [.receive(exchange, types: types)]),
            ]
        } else {
            let sink: Step =
                switch table.distribution.effective {
                case .even: .distributeRoundRobin(exchange)
                case .key(let column): .distribute(exchange, keys: [column])
                case .all: .broadcast(exchange)
                }
            segments = [
                Segment(number: 0, location: .everySlice, steps: source + [sink]),
                Segment(
                    number: 1, location: .everySlice, steps: [.receive(exchange, types: types), .insert(table.id)]),
            ]
        }
        return QueryPlan(
            streams: [Stream(segments: segments)], explain: explain, notices: [], output: [], tables: [table.id])
    }

    private func commitLoad(
        _ outcome: QueryDriver.Outcome, _ loaded: TableDefinition, _ options: CopyOptions, _ write: WriteRun
    ) async throws(SQLError) -> StatementResult {
        let rows = outcome.loads.reduce(0) { $0 + $1.progress.records }
        let refused = outcome.rejectedRecords
        var table = loaded
        var changes = options.noLoad ? [] : outcome.appends
        var partitions = outcome.partitions(of: table.id, leader.shape)
        let wasEmpty = (write.version.tables[table.id]?.storedRowCount ?? 0) == 0
        if wasEmpty, !options.noLoad, options.compressionUpdate == .on,
            let better = try await measured(table, partitions, options, write)
        {
            table = better.table
            partitions = better.partitions
            changes = outcome.identityChanges + partitions.enumerated().map { .replace(table.id, slice: $0, $1) }
        }
        var analyzed: (found: TableStatistics, startTime: Int64)?
        if table != write.version.catalog.tables[table.id] { changes.insert(.replaceTable(table), at: 0) }
        let isPinned = write.version.catalog.pinnedStatistics.contains(table.id)
        if !options.noLoad, !isPinned, options.statisticsUpdate ?? wasEmpty {
            for (slice, groups) in (write.version.tables[table.id]?.partitions ?? []).enumerated() where !wasEmpty {
                partitions[slice] = groups + partitions[slice]
            }
            let startTime = Platform.timestampNow
            let found = try await statistics(
                of: table, columns: Array(table.columns.indices), in: partitions,
                deleted: wasEmpty ? [] : write.version.tables[table.id]?.deleted ?? [])
            changes.append(.setStatistics(table.id, found))
            analyzed = (found, startTime)
        }
        try await apply(changes, by: write.number)
        if let analyzed {
            logAnalyze(
                of: table, analyzed.found, modified: modifiedRows(of: table, write.version.catalog) + Int64(rows),
                startTime: analyzed.startTime, isAutomatic: true, write.number)
        }
        return StatementResult(
            tag: "COPY", affectedRows: rows, notices: loadNotices(table, rows, refused, options))
    }

    /// COMPUPDATE ON: what was loaded shows which encodings are smallest, and is written anew with them; nil: the table
    /// has them already.
    private func measured(
        _ table: TableDefinition, _ partitions: [[RowGroupDescriptor]], _ options: CopyOptions, _ write: WriteRun
    ) async throws(SQLError) -> (table: TableDefinition, partitions: [[RowGroupDescriptor]])? {
        var version = write.version
        version.catalog.put(table)
        version.tables[table.id]?.partitions = partitions
        version.tables[table.id]?.deleted = Array(repeating: [:], count: partitions.count)
        let columns = table.columns.indices.filter { !table.sortKey.columns.contains($0) }
        let advice = try await advice(
            for: table, columns: columns, in: partitions, sampleRows: options.compressionRows,
            write.run, version)
        var better = table
        for (column, found) in advice where found.reduction > 0 {
            better.columns[column].encoding = found.encoding
            better.columns[column].isEncodingDeclared = true
        }
        guard better != table else { return nil }
        version.catalog.put(better)
        let plan = rewritePlan(from: table, to: better, added: nil)
        let execution = prepare(plan, write.run, version, planningNs: 0, isPart: true)
        return (better, try await complete(execution).partitions(of: table.id, leader.shape))
    }

    private func loadNotices(
        _ table: TableDefinition, _ rows: Int64, _ refused: Int64, _ options: CopyOptions
    ) -> [Notice] {
        let name = table.name.name
        var notices: [Notice] = []
        if !options.noLoad {
            notices.append(Notice(.info, "Load into table '\(name)' completed, \(rows) record(s) loaded successfully."))
        }
        if refused > 0 {
            notices.append(
                Notice(
                    .info,
                    "Load into table '\(name)' completed, \(refused) record(s) could not be loaded.  "
                        + "Check 'stl_load_errors' system table for details."))
        }
        return notices
    }

    private func loadErrors(_ finished: PlanExecution.Finished, _ table: TableID) -> [LoadErrorRecord] {
        finished.outcome.loads.flatMap { load in
            load.errors.map { error in
                LoadErrorRecord(
                    query: finished.record.trace.query, slice: load.slice, table: table, session: record.process,
                    user: record.userID,
                    startTime: finished.record.startTime, error: error)
            }
        }
    }

}

extension QueryDriver.Outcome {
    /// Of a COPY, on all slices.
    fileprivate var rejectedRecords: Int64 { loads.reduce(0) { $0 + $1.progress.rejectedRecords } }
}
