import Catalog
import SQLSyntax
import SQLTypes

/// DROP, ANALYZE, COPY, CREATE SCHEMA: names become numbers.
extension Planner {
    func drop(_ drop: DropStatement) throws(SQLError) -> PlannedStatement {
        switch drop.kind {
        case .table:
            let binder = Binder(context)
            var tables: [TableID] = []
            var missing: [String] = []
            for name in drop.names {
                do {
                    tables.append(try binder.resolveTable(name).id)
                } catch {
                    let isMissing = error.state == .undefinedTable || error.state == .invalidSchemaName
                    guard drop.ifExists, isMissing else {
                        guard error.state == .undefinedTable else { throw error }
                        throw SQLError(
                            .undefinedTable, "table \"\(name.name.name)\" does not exist",
                            position: name.position.character)
                    }
                    missing.append(name.name.name)
                }
            }
            let readers = context.catalog.views(reading: Set(tables), [])
            if let first = readers.first, !drop.isCascade {
                throw Self.stillNeeded("table", drop.names.first, by: first)
            }
            return .dropTables(tables, views: readers, missing: missing)
        case .schema:
            var schemas: [String] = []
            for name in drop.names {
                guard context.catalog.schemas.contains(name.name.name) else {
                    if drop.ifExists { continue }
                    throw SQLError(
                        .invalidSchemaName, "schema \"\(name.name.name)\" does not exist",
                        position: name.position.character)
                }
                let isUsed =
                    context.catalog.tables.values.contains { $0.name.schema == name.name.name }
                    || context.catalog.views.keys.contains { $0.schema == name.name.name }
                if isUsed, !drop.isCascade {
                    throw SQLError(
                        .dependentObjectsStillExist,
                        "cannot drop schema \(name.name.name) because other objects depend on it",
                        hint: "Use DROP ... CASCADE to drop the dependent objects too.",
                        position: name.position.character)
                }
                schemas.append(name.name.name)
            }
            return .dropSchemas(schemas, isCascade: drop.isCascade)
        case .view: return try dropViews(drop)
        }
    }

    func analyze(_ analyze: AnalyzeStatement) throws(SQLError) -> PlannedStatement {
        guard let name = analyze.table else {
            let tables = context.catalog.tables.values.sorted { $0.id < $1.id }
            return .analyze(tables.map { AnalyzeTarget(table: $0.id, columns: Array($0.columns.indices)) })
        }
        let table = try Binder(context).resolveTable(name)
        var columns = Array(table.columns.indices)
        if case .listed(let names) = analyze.columns { columns = try InsertPlanner.targets(names, of: table) }
        return .analyze([AnalyzeTarget(table: table.id, columns: columns)])
    }

    func vacuum(_ vacuum: VacuumStatement) throws(SQLError) -> PlannedStatement {
        guard let name = vacuum.table else {
            for (isGiven, what) in [
                (vacuum.thresholdPercent != nil, "TO PERCENT"), (vacuum.kind == .reindex, "REINDEX"),
                (vacuum.kind == .recluster, "RECLUSTER"),
            ] where isGiven {
                throw SQLError(.syntaxError, "VACUUM \(what) needs the name of a table")
            }
            return .vacuum(context.catalog.tables.keys.sorted(), vacuum)
        }
        let table = try Binder(context).resolveTable(name)
        let position = name.position.character
        if let percent = vacuum.thresholdPercent {
            guard vacuum.kind != .reindex, vacuum.kind != .recluster else {
                throw SQLError(
                    .syntaxError, "TO PERCENT cannot be used with VACUUM \(vacuum.kind.rawValue)", position: position)
            }
            guard 0...100 ~= percent else {
                throw SQLError(
                    .invalidParameterValue, "the threshold of VACUUM must be between 0 and 100", position: position)
            }
        }
        if vacuum.kind == .recluster {
            if case .interleaved = table.sortKey {
                throw SQLError(
                    .featureNotSupported, "VACUUM RECLUSTER is not supported on tables with an interleaved sort key",
                    position: position)
            }
            if table.distribution.effective == .all {
                throw SQLError(
                    .featureNotSupported, "VACUUM RECLUSTER is not supported on tables with DISTSTYLE ALL",
                    position: position)
            }
        }
        return .vacuum([table.id], vacuum)
    }

    func lock(_ lock: LockStatement) throws(SQLError) -> PlannedStatement {
        var tables: [TableID] = []
        for name in lock.tables { tables.append(try Binder(context).resolveTable(name).id) }
        return .lock(tables)
    }

    func copy(_ copy: CopyStatement) throws(SQLError) -> PlannedStatement {
        let table = try Binder(context).resolveTable(copy.table)
        return .copy(table.id, columns: try InsertPlanner.targets(copy.columns, of: table), copy)
    }

    func createSchema(_ create: CreateSchemaStatement) throws(SQLError) -> PlannedStatement {
        if context.catalog.schemas.contains(create.name.name) {
            if create.ifNotExists { return .alreadyExists(create.name.name) }
            throw SQLError(
                .duplicateSchema, "schema \"\(create.name.name)\" already exists",
                position: create.name.position.character)
        }
        if let owner = create.owner { throw SQLError.unsupported("AUTHORIZATION", at: owner.position.character) }
        if create.quota != nil { throw SQLError.unsupported("QUOTA", at: create.name.position.character) }
        return .createSchema(create.name.name)
    }
}
