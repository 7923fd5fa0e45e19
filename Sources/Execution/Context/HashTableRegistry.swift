package import QueryPlan
import SQLTypes
import Synchronization
package import VectorEngine

/// One key column of a hash table of the plan.
package struct KeyFilterID: Hashable, Sendable {
    package let table: HashTableID
    /// Position in the table's keys.
    package let key: Int

    package init(table: HashTableID, key: Int) {
        self.table = table
        self.key = key
    }
}

/// A finished build side.
enum JoinBuild: Sendable {
    /// In memory, with the accounts of those who collected its rows.
    case table(JoinTable, [MemoryAccount])
    /// There was no memory for it.
    case spilled(SpilledBuild)

    /// Which values one of its key columns has; nil: that is not known.
    func filter(_ key: Int) -> KeyFilter? {
        switch self {
        case .table(let table, _): table.filters[key]
        case .spilled: nil
        }
    }
}

/// One slice's rows of a replicated build side.
enum BuildPart: Sendable {
    case rows(SavedRows, MemoryAccount)
    case spilled(SpilledPart)

    var slice: Int {
        switch self {
        case .rows(let rows, _): rows.slice
        case .spilled(let part): part.slice
        }
    }
}

/// The hash tables and saved rows of one query on one node, from the stream that builds them to those that probe them.
///
/// Own tables belong to a slice. A replicated one is shared: each slice of the node hands its rows over when its input
/// ends, and the last one builds the table from all parts and puts it here (the freeze). Nobody waits: probes run in a
/// later stream, which starts after all slices have ended this one. Parts and tables are immutable once here.
package final class HashTableRegistry: Sendable {
    private struct Key: Hashable {
        var table: HashTableID
        /// nil: the node's.
        var slice: Int?
    }
    private struct State {
        var builds: [Key: JoinBuild] = [:]
        var savedRows: [Key: SavedRows] = [:]
        /// Parts of replicated tables and of saved rows, until the last one has come.
        var buildParts: [HashTableID: [BuildPart]] = [:]
        var savedParts: [HashTableID: [SavedRows]] = [:]
        var sharedFilters: [KeyFilterID: KeyFilter] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    /// Hands over one slice's part of a replicated table. The last of `participants` gets all parts back, in the order
    /// of the slices that made them, and owes the table; the others get nil.
    func addPart(_ part: BuildPart, of table: HashTableID, participants: Int) -> [BuildPart]? {
        state.withLock { state in
            state.buildParts[table, default: []].append(part)
            let count = state.buildParts[table]?.count ?? 0
            assert(count <= participants, "part \(count) of \(participants)")
            guard count == participants else { return nil }
            return state.buildParts.removeValue(forKey: table)?.sorted { $0.slice < $1.slice }
        }
    }

    /// The same for rows that are only kept.
    func addPart(_ part: SavedRows, of table: HashTableID, participants: Int) -> [SavedRows]? {
        state.withLock { state in
            state.savedParts[table, default: []].append(part)
            let count = state.savedParts[table]?.count ?? 0
            assert(count <= participants, "part \(count) of \(participants)")
            guard count == participants else { return nil }
            return state.savedParts.removeValue(forKey: table)?.sorted { $0.slice < $1.slice }
        }
    }

    /// `slice` nil: the node's, frozen by the last slice that filled it.
    func put(_ built: JoinBuild, as table: HashTableID, slice: Int?) {
        state.withLock { state in
            let old = state.builds.updateValue(built, forKey: Key(table: table, slice: slice))
            assert(old == nil, "hash table \(table.rawValue) built twice")
        }
    }

    func put(_ rows: SavedRows, as table: HashTableID, slice: Int?) {
        state.withLock { state in
            let old = state.savedRows.updateValue(rows, forKey: Key(table: table, slice: slice))
            assert(old == nil, "rows \(table.rawValue) saved twice")
        }
    }

    /// The slice's own table, else the node's.
    func build(_ table: HashTableID, slice: Int) throws(SQLError) -> JoinBuild {
        let found = state.withLock { state in
            state.builds[Key(table: table, slice: slice)] ?? state.builds[Key(table: table, slice: nil)]
        }
        guard let found else {
            throw SQLError.internalError("slice \(slice) probes hash table \(table.rawValue), which is not built")
        }
        return found
    }

    /// What the slice itself saved; no batches if the saving segment did not run on it.
    func ownRows(_ table: HashTableID, slice: Int) -> SavedRows {
        state.withLock { $0.savedRows[Key(table: table, slice: slice)] } ?? SavedRows(slice: slice, batches: [])
    }

    func savedRows(_ table: HashTableID, slice: Int) throws(SQLError) -> SavedRows {
        let found = state.withLock { state in
            state.savedRows[Key(table: table, slice: slice)] ?? state.savedRows[Key(table: table, slice: nil)]
        }
        guard let found else {
            throw SQLError.internalError("slice \(slice) reads rows \(table.rawValue), which are not saved")
        }
        return found
    }

    // MARK: Filters

    /// Which keys the tables of the node's slices have, for what the build shares with other slices; asked when all of
    /// them are built.
    /// nil: what they have cannot be told.
    package func nodeFilters(of build: HashBuild) -> [KeyFilterID: KeyFilter?] {
        let tables = state.withLock { state in
            // The order does not matter: a union.
            state.builds.filter { $0.key.table == build.table }.map(\.value)
        }
        var filters: [KeyFilterID: KeyFilter?] = [:]
        for key in build.sharedFilters {
            let own = tables.compactMap { $0.filter(key) }
            let union: KeyFilter? = own.count == tables.count ? KeyFilter.union(own) : nil
            filters.updateValue(union, forKey: KeyFilterID(table: build.table, key: key))
        }
        return filters
    }

    /// Those of all nodes, from the leader.
    package func put(_ filters: [KeyFilterID: KeyFilter]) {
        guard !filters.isEmpty else { return }
        state.withLock { $0.sharedFilters.merge(filters) { _, new in new } }
    }

    /// nil: nobody made one, every row passes.
    func sharedFilter(_ id: KeyFilterID) -> KeyFilter? { state.withLock { $0.sharedFilters[id] } }
}
