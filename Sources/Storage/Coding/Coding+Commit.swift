import Catalog
import SQLTypes
import VectorEngine

extension ByteWriter {
    mutating func changes(_ changes: [CommitRecord.Change]) { list(changes) { $0.change($1) } }

    private mutating func change(_ change: CommitRecord.Change) {
        switch change {
        case .createSchema(let name):
            u8(1)
            string(name)
        case .dropSchema(let name):
            u8(2)
            string(name)
        case .createTable(let table):
            u8(3)
            definition(table)
        case .replaceTable(let table):
            u8(4)
            definition(table)
        case .dropTable(let table):
            u8(5)
            i32(table.rawValue)
        case .append(let table, let slice, let groups):
            u8(6)
            i32(table.rawValue)
            u32(UInt32(slice))
            list(groups) { $0.rowGroup($1) }
        case .replace(let table, let slice, let groups):
            u8(7)
            i32(table.rawValue)
            u32(UInt32(slice))
            list(groups) { $0.rowGroup($1) }
        case .delete(let table, let slice, let rows):
            u8(9)
            i32(table.rawValue)
            u32(UInt32(slice))
            deletedRowGroups(rows)
        case .setStatistics(let table, let statistics):
            u8(8)
            i32(table.rawValue)
            optional(statistics) { $0.statistics($1) }
        case .pinStatistics(let table, let isPinned):
            u8(60)
            i32(table.rawValue)
            bool(isPinned)
        case .setModifiedRows(let table, let rows):
            u8(61)
            i32(table.rawValue)
            i64(rows.inserted)
            i64(rows.deleted)
        case .seal(let table, let slice, let groups):
            u8(20)
            i32(table.rawValue)
            u32(UInt32(slice))
            list(groups) { $0.rowGroup($1) }
        case .setIsolation(let database, let level):
            u8(21)
            string(database)
            bool(level == .serializable)
        case .setCreationTime(let table, let time):
            u8(30)
            i32(table.rawValue)
            i64(time)
        case .use(let database):
            u8(50)
            string(database)
        case .putDatabase(let definition):
            u8(51)
            string(definition.name)
            i32(definition.owner.rawValue)
            optional(definition.connectionLimit) { $0.i64(Int64($1)) }
        case .dropDatabase(let name):
            u8(52)
            string(name)
        case .renameDatabase(let old, let new):
            u8(53)
            string(old)
            string(new)
        case .access(let change):
            u8(40)
            access(change)
        case .putView(let view):
            u8(10)
            self.view(view)
        case .dropView(let name):
            u8(11)
            string(name.schema)
            string(name.name)
        case .advanceIdentity(let table, let slice, let next):
            u8(12)
            i32(table.rawValue)
            u32(UInt32(slice))
            i64(next)
        case .setComment(let target, let text):
            u8(13)
            comment(target, text)
        case .renameSchema(let old, let new):
            u8(14)
            string(old)
            string(new)
        case .renameView(let old, let new):
            u8(31)
            string(old.schema)
            string(old.name)
            string(new.schema)
            string(new.name)
        }
    }

    /// All of a version, for a checkpoint. Everything in an order that does not depend on hashing.
    mutating func version(_ version: DatabaseVersion) {
        i64(version.commit)
        i32(version.nextTableID.rawValue)
        i64(version.catalog.version)
        list(version.catalog.schemas.sorted()) { $0.string($1) }
        list(version.catalog.tables.keys.sorted()) { output, id in
            guard let definition = version.catalog.tables[id] else {
                preconditionFailure("table \(id.rawValue) vanished")
            }
            output.definition(definition)
            output.optional(version.catalog.statistics[id]) { $0.statistics($1) }
            let table = version.tables[id] ?? TableVersion(table: id, partitions: [])
            output.u32(UInt32(table.partitions.count))
            output.list(table.partitions.indices.filter { !table.partitions[$0].isEmpty }) { output, slice in
                output.u32(UInt32(slice))
                output.list(table.partitions[slice]) { $0.rowGroup($1) }
                output.deletedRowGroups(table.deleted[slice])
            }
        }
        list(version.catalog.views.values.sorted { $0.name < $1.name }) { $0.view($1) }
        list(version.stateAsChanges) { $0.change($1) }
    }
}

extension ByteReader {
    mutating func changes() throws(SQLError) -> [CommitRecord.Change] {
        try list(bytesEach: 5) { (reader) throws(SQLError) in try reader.change() }
    }

    private mutating func change() throws(SQLError) -> CommitRecord.Change {
        switch try u8() {
        case 1: return .createSchema(try string())
        case 2: return .dropSchema(try string())
        case 3: return .createTable(try definition())
        case 4: return .replaceTable(try definition())
        case 5: return .dropTable(TableID(try i32()))
        case 6:
            let table = TableID(try i32())
            let slice = Int(try u32())
            return .append(table, slice: slice, try rowGroups())
        case 7:
            let table = TableID(try i32())
            let slice = Int(try u32())
            return .replace(table, slice: slice, try rowGroups())
        case 8:
            let table = TableID(try i32())
            return .setStatistics(table, try optional { (reader) throws(SQLError) in try reader.statistics() })
        case 9:
            let table = TableID(try i32())
            let slice = Int(try u32())
            return .delete(table, slice: slice, try deletedRowGroups())
        case 10: return .putView(try view())
        case 11: return .dropView(TableName(schema: try string(), name: try string()))
        case 12:
            let table = TableID(try i32())
            let slice = Int(try u32())
            return .advanceIdentity(table, slice: slice, next: try i64())
        case 13: return try comment()
        case 14: return .renameSchema(try string(), to: try string())
        case 31:
            let old = TableName(schema: try string(), name: try string())
            return .renameView(old, to: TableName(schema: try string(), name: try string()))
        case 21: return .setIsolation(database: try string(), try bool() ? .serializable : .snapshot)
        case 30: return .setCreationTime(TableID(try i32()), try i64())
        case 50: return .use(database: try string())
        case 51:
            let name = try string()
            let owner = UserID(try i32())
            let limit = try optional { (reader) throws(SQLError) in try reader.i64() }
            return .putDatabase(
                DatabaseDefinition(name: name, owner: owner, connectionLimit: limit.map { Int(clamping: $0) }))
        case 52: return .dropDatabase(try string())
        case 53: return .renameDatabase(try string(), to: try string())
        case 40: return .access(try access())
        case 60: return .pinStatistics(TableID(try i32()), try bool())
        case 61:
            let table = TableID(try i32())
            return .setModifiedRows(table, ModifiedRows(inserted: try i64(), deleted: try i64()))
        case 20:
            let table = TableID(try i32())
            let slice = Int(try u32())
            return .seal(table, slice: slice, try rowGroups())
        case let other: throw .corrupt("unknown change \(other)")
        }
    }

    private mutating func rowGroups() throws(SQLError) -> [RowGroupDescriptor] {
        try list(bytesEach: 21) { (reader) throws(SQLError) in try reader.rowGroup() }
    }

    mutating func version(_ shape: ClusterShape) throws(SQLError) -> DatabaseVersion {
        var version = DatabaseVersion()
        version.commit = try i64()
        version.nextTableID = TableID(try i32())
        let catalogVersion = try i64()
        version.catalog.schemas = Set(try list(bytesEach: 4) { (reader) throws(SQLError) in try reader.string() })
        let count = try count(bytesEach: 20)
        for _ in 0..<count {
            let definition = try definition()
            version.catalog.put(definition)
            version.catalog.statistics[definition.id] = try optional { (reader) throws(SQLError) in
                try reader.statistics()
            }
            let sliceCount = Int(try u32())
            guard sliceCount <= Checkpoint.slicesMax else { throw .corrupt("a table on \(sliceCount) slices") }
            var table = TableVersion(table: definition.id, partitions: Array(repeating: [], count: sliceCount))
            for _ in 0..<(try self.count(bytesEach: 12)) {
                let slice = Int(try u32())
                guard slice < sliceCount else { throw .corrupt("rows on slice \(slice) of \(sliceCount)") }
                table.partitions[slice] = try rowGroups()
                table.deleted[slice] = try deletedRowGroups()
            }
            guard table.deletesFit else { throw .corrupt("deleted rows of no row group") }
            version.tables[definition.id] = table
        }
        for view in try list(bytesEach: 24, { (reader) throws(SQLError) in try reader.view() }) {
            version.catalog.put(view)
        }
        for change in try list(bytesEach: 5, { (reader) throws(SQLError) in try reader.change() }) {
            guard version.restore(change, shape) else { throw .corrupt("a change that is no part of a checkpoint") }
        }
        version.see("")
        version.catalog.version = catalogVersion
        return version
    }
}

extension DatabaseVersion {
    /// What a checkpoint keeps besides definitions, rows and views, as the changes that make it.
    fileprivate var stateAsChanges: [CommitRecord.Change] {
        var changes: [CommitRecord.Change] = catalog.accessChanges.map { .access($0) }
        for (database, level) in catalog.isolationLevels.sorted(by: { $0.key < $1.key }) {
            changes.append(.setIsolation(database: database, level))
        }
        changes += sequencesAndComments
        for definition in catalog.databases.values.sorted(by: { $0.name < $1.name }) {
            changes.append(.putDatabase(definition))
        }
        for name in databaseNames where name != database { changes += seen(from: name).databaseAsChanges }
        return changes
    }

    private var sequencesAndComments: [CommitRecord.Change] {
        var changes: [CommitRecord.Change] = []
        for table in tables.values.sorted(by: { $0.table < $1.table }) where catalog.tables[table.table] != nil {
            for (slice, next) in table.identityNext.enumerated() where next > 0 {
                changes.append(.advanceIdentity(table.table, slice: slice, next: next))
            }
        }
        for (target, text) in catalog.comments.sorted(by: { $0.key < $1.key }) {
            changes.append(.setComment(target, text))
        }
        for (table, time) in catalog.creationTimes.sorted(by: { $0.key < $1.key }) {
            changes.append(.setCreationTime(table, time))
        }
        changes += catalog.pinnedStatistics.sorted().map { .pinStatistics($0, true) }
        // Rows and statistics have been restored by now, which count as changes themselves.
        for table in catalog.statistics.keys.sorted() {
            changes.append(.setModifiedRows(table, catalog.modifiedRows[table] ?? ModifiedRows()))
        }
        return changes
    }

    /// Everything in a database that is not the first one.
    private var databaseAsChanges: [CommitRecord.Change] {
        var changes: [CommitRecord.Change] = [.use(database: database)]
        for name in catalog.schemas.subtracting(CatalogSnapshot().schemas).sorted() {
            changes.append(.createSchema(name))
        }
        for name in CatalogSnapshot().schemas.subtracting(catalog.schemas).sorted() {
            changes.append(.dropSchema(name))
        }
        for id in catalog.tables.keys.sorted() {
            guard let definition = catalog.tables[id], let table = tables[id] else { continue }
            changes.append(.createTable(definition))
            if let statistics = catalog.statistics[id] { changes.append(.setStatistics(id, statistics)) }
            for (slice, groups) in table.partitions.enumerated() where !groups.isEmpty {
                changes.append(.replace(id, slice: slice, groups))
                if !table.deleted[slice].isEmpty {
                    changes.append(.delete(id, slice: slice, table.deleted[slice]))
                }
            }
        }
        changes += catalog.views.values.sorted { $0.name < $1.name }.map { .putView($0) }
        changes += catalog.privilegeChanges.map { .access($0) }
        return changes + sequencesAndComments
    }

    /// False: no such change is part of a checkpoint, or what it changes is not there.
    fileprivate mutating func restore(_ change: CommitRecord.Change, _ shape: ClusterShape) -> Bool {
        switch change {
        case .use(let name): see(name)
        case .putDatabase(let definition): put(definition)
        case .createSchema, .dropSchema, .createTable, .setStatistics, .replace, .delete, .putView:
            guard database != "" else { return false }
            return restoreContents(change, shape)
        case .setIsolation(let database, let level): catalog.isolationLevels[database] = level
        case .advanceIdentity(let table, let slice, let next):
            guard tables[table]?.identityNext.indices.contains(slice) == true else { return false }
            tables[table]?.identityNext[slice] = next
        case .setComment(let target, let text): catalog.comments[target] = text
        case .setCreationTime(let table, let time):
            guard catalog.tables[table] != nil else { return false }
            catalog.creationTimes[table] = time
        case .setModifiedRows(let table, let rows):
            guard catalog.tables[table] != nil else { return false }
            catalog.modifiedRows[table] = rows
        case .pinStatistics(let table, let isPinned):
            guard isPinned, catalog.tables[table] != nil else { return false }
            catalog.pinnedStatistics.insert(table)
        case .access(let change):
            catalog.restore(change)
        default: return false
        }
        return true
    }
}
