import Catalog
import SQLSyntax
import SQLTypes

/// DROP, ANALYZE, VACUUM, COPY: names become numbers.
extension Planner {
    func drop(_ drop: DropStatement) throws(SQLError) -> PlannedStatement {
        switch drop.kind {
        case .table:
            let binder = Binder(context)
            var tables: [TableID] = []
            var missing: [String] = []
            for name in drop.names {
                do {
                    let table = try binder.resolveTable(name).id
                    if !tables.contains(table) { tables.append(table) }
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
            let dropped = DroppedRelations(tables, views: [], in: context.catalog)
            if !drop.isCascade, let name = drop.names.first {
                try dropped.expectNoDependents(of: "table \(name.name.name)", at: name.position.character)
            }
            return .dropTables(dropped, missing: missing)
        case .schema: return try dropSchemas(drop)
        case .view: return try dropViews(drop)
        }
    }

    func analyze(_ analyze: AnalyzeStatement) throws(SQLError) -> PlannedStatement {
        guard let name = analyze.table else {
            let tables = context.ownTables
            return .analyze(tables.map { AnalyzeTarget(table: $0.id, columns: Array($0.columns.indices)) })
        }
        let table = try Binder(context).resolveTable(name)
        var columns = Array(table.columns.indices)
        if case .listed(let names) = analyze.columns { columns = try InsertPlanner.targets(names, of: table) }
        return .analyze([AnalyzeTarget(table: table.id, columns: columns)])
    }

    func analyzeCompression(_ analyze: AnalyzeCompressionStatement) throws(SQLError) -> PlannedStatement {
        if let rows = analyze.sampleRows, !(1_000...1_000_000_000).contains(rows) {
            throw SQLError(
                .invalidParameterValue, "COMPROWS must be between 1000 and 1000000000",
                position: analyze.table?.position.character)
        }
        guard let name = analyze.table else {
            let targets = context.ownTables.map { AnalyzeTarget(table: $0.id, columns: Array($0.columns.indices)) }
            return .analyzeCompression(targets, sampleRows: analyze.sampleRows)
        }
        let table = try Binder(context).resolveTable(name)
        let target = AnalyzeTarget(table: table.id, columns: try InsertPlanner.targets(analyze.columns, of: table))
        return .analyzeCompression([target], sampleRows: analyze.sampleRows)
    }

    func vacuum(_ vacuum: VacuumStatement) throws(SQLError) -> PlannedStatement {
        guard let name = vacuum.table else {
            for (isGiven, what) in [
                (vacuum.thresholdPercent != nil, "TO PERCENT"), (vacuum.kind == .reindex, "REINDEX"),
                (vacuum.kind == .recluster, "RECLUSTER"),
            ] where isGiven {
                throw SQLError(.syntaxError, "VACUUM \(what) needs the name of a table")
            }
            return .vacuum(context.ownTables.map(\.id), vacuum)
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
}
