import Catalog
import Planner
import QueryPlan
import SQLTypes
import Storage

// ALTER TABLE: a new definition, and rows that suit it, in one commit.

extension DatabaseSession {
    func alter(_ alteration: TableAlteration, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        if !alteration.isAllowedInBlock && transaction != nil {
            throw SQLError(.activeTransaction, "ALTER TABLE ALTER COLUMN TYPE cannot run inside a transaction block")
        }
        let definition = alteration.definition
        guard let old = write.version.catalog.tables[definition.id], let table = write.version.tables[definition.id]
        else { throw SQLError.internalError("ALTER of a table that is gone") }
        var changes = alteration.renamedColumns.map { column in
            CommitRecord.Change.access(
                .renameColumn(.table(definition.id), from: column.from, to: column.to))
        }
        changes += [.replaceTable(definition)] + alteration.others.map { .replaceTable($0) }
        switch alteration.rows {
        case .kept: break
        case .withoutColumn(let column): changes += try shortened(table, by: column)
        case .rewritten(let added):
            var version = write.version
            version.catalog.put(definition)
            let plan = rewritePlan(from: old, to: definition, added: added)
            let execution = await prepare(plan, write.run, version, planningNs: write.planningNs)
            let partitions = try await complete(execution).partitions(of: definition.id, leader.shape)
            changes += partitions.enumerated().map { .replace(definition.id, slice: $0, $1) }
        }
        if var statistics = write.version.catalog.statistics[definition.id] {
            if case .withoutColumn(let column) = alteration.rows, column < statistics.columns.count {
                statistics.columns.remove(at: column)
            }
            while statistics.columns.count < definition.columns.count { statistics.columns.append(nil) }
            changes.append(.setStatistics(definition.id, statistics))
        }
        changes += alteration.views.map { .putView($0) }
        changes += alteration.comments.map { .setComment($0.target, $0.text) }
        try await apply(changes, by: write.number)
        return StatementResult(tag: "ALTER TABLE")
    }

    /// ALTER TABLE … APPEND: written anew on the slices where they are, and gone from the source in the same commit.
    func append(_ append: TableAppend, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        guard transaction == nil else {
            throw SQLError(.activeTransaction, "ALTER TABLE APPEND cannot run inside a transaction block")
        }
        let source = append.source
        let columns = Array(source.columns.indices)
        let scan = TableScan(
            table: source.id, columns: columns, types: source.columns.map(\.type), filter: nil, output: columns,
            share: .ownPartition)
        var steps = [Step.scan(scan), .project(append.values)]
        if !append.identities.isEmpty {
            if append.target.distribution.effective == .all {
                throw SQLError.unsupported("APPEND into a DISTSTYLE ALL table with an identity column")
            }
            steps.append(.identity(IdentityFill(table: append.target.id, columns: append.identities)))
        }
        steps.append(.insert(append.target.id))
        let explain = ExplainNode(
            operation: "Append", cost: Cost(startup: 0, total: 0), rows: 0, width: 0,
            attributes: [append.target.name.description])
        let plan = QueryPlan(
            streams: [Stream(segments: [Segment(number: 0, location: .everySlice, steps: steps)])], explain: explain,
            notices: [], output: [], tables: [source.id])
        let execution = await prepare(plan, write.run, write.version, planningNs: write.planningNs)
        let outcome = try await complete(execution)
        let emptied = (0..<leader.shape.slices).map { CommitRecord.Change.replace(source.id, slice: $0, []) }
        try await apply(outcome.appends + emptied, by: write.number)
        let rows = outcome.insertedRowCount(write.version, leader.shape)
        return StatementResult(
            tag: "ALTER TABLE", affectedRows: rows,
            notices: [
                Notice(
                    .info,
                    "ALTER TABLE APPEND \"\(append.target.name.name)\" from \"\(source.name.name)\" is successful, "
                        + "\(rows) row(s) appended.")
            ])
    }

    /// The same blocks without those of one column, under new numbers, which keep their deleted rows.
    private func shortened(
        _ table: TableVersion, by column: Int
    ) throws(SQLError) -> [CommitRecord.Change] {
        var changes: [CommitRecord.Change] = []
        for (slice, groups) in table.partitions.enumerated() where !groups.isEmpty {
            let next = try leader.storage.slice(slice).without(column, groups, of: table.table)
            changes.append(.replace(table.table, slice: slice, next))
            var deleted = DeletedRowGroups()
            for (old, new) in zip(groups, next) { deleted[new.number] = table.deleted[slice][old.number] }
            if !deleted.isEmpty { changes.append(.delete(table.table, slice: slice, deleted)) }
        }
        return changes
    }

    /// Every row to where the new definition keeps it; on its slice if the distribution stays.
    func rewritePlan(
        from old: TableDefinition, to new: TableDefinition, added: BoundExpression?
    ) -> QueryPlan {
        let columns = Array(old.columns.indices)
        let moves = old.distribution.effective != new.distribution.effective
        let scan = TableScan(
            table: old.id, columns: columns, types: old.columns.map(\.type), filter: nil, output: columns,
            share: moves && old.distribution.effective == .all ? .oneCopy : .ownPartition)
        var steps = [Step.scan(scan)]
        if let added {
            steps.append(.project(columns.map { .column($0, old.columns[$0].type) } + [added]))
        }
        let isOrdered = !new.sortKey.columns.isEmpty
        let rewrite = Step.rewrite(RowRewrite(table: new.id, sorts: isOrdered, isSorted: isOrdered))
        var segments: [Segment]
        if moves {
            let exchange = ExchangeID(0)
            switch new.distribution.effective {
            case .even: steps.append(.distributeRoundRobin(exchange))
            case .key(let column): steps.append(.distribute(exchange, keys: [column]))
            case .all: steps.append(.broadcast(exchange))
            }
            segments = [
                Segment(number: 0, location: .everySlice, steps: steps),
                Segment(
                    number: 1, location: .everySlice,
                    steps: [.receive(exchange, types: new.columns.map(\.type)), rewrite]),
            ]
        } else {
            segments = [Segment(number: 0, location: .everySlice, steps: steps + [rewrite])]
        }
        let explain = ExplainNode(
            operation: "Alter", cost: Cost(startup: 0, total: 0), rows: 0, width: 0,
            attributes: [new.name.description])
        return QueryPlan(
            streams: [Stream(segments: segments)], explain: explain, notices: [], output: [], tables: [new.id])
    }

    /// In a block: whether the tables are still as its snapshot has them. Only the holder of their locks may ask.
    func expectUnchanged(_ tables: [TableID], since version: DatabaseVersion) throws(SQLError) {
        guard let block = transaction else { return }
        let now = current.catalog
        for table in tables where table != TableLocks.definitions && !block.defines(table) {
            guard let seen = version.catalog.tables[table], now.tables[table] != seen else { continue }
            throw Self.changed("table \(seen.name)")
        }
    }

    /// The same of views, whose names the caller has locked.
    func expectUnchanged(views: [TableName], since version: DatabaseVersion) throws(SQLError) {
        guard let block = transaction, !views.isEmpty else { return }
        let now = current.catalog
        for name in views where !block.defines(name) && now.views[name] != version.catalog.views[name] {
            throw Self.changed("view \(name)")
        }
    }

    private static func changed(_ what: String) -> SQLError {
        SQLError(
            .serializationFailure, "1018",
            detail: "The definition of \(what) has changed since the transaction's snapshot.",
            hint: "Run the transaction again.")
    }
}

extension Transaction {
    fileprivate func defines(_ view: TableName) -> Bool {
        changes.contains { change in
            switch change {
            case .putView(let definition): definition.name == view
            case .dropView(let name): name == view
            case .renameView(let old, let new): old == view || new == view
            case .renameSchema(let old, let new): [old, new].contains(view.schema)
            default: false
            }
        }
    }

    fileprivate func defines(_ table: TableID) -> Bool {
        changes.contains { change in
            switch change {
            case .createTable(let definition), .replaceTable(let definition): definition.id == table
            default: false
            }
        }
    }
}
