import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage

// VACUUM: row groups are written anew, in order and without deleted rows, and take the place of the old ones in one
// commit a table. Readers go on with the version that they have.
//
//     for each table         lock, decide what is worth it (VacuumWork)
//         for each pass      scan → rewrite, on the slices that keep the rows
//         commit             replace, and what stays deleted

extension DatabaseSession {
    func vacuum(
        _ tables: [TableID], _ statement: VacuumStatement, _ run: StatementRun
    ) async throws(SQLError) -> StatementResult {
        guard transaction == nil else {
            throw SQLError(.activeTransaction, "VACUUM cannot run inside a transaction block")
        }
        try expectWritable("VACUUM")
        guard await leader.beginVacuum() else {
            throw SQLError(
                .objectInUse, "VACUUM is running", hint: "Run it again after the other VACUUM has finished.")
        }
        do throws(SQLError) {
            for table in tables { try await vacuum(table, statement, run) }
            await leader.endVacuum()
        } catch {
            await leader.endVacuum()
            throw error
        }
        return StatementResult(tag: "VACUUM")
    }

    private func vacuum(
        _ table: TableID, _ statement: VacuumStatement, _ run: StatementRun
    ) async throws(SQLError) {
        let number = nextTransaction()
        stopWaiting(whenCancelled: run, owner: number)
        do throws(SQLError) {
            try await leader.lock(table, owner: number, run.control)
            try run.control.check()
            try await rewrite(table, statement, run, number)
            await endWrite(number)
        } catch {
            await endWrite(number)
            throw error
        }
    }

    private func rewrite(
        _ id: TableID, _ statement: VacuumStatement, _ run: StatementRun, _ number: Int64
    ) async throws(SQLError) {
        let version = current
        // Dropped while this one waited.
        guard let definition = version.catalog.tables[id], let table = version.tables[id] else { return }
        let work = VacuumWork(statement, definition, table)
        if work.passes.isEmpty { return }
        var partitions = table.partitions.enumerated().map { slice, groups in
            groups.filter { !work.isRewritten($0, slice) }
        }
        var deletes: [CommitRecord.Change] = []
        for pass in work.passes {
            let outcome = try await self.run(pass, on: definition, table, work, version, run)
            for (slice, groups) in outcome.partitions(of: id, leader.shape).enumerated() where !groups.isEmpty {
                if pass.staysDeleted {
                    let rows = groups.map { ($0.number, DeletedRows(0..<$0.rowCount)) }
                    deletes.append(.delete(id, slice: slice, Dictionary(rows, uniquingKeysWith: { first, _ in first })))
                }
                // The sorted region first.
                partitions[slice] = pass.rewrite.isSorted ? groups + partitions[slice] : partitions[slice] + groups
            }
        }
        let replaced = partitions.indices.filter { partitions[$0] != table.partitions[$0] }
        try await apply(replaced.map { .replace(id, slice: $0, partitions[$0]) } + deletes, by: number)
    }

    /// One pass is an ordinary plan over a version in which the table has just the rows that it is about.
    private func run(
        _ pass: VacuumWork.Pass, on definition: TableDefinition, _ table: TableVersion, _ work: VacuumWork,
        _ version: DatabaseVersion, _ run: StatementRun
    ) async throws(SQLError) -> QueryDriver.Outcome {
        var version = version
        for slice in table.partitions.indices {
            let groups = table.partitions[slice].filter { work.isRewritten($0, slice) && pass.takes($0) }
            version.tables[definition.id]?.partitions[slice] = groups
            guard pass.staysDeleted else { continue }
            // The other way round: what is alive is passed over.
            let deleted = table.deleted[slice]
            let alive = groups.map { group in
                let gone = deleted[group.number] ?? DeletedRows()
                return (group.number, DeletedRows((0..<group.rowCount).filter { !gone.contains($0) }))
            }
            version.tables[definition.id]?.deleted[slice] = Dictionary(alive, uniquingKeysWith: { first, _ in first })
        }
        let plan = vacuumPlan(definition, pass.rewrite)
        return try await complete(await prepare(plan, run, version, planningNs: 0))
    }

    private func vacuumPlan(_ table: TableDefinition, _ rewrite: RowRewrite) -> QueryPlan {
        let columns = Array(table.columns.indices)
        // Each slice its own partition, a copy's as well: the copies of an ALL table differ in the order of their rows.
        let scan = TableScan(
            table: table.id, columns: columns, types: table.columns.map(\.type), filter: nil, output: columns,
            share: .ownPartition)
        let explain = ExplainNode(
            operation: "Vacuum", cost: Cost(startup: 0, total: 0), rows: 0, width: 0,
            attributes: [table.name.description])
        let segment = Segment(number: 0, location: .everySlice, steps: [.scan(scan), .rewrite(rewrite)])
        return QueryPlan(
            streams: [Stream(segments: [segment])], explain: explain, notices: [], output: [], tables: [table.id])
    }
}
