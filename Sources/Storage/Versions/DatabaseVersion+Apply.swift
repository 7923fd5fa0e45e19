package import Catalog
package import SQLTypes

extension DatabaseVersion {
    /// Where a record comes from that is applied.
    package enum RecordSource {
        /// The log: it was admitted once, and is not asked again.
        case log
        /// A transaction block, for its own version. Rows stay row groups of their own: what the block marks must not
        /// depend on rows that others commit meanwhile.
        case block
        /// Whoever commits: what others have committed since the record was planned is looked at. Views must still find
        /// what they read, schemas must be empty when they go, and users own nothing in any database.
        case commit
    }

    /// The version after the record: used by commits and, to the same effect, by recovery. Rows of small inserts go to the
    /// end of the slice's tail, and what the record deletes of them is found there.
    /// - Throws: what a statement would see that a concurrent one has overtaken; nothing has changed then.
    package func applying(
        _ record: CommitRecord, shape: ClusterShape, from source: RecordSource
    ) throws(SQLError) -> DatabaseVersion {
        var next = self
        next.commit += 1
        var touched: Set<TableID> = []
        var places: TailPlaces? = source == .block ? nil : TailPlaces()
        // A database goes as a whole: its tables first, its views with it.
        let isChecked =
            source == .commit
            && !record.changes.contains { change in if case .dropDatabase = change { true } else { false } }
        // Changes of one database after those of another.
        var section: [CommitRecord.Change] = []
        func count() throws(SQLError) {
            if isChecked { try next.expectWhole(after: section) }
            section = []
            for table in touched { next.countRows(of: table, shape: shape) }
            touched = []
        }
        for change in record.changes {
            if case .use(let name) = change {
                try count()
                guard name == database || databaseNames.contains(name) || next.databaseNames.contains(name) else {
                    throw SQLError(.invalidCatalogName, "database \"\(name)\" does not exist")
                }
                next.see(name)
                continue
            }
            section.append(change)
            if source != .log, case .access(let access) = change { try next.expectFits(access) }
            if let table = try next.apply(change, shape: shape, &places, asksAccess: source != .log) {
                touched.insert(table)
            }
        }
        try count()
        next.see(database)
        return next
    }

    /// For a checkpoint: one change of what is in a database. False: it does not fit what is there.
    mutating func restoreContents(_ change: CommitRecord.Change, _ shape: ClusterShape) -> Bool {
        var places: TailPlaces?
        do throws(SQLError) {
            _ = try apply(change, shape: shape, &places, asksAccess: false)
            return true
        } catch {
            return false
        }
    }

    /// Returns the table whose rows have changed, if any.
    private mutating func apply(
        _ change: CommitRecord.Change, shape: ClusterShape, _ places: inout TailPlaces?, asksAccess: Bool
    ) throws(SQLError) -> TableID? {
        switch change {
        case .createSchema(let name):
            guard catalog.schemas.insert(name).inserted else {
                throw SQLError(.duplicateSchema, "schema \"\(name)\" already exists")
            }
            catalog.version += 1
            return nil
        case .dropSchema(let name):
            guard catalog.removeSchema(name) else {
                throw SQLError(.invalidSchemaName, "schema \"\(name)\" does not exist")
            }
            return nil
        case .createTable(let table):
            try create(table, shape: shape)
            return table.id
        case .replaceTable(let table):
            try expect(table.id)
            try expectFree(table.name, for: table.id)
            catalog.put(table)
            return nil
        case .dropTable(let id):
            try expect(id)
            catalog.remove(id)
            tables[id] = nil
            return nil
        case .putView(let view):
            guard catalog.schemas.contains(view.name.schema) else {
                throw SQLError(.invalidSchemaName, "schema \"\(view.name.schema)\" does not exist")
            }
            guard catalog.tableIDs[view.name] == nil else {
                throw SQLError(.duplicateTable, "relation \"\(view.name.name)\" already exists")
            }
            catalog.put(view)
            return nil
        case .dropView(let name):
            guard catalog.views[name] != nil else {
                throw SQLError(
                    .undefinedTable, "view \"\(name.name)\" does not exist",
                    detail: "It was dropped by a transaction that committed before.")
            }
            catalog.removeView(name)
            return nil
        case .append(let id, let slice, let groups):
            try expect(id, slice: slice, shape: shape)
            for group in groups { try append(group, to: id, slice: slice, &places) }
            note(inserted: groups.reduce(0) { $0 + $1.rowCount }, into: id, slice: slice, shape)
            return id
        case .replace(let id, let slice, let groups):
            try expect(id, slice: slice, shape: shape)
            let before = liveRows(of: id, slice: slice)
            tables[id]?.partitions[slice] = groups
            let numbers = Set(groups.map(\.number))
            let kept = tables[id]?.deleted[slice].filter { numbers.contains($0.key) } ?? [:]
            tables[id]?.deleted[slice] = kept
            // VACUUM writes the same rows anew; TRUNCATE leaves none, COPY brings some.
            let change = liveRows(of: id, slice: slice) - before
            note(inserted: max(0, change), deleted: max(0, -change), into: id, slice: slice, shape)
            return id
        case .delete(let id, let slice, let rows):
            try expect(id, slice: slice, shape: shape)
            try delete(places?.moved(rows, of: id, slice: slice) ?? rows, of: id, slice: slice)
            note(deleted: rows.values.reduce(0) { $0 + $1.count }, into: id, slice: slice, shape)
            return id
        case .advanceIdentity(let id, let slice, let next):
            try expect(id, slice: slice, shape: shape)
            let present = tables[id]?.identityNext[slice] ?? 0
            tables[id]?.identityNext[slice] = max(present, next)
            return nil
        case .setComment(let target, let text):
            catalog.comments[target] = text
            catalog.version += 1
            return nil
        case .renameSchema(let old, let new):
            try rename(schema: old, to: new)
            return nil
        case .renameView(let old, let new):
            guard catalog.views[old] != nil else {
                throw SQLError(.undefinedTable, "view \"\(old.name)\" does not exist")
            }
            guard !catalog.hasRelation(new) else {
                throw SQLError(.duplicateTable, "relation \"\(new.name)\" already exists")
            }
            catalog.rename(view: old, to: new)
            return nil
        case .seal(let id, let slice, let groups):
            try expect(id, slice: slice, shape: shape)
            for group in groups { try seal(group, of: id, slice: slice) }
            return nil
        case .use: return nil
        case .putDatabase(let definition):
            put(definition)
            return nil
        case .dropDatabase(let name):
            guard dropDatabase(name) else {
                throw SQLError(.invalidCatalogName, "database \"\(name)\" does not exist")
            }
            return nil
        case .renameDatabase(let old, let new):
            guard renameDatabase(old, to: new) else {
                throw SQLError(.duplicateDatabase, "database \"\(new)\" already exists")
            }
            return nil
        case .setIsolation(let database, let level):
            catalog.isolationLevels[database] = level
            return nil
        case .setCreationTime(let id, let time):
            try expect(id)
            catalog.creationTimes[id] = time
            return nil
        case .access(let change):
            if asksAccess { try catalog.apply(change) } else { catalog.restore(change) }
            if let dropped = change.dropped { forgetElsewhere(dropped) }
            return nil
        case .setStatistics(let id, let statistics):
            try expect(id)
            catalog.statistics[id] = statistics
            catalog.modifiedRows[id] = nil
            catalog.version += 1
            return nil
        case .setModifiedRows(let id, let rows):
            try expect(id)
            catalog.modifiedRows[id] = rows
            return nil
        case .pinStatistics(let id, let isPinned):
            try expect(id)
            if isPinned { catalog.pinnedStatistics.insert(id) } else { catalog.pinnedStatistics.remove(id) }
            catalog.version += 1
            return nil
        }
    }

    /// The first committer wins: a row that is deleted already, or whose row group is gone, was changed by a transaction
    /// that this one did not see.
    private mutating func delete(_ rows: DeletedRowGroups, of id: TableID, slice: Int) throws(SQLError) {
        let counts = Dictionary(
            tables[id]?.partitions[slice].map { ($0.number, $0.rowCount) } ?? [],
            uniquingKeysWith: { first, _ in first })
        for (number, added) in rows {
            guard let count = counts[number] else { throw .serializableViolation(on: id) }
            guard added.last ?? 0 < count else {
                throw .internalError("row \(added.last ?? 0) of row group \(number), which has \(count)")
            }
            let old = tables[id]?.deleted[slice][number] ?? DeletedRows()
            guard old.isDisjoint(with: added) else { throw .serializableViolation(on: id) }
        }
        for (number, added) in rows where !added.isEmpty {
            tables[id]?.deleted[slice][number, default: DeletedRows()].formUnion(added)
        }
    }

    private mutating func create(_ table: TableDefinition, shape: ClusterShape) throws(SQLError) {
        guard table.id >= .firstUserTable, table.id.rawValue < .max, catalog.tables[table.id] == nil else {
            throw .internalError("table \(table.name) with id \(table.id.rawValue), which is not free")
        }
        guard catalog.schemas.contains(table.name.schema) else {
            throw SQLError(.invalidSchemaName, "schema \"\(table.name.schema)\" does not exist")
        }
        try expectFree(table.name, for: table.id)
        catalog.put(table)
        tables[table.id] = TableVersion(table: table.id, partitions: Array(repeating: [], count: shape.slices))
        nextTableID = max(nextTableID, TableID(table.id.rawValue + 1))
    }

    private mutating func rename(schema old: String, to new: String) throws(SQLError) {
        guard catalog.schemas.contains(old) else {
            throw SQLError(.invalidSchemaName, "schema \"\(old)\" does not exist")
        }
        guard !catalog.schemas.contains(new) else {
            throw SQLError(.duplicateSchema, "schema \"\(new)\" already exists")
        }
        catalog.rename(schema: old, to: new)
    }

    private func expectFree(_ name: TableName, for id: TableID) throws(SQLError) {
        guard catalog.views[name] == nil, catalog.tableIDs[name] == nil || catalog.tableIDs[name] == id else {
            throw SQLError(.duplicateTable, "relation \"\(name.name)\" already exists")
        }
    }

    private func expect(_ id: TableID) throws(SQLError) {
        guard catalog.tables[id] != nil else {
            throw SQLError(
                .undefinedTable, "table \(id.rawValue) does not exist",
                detail: "It was dropped by a transaction that committed before.")
        }
    }

    private func expect(_ id: TableID, slice: Int, shape: ClusterShape) throws(SQLError) {
        try expect(id)
        guard slice >= 0, slice < shape.slices else {
            throw .internalError("rows on slice \(slice) of \(shape.slices)")
        }
    }

    /// Of a table with statistics: without them nobody asks. Of an ALL table the first node's copy counts.
    private mutating func note(
        inserted: Int = 0, deleted: Int = 0, into id: TableID, slice: Int, _ shape: ClusterShape
    ) {
        guard inserted + deleted > 0, catalog.statistics[id] != nil, let table = catalog.tables[id],
            table.distribution.effective != .all || slice < shape.slicesPerNode
        else { return }
        catalog.modifiedRows[id, default: ModifiedRows()].inserted += Int64(inserted)
        catalog.modifiedRows[id, default: ModifiedRows()].deleted += Int64(deleted)
    }

    private func liveRows(of id: TableID, slice: Int) -> Int {
        guard let table = tables[id], slice < table.partitions.count else { return 0 }
        return table.partitions[slice].reduce(0) { $0 + $1.rowCount }
            - table.deleted[slice].values.reduce(0) { $0 + $1.count }
    }

    /// Live rows, and the share of them outside the sorted region. One copy of an ALL table counts.
    mutating func countRows(of id: TableID, shape: ClusterShape) {
        guard let definition = catalog.tables[id], let table = tables[id] else { return }
        let isReplicated = definition.distribution.effective == .all
        let slices = isReplicated ? table.partitions.indices.prefix(shape.slicesPerNode) : table.partitions.indices
        var rows = 0
        var unsorted = 0
        for slice in slices {
            let deleted = table.deleted[slice]
            for group in table.partitions[slice] {
                let live = group.rowCount - (deleted.isEmpty ? 0 : deleted[group.number]?.count ?? 0)
                rows += live
                if !group.isSorted { unsorted += live }
            }
        }
        catalog.rowCounts[id] = Int64(rows)
        let hasOrder = !definition.sortKey.columns.isEmpty
        catalog.unsortedFractions[id] = hasOrder && rows > 0 ? Double(unsorted) / Double(rows) : 0
    }
}

extension SQLError {
    /// - Source: Redshift developer guide, "Serializable isolation": error 1023.
    package static func serializableViolation(on table: TableID) -> SQLError {
        SQLError(
            .serializationFailure, "1023",
            detail: "Serializable isolation violation on table - \(table.rawValue): rows that this transaction changes "
                + "were changed by one that committed before.",
            hint: "Run the transaction again.")
    }
}
