import Catalog
import Execution
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage

// Statements that change something. Each one locks what it writes, looks again at what it planned on if it had to wait,
// does its work, and commits once.

extension DatabaseSession {
    func write(
        _ statement: Statement, _ planned: PlannedStatement, _ run: StatementRun, _ version: DatabaseVersion,
        planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        let number = try await beginWrite(planned.name)
        do throws(SQLError) {
            var (planned, version) = (planned, version)
            // A cancelled statement must not go on waiting for a table.
            stopWaiting(whenCancelled: run, owner: number)
            while true {
                let begin = Platform.timestampNow
                for table in planned.written(in: version.catalog) {
                    try await leader.lock(table, owner: number, run.control)
                }
                lockTime += Platform.timestampNow - begin
                try run.control.check()
                let now = takeVersion()
                if now.catalog.version == version.catalog.version,
                    now.catalog.accessVersion == version.catalog.accessVersion
                {
                    try expectUnchanged(planned.written(in: now.catalog) + planned.referenced, since: now)
                    try expectUnchanged(views: planned.changedViews, since: now)
                    version = advanced(now)
                    break
                }
                // Definitions, rights or statistics changed while this one waited.
                version = now
                planned = try plan(statement, run, version)
            }
            if transaction == nil { follow(number, version) }
            let write = WriteRun(run: run, version: version, number: number, planningNs: planningNs)
            let result = try await perform(planned, write)
            await endWrite(number)
            return result
        } catch {
            if transaction == nil {
                logEnd(of: number, startTime: activity.transaction?.startTime ?? run.startTime, isCommitted: false)
            }
            await endWrite(number)
            throw error
        }
    }

    private func perform(_ planned: PlannedStatement, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        switch planned {
        case .insert(let plan, _): return try await insert(plan, write)
        case .delete(let plan, _): return try await change(plan, "DELETE", write)
        case .update(let plan, _): return try await change(plan, "UPDATE", write)
        case .createTable(let definition): return try await createTable(definition, write)
        case .createTableAs(let definition, let plan): return try await createTable(definition, as: plan, write)
        case .createSchema(let name, let owner):
            let ownership = ownership(of: .schema(name), owner: owner, write.version.catalog)
            try await apply([.createSchema(name)] + ownership, by: write.number)
            return StatementResult(tag: "CREATE SCHEMA")
        case .renameSchema(let old, let new, let views):
            try await apply([.renameSchema(old, to: new)] + views.map { .putView($0) }, by: write.number)
            return StatementResult(tag: "ALTER SCHEMA")
        case .renameView(let old, let new, let views):
            try await apply([.renameView(old, to: new)] + views.map { .putView($0) }, by: write.number)
            return StatementResult(tag: "ALTER TABLE")
        case .comment(let target, let text):
            try await apply([.setComment(target, text)], by: write.number)
            return StatementResult(tag: "COMMENT")
        case .dropSchemas(let names, let dropped):
            try await apply(dropped.changes + names.map { .dropSchema($0) }, by: write.number)
            return StatementResult(tag: "DROP SCHEMA")
        case .createView(let view):
            // Said also of one that is replaced: a view that somebody has dropped meanwhile would be the master user's,
            // and read with his rights.
            let catalog = write.version.catalog
            let owner = catalog.views[view.name].map { catalog.access.owner(of: .view($0.name)) }
            let ownership =
                owner.map { [.access(.setOwner(.view(view.name), $0))] }
                ?? ownership(of: .view(view.name), in: view.name.schema, catalog)
            try await apply(
                missingSchema(of: view.name, write.version) + [.putView(view)] + ownership, by: write.number)
            let notices =
                view.name.isTemporary && !view.name.name.hasPrefix("#")
                ? [Notice(.notice, "view \"\(view.name.name)\" will be a temporary view")] : []
            return StatementResult(tag: "CREATE VIEW", notices: notices)
        case .dropViews(let names, let missing):
            try await apply(names.map { .dropView($0) }, by: write.number)
            let notices = missing.map { Notice(.info, "View \"\($0)\" does not exist and will be skipped") }
            return StatementResult(tag: "DROP VIEW", notices: notices)
        case .dropTables(let dropped, let missing):
            try await apply(dropped.changes, by: write.number)
            let notices = missing.map { Notice(.info, "Table \"\($0)\" does not exist and will be skipped") }
            return StatementResult(tag: "DROP TABLE", notices: notices)
        case .truncate(let table): return try await truncate(table, write)
        case .alterTable(let alteration): return try await alter(alteration, write)
        case .access(let planned): return try await change(planned, write)
        case .appendTable(let append): return try await self.append(append, write)
        case .analyze(let targets): return try await analyze(targets, write)
        case .statistics(let table, let columns, let statement):
            return try await declare(statement, of: table, columns, write)
        case .copy(let table, let columns, let statement):
            return try await copy(into: table, columns: columns, statement, write)
        case .query, .explain, .explainAnalyze, .alreadyExists, .unchanged, .analyzeCompression, .vacuum, .unload,
            .assertion, .utility, .lock:
            throw SQLError.internalError("a statement that writes nothing was to be written")
        }
    }

    /// INSERT … VALUES, INSERT … SELECT.
    private func insert(_ plan: QueryPlan, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        let execution = prepare(plan, write.run, write.version, planningNs: write.planningNs)
        let outcome = try await complete(execution)
        try await apply(outcome.appends, by: write.number)
        let rows = outcome.insertedRowCount(write.version, leader.shape)
        return StatementResult(tag: "INSERT 0 \(rows)", affectedRows: rows)
    }

    private func createTable(_ definition: TableDefinition, _ write: WriteRun) async throws(SQLError) -> StatementResult
    {
        let definition = definition.numbered(leader.storage.reserveTableID())
        try await apply(
            missingSchema(of: definition.name, write.version)
                + [.createTable(definition), .setCreationTime(definition.id, write.run.startTime)]
                + ownership(of: .table(definition.id), in: definition.name.schema, write.version.catalog),
            by: write.number)
        return StatementResult(tag: "CREATE TABLE")
    }

    /// The table and its rows appear together, with statistics, as Redshift gathers them here without being asked.
    private func createTable(
        _ definition: TableDefinition, as plan: QueryPlan, _ write: WriteRun
    ) async throws(SQLError) -> StatementResult {
        var definition = definition
        definition.id = leader.storage.reserveTableID()
        var version = write.version
        version.catalog.put(definition)
        version.tables[definition.id] = TableVersion(
            table: definition.id, partitions: Array(repeating: [], count: leader.shape.slices))
        let plan = plan.inserting(into: definition.id)
        let execution = prepare(plan, write.run, version, planningNs: write.planningNs)
        let outcome = try await complete(execution)
        let analyzeStart = Platform.timestampNow
        let statistics = try await statistics(
            of: definition, columns: Array(definition.columns.indices),
            in: outcome.partitions(of: definition.id, leader.shape))
        try await apply(
            missingSchema(of: definition.name, write.version)
                + [.createTable(definition), .setCreationTime(definition.id, write.run.startTime)]
                + ownership(of: .table(definition.id), in: definition.name.schema, write.version.catalog)
                + outcome.appends + [.setStatistics(definition.id, statistics)], by: write.number)
        logAnalyze(
            of: definition, statistics, modified: Int64(statistics.rowCount), startTime: analyzeStart,
            isAutomatic: true,
            write.number)
        let rows = outcome.insertedRowCount(version, leader.shape)
        return StatementResult(tag: "SELECT", affectedRows: rows)
    }

    /// Commits at once, and everything that its block did before it, as in Redshift.
    private func truncate(_ table: TableID, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        let changes = (0..<leader.shape.slices).map { CommitRecord.Change.replace(table, slice: $0, []) }
        try await apply(changes, by: write.number)
        if let block = transaction { try await commit(block) }
        return StatementResult(tag: "TRUNCATE")
    }
}

/// A writing statement after its locks are taken.
struct WriteRun: Sendable {
    var run: StatementRun
    /// What it sees.
    var version: DatabaseVersion
    /// Of its transaction.
    var number: Int64
    var planningNs: Int64
}

extension PlannedStatement {
    /// What must not be written by anybody else meanwhile, in an order that is the same for all statements. Names of
    /// temporary tables are the session's own: nobody has to wait for them.
    func written(in catalog: CatalogSnapshot) -> [TableID] {
        func names(_ names: [TableName]) -> [TableID] {
            Set(names.filter { !$0.isTemporary }.map(TableLocks.name)).sorted()
        }
        func renamed(_ table: TableDefinition) -> [TableName] {
            guard let old = catalog.tables[table.id]?.name, old != table.name else { return [] }
            return [old, table.name]
        }
        return switch self {
        case .insert(_, let table), .delete(_, let table), .update(_, let table), .truncate(let table),
            .copy(let table, _, _):
            [table]
        case .createTable(let definition), .createTableAs(let definition, _):
            names([definition.name] + referenced.compactMap { catalog.tables[$0]?.name })
        case .renameView(let old, let new, let views): names([old, new] + views.map(\.name))
        // What it reads must be the same when it is committed.
        case .createView(let view):
            names([view.name] + view.views + referenced.compactMap { catalog.tables[$0]?.name })
        case .dropViews(let views, _): names(views)
        case .access(let planned): [TableLocks.definitions] + names(planned.views)
        case .createSchema, .comment: [TableLocks.definitions]
        case .renameSchema(let old, _, let views):
            [TableLocks.definitions]
                + names(
                    catalog.tables.values.map(\.name).filter { $0.schema == old }
                        + catalog.views.keys.filter { $0.schema == old } + views.map(\.name))
        case .alterTable(let alteration):
            names(
                alteration.views.map(\.name) + renamed(alteration.definition) + [alteration.definition.name]
                    + referenced.compactMap { catalog.tables[$0]?.name })
                + ([alteration.definition] + alteration.others).map(\.id).sorted()
        case .appendTable(let append): [append.target.id, append.source.id].sorted()
        case .dropSchemas(_, let dropped): [TableLocks.definitions] + dropped.written
        case .dropTables(let dropped, _):
            names(dropped.tables.compactMap { catalog.tables[$0]?.name } + dropped.views) + dropped.written
        case .lock(let tables): tables.sorted()
        case .analyze, .query, .explain, .explainAnalyze, .alreadyExists, .unchanged, .analyzeCompression, .vacuum,
            .unload, .statistics, .assertion, .utility:
            []
        }
    }

    /// Tables that what it defines reads or refers to.
    fileprivate var referenced: [TableID] {
        func keys(_ definition: TableDefinition) -> [TableID] {
            definition.constraints.compactMap { constraint in
                guard case .foreignKey(_, _, let referenced, _) = constraint, referenced != .notYetCreated,
                    referenced != definition.id
                else { return nil }
                return referenced
            }
        }
        return switch self {
        case .createTable(let definition), .createTableAs(let definition, _): keys(definition)
        case .alterTable(let alteration): keys(alteration.definition)
        case .createView(let view): view.tables
        default: []
        }
    }

    /// Views that it replaces, renames or drops, and those that one of them reads.
    fileprivate var changedViews: [TableName] {
        switch self {
        case .createView(let view): [view.name] + view.views
        case .renameView(let old, _, let views): [old] + views.map(\.name)
        case .dropViews(let views, _): views
        case .dropTables(let dropped, _), .dropSchemas(_, let dropped): dropped.views
        case .alterTable(let alteration): alteration.views.map(\.name)
        case .access(let planned): planned.views
        default: []
        }
    }

    var name: String {
        switch self {
        case .insert: "INSERT"
        case .delete: "DELETE"
        case .update: "UPDATE"
        case .createTable: "CREATE TABLE"
        case .createTableAs: "CREATE TABLE AS"
        case .createSchema: "CREATE SCHEMA"
        case .renameSchema: "ALTER SCHEMA"
        case .comment: "COMMENT"
        case .dropSchemas: "DROP SCHEMA"
        case .dropTables: "DROP TABLE"
        case .createView: "CREATE VIEW"
        case .dropViews: "DROP VIEW"
        case .truncate: "TRUNCATE"
        case .alterTable, .appendTable, .renameView: "ALTER TABLE"
        case .analyze: "ANALYZE"
        case .copy: "COPY"
        case .statistics(_, _, let statement): statement.name
        case .assertion: "ASSERT"
        case .vacuum: "VACUUM"
        case .lock: "LOCK TABLE"
        case .unchanged(let tag): tag
        case .access(let planned): planned.tag
        case .query, .explain, .explainAnalyze, .alreadyExists, .analyzeCompression, .unload, .utility: "SELECT"
        }
    }
}

extension DroppedRelations {
    fileprivate var written: [TableID] { (tables + changed.map(\.id)).sorted() }

    fileprivate var changes: [CommitRecord.Change] {
        changed.map { .replaceTable($0) } + views.map { .dropView($0) } + tables.map { .dropTable($0) }
    }
}

extension QueryDriver.Outcome {
    /// What the slices wrote, as changes to commit.
    var appends: [CommitRecord.Change] {
        inserted.filter { !$0.rowGroups.isEmpty }.map { .append($0.table, slice: $0.slice, $0.rowGroups) }
            + identityChanges
    }

    /// How far the sequences of IDENTITY columns went.
    var identityChanges: [CommitRecord.Change] {
        identities.map { .advanceIdentity($0.table, slice: $0.slice, next: $0.next) }
    }

    /// By slice, the row groups of a table that the query wrote.
    func partitions(of table: TableID, _ shape: ClusterShape) -> [[RowGroupDescriptor]] {
        var partitions = [[RowGroupDescriptor]](repeating: [], count: shape.slices)
        for entry in inserted where entry.table == table { partitions[entry.slice] += entry.rowGroups }
        return partitions
    }

    /// Rows of the statement; the copies of an ALL table are one row each.
    func insertedRowCount(_ version: DatabaseVersion, _ shape: ClusterShape) -> Int64 {
        inserted.reduce(0) { sum, entry in
            let isCopied = version.catalog.tables[entry.table]?.distribution.effective == .all
            return isCopied && shape.node(ofSlice: entry.slice) != 0 ? sum : sum + entry.rowCount
        }
    }
}
