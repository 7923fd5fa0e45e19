package import Catalog

/// The rows of one table at one commit.
package struct TableVersion: Sendable {
    package var table: TableID
    /// By the slice's number in the cluster. The copies of an ALL table lie under the first slice of each node only.
    package var partitions: [[RowGroupDescriptor]]
    /// By slice, what scans pass over. Row groups never change; a delete makes a new value of its own here.
    package var deleted: [DeletedRowGroups]
    /// By slice, how many values of the IDENTITY sequence were taken: the next one's i (see `IdentityFill`).
    package var identityNext: [Int64]
    /// Keeps the data files of `partitions` from being removed while this version is in use.
    var files: [DataFile] = []

    package init(table: TableID, partitions: [[RowGroupDescriptor]]) {
        self.table = table
        self.partitions = partitions
        deleted = Array(repeating: [:], count: partitions.count)
        identityNext = Array(repeating: 0, count: partitions.count)
    }

    /// Rows of the partition that are not deleted.
    package func liveRowCount(ofSlice slice: Int) -> Int {
        partitions[slice].reduce(0) { $0 + $1.rowCount } - deleted[slice].values.reduce(0) { $0 + $1.count }
    }

    /// Whether both have the same rows, be it in a tail here and in blocks there.
    package func hasSameRows(as other: TableVersion) -> Bool {
        partitions.count == other.partitions.count && deleted == other.deleted
            && zip(partitions, other.partitions).allSatisfy { own, others in
                own.elementsEqual(others) { $0.number == $1.number && $0.rowCount == $1.rowCount }
            }
    }

    /// Whether every deleted row is one of a row group: what a checkpoint must satisfy.
    var deletesFit: Bool {
        guard deleted.count == partitions.count else { return false }
        return zip(partitions, deleted).allSatisfy { groups, deleted in
            let counts = Dictionary(groups.map { ($0.number, $0.rowCount) }, uniquingKeysWith: { first, _ in first })
            return deleted.allSatisfy { number, rows in rows.last ?? 0 < counts[number] ?? 0 }
        }
    }

    /// Rows stored, deleted ones and each copy of an ALL table counted.
    package var storedRowCount: Int { partitions.reduce(0) { $0 + $1.reduce(0) { $0 + $1.rowCount } } }
}

/// The state of the database after a commit: immutable. Who reads keeps one, and sees neither later commits nor the
/// removal of what it refers to.
package struct DatabaseVersion: Sendable {
    /// 0 for a new cluster, then one more with each commit.
    package var commit: Int64
    /// Of the database that is looked at: `database`. Behind one reference: versions are handed around with every
    /// statement and every task, and a catalog is some forty values.
    package var catalog: CatalogSnapshot {
        _read { yield boxedCatalog.value }
        _modify {
            if !isKnownUniquelyReferenced(&boxedCatalog) { boxedCatalog = CatalogBox(boxedCatalog.value) }
            yield &boxedCatalog.value
        }
    }
    private var boxedCatalog: CatalogBox

    // What every statement asks of the catalog. Read behind the reference: from another module `catalog` is a copy, which
    // retains each of its values.
    package var catalogVersion: Int64 { boxedCatalog.value.version }
    package var accessVersion: Int64 { boxedCatalog.value.accessVersion }
    package func definition(of table: TableID) -> TableDefinition? { boxedCatalog.value.tables[table] }
    package func hasStatistics(of table: TableID) -> Bool { boxedCatalog.value.statistics[table] != nil }
    /// Empty: the cluster's first database.
    package private(set) var database = ""
    /// The catalogs of all others, by name. Tables are numbered through the cluster.
    private var others: [String: CatalogSnapshot] = [:]
    package var tables: [TableID: TableVersion]
    /// Greater than any table's that was ever committed.
    package var nextTableID: TableID

    package init(
        commit: Int64 = 0, catalog: CatalogSnapshot = CatalogSnapshot(), tables: [TableID: TableVersion] = [:],
        nextTableID: TableID = .firstUserTable
    ) {
        self.commit = commit
        boxedCatalog = CatalogBox(catalog)
        self.tables = tables
        self.nextTableID = nextTableID
    }

    // MARK: Databases

    /// Names, the first database's empty one before all others.
    package var databaseNames: [String] { ([database] + others.keys).sorted() }

    /// The same state, as a session on another database sees it; one that is not there has nothing in it.
    package func seen(from name: String) -> DatabaseVersion {
        guard name != database else { return self }
        var copy = self
        copy.see(name)
        return copy
    }

    mutating func see(_ name: String) {
        guard name != database else { return }
        var next = others.removeValue(forKey: name) ?? CatalogSnapshot()
        next.share(with: catalog)
        others[database] = catalog
        (database, catalog) = (name, next)
    }

    /// For a transaction block: rights and policies hold as they are `now`, with what the block itself has changed of
    /// them.
    package mutating func takeAccess(of now: DatabaseVersion, with own: [CommitRecord.Change]) {
        var merged = now.catalog
        for change in own {
            switch change {
            case .access(let change): merged.restore(change)
            case .replaceTable(let table): merged.put(table)
            case .dropTable(let id): merged.remove(id)
            case .putView(let view): merged.put(view)
            case .dropView(let name): merged.removeView(name)
            case .renameView(let old, let new): merged.rename(view: old, to: new)
            case .renameSchema(let old, let new): merged.rename(schema: old, to: new)
            case .createSchema(let name): merged.schemas.insert(name)
            case .dropSchema(let name): _ = merged.removeSchema(name)
            default: break
            }
        }
        catalog.takeAccess(of: merged)
    }

    /// What somebody was granted who is gone, in the databases that are not looked at: users, groups and roles are the
    /// cluster's.
    mutating func forgetElsewhere(_ grantee: Grantee) {
        for name in others.keys { others[name]?.forget(grantee) }
    }

    mutating func put(_ definition: DatabaseDefinition) {
        catalog.databases[definition.name] = definition
        catalog.version += 1
        if definition.name != database, others[definition.name] == nil { others[definition.name] = CatalogSnapshot() }
    }

    /// False: there is no such database, or it is the one that is looked at.
    mutating func dropDatabase(_ name: String) -> Bool {
        guard name != database, others.removeValue(forKey: name) != nil else { return false }
        catalog.databases[name] = nil
        catalog.isolationLevels[name] = nil
        catalog.version += 1
        return true
    }

    mutating func renameDatabase(_ name: String, to new: String) -> Bool {
        guard name != database, new != database, others[new] == nil, var definition = catalog.databases[name],
            let renamed = others.removeValue(forKey: name)
        else { return false }
        definition.name = new
        catalog.isolationLevels[new] = catalog.isolationLevels.removeValue(forKey: name)
        others[new] = renamed
        catalog.databases[name] = nil
        catalog.databases[new] = definition
        catalog.version += 1
        return true
    }
}

/// `@unchecked Sendable`: changed by `DatabaseVersion` only, while it has the one reference.
private final class CatalogBox: @unchecked Sendable {
    var value: CatalogSnapshot

    init(_ value: CatalogSnapshot) { self.value = value }
}
