/// Other numbers for what a plan's segments share: each round of a `Loop` has tables and exchanges of its own.
package struct Renumbering: Sendable {
    package var exchanges: [ExchangeID: ExchangeID] = [:]
    package var tables: [HashTableID: HashTableID] = [:]
    /// Saved rows that stand in several tables.
    package var savedRows: [HashTableID: [HashTableID]] = [:]

    package init() {}

    private func table(_ table: HashTableID) -> HashTableID { tables[table] ?? table }
    private func exchange(_ exchange: ExchangeID) -> ExchangeID { exchanges[exchange] ?? exchange }

    package func apply(to segment: Segment) -> Segment {
        var result = segment
        result.steps = segment.steps.map(apply)
        return result
    }

    package func apply(to step: Step) -> Step {
        switch step {
        case .hashJoin(var join):
            join.table = table(join.table)
            return .hashJoin(join)
        case .nestedLoop(var join):
            join.table = table(join.table)
            return .nestedLoop(join)
        case .hash(var build):
            build.table = table(build.table)
            return .hash(build)
        case .save(let table, let isReplicated): return .save(self.table(table), isReplicated: isReplicated)
        case .savedScan(var scan):
            scan.tables = scan.tables.flatMap { savedRows[$0] ?? [table($0)] }
            return .savedScan(scan)
        case .receive(let id, let types): return .receive(exchange(id), types: types)
        case .merge(let id, let types, let keys): return .merge(exchange(id), types: types, keys: keys)
        case .distribute(let id, let keys): return .distribute(exchange(id), keys: keys)
        case .distributeRoundRobin(let id): return .distributeRoundRobin(exchange(id))
        case .distributeBySlice(let id, let slice): return .distributeBySlice(exchange(id), slice: slice)
        case .broadcast(let id): return .broadcast(exchange(id))
        case .sendToSlice(let id, let slice): return .sendToSlice(exchange(id), slice: slice)
        case .gather(let id): return .gather(exchange(id))
        case .scan, .virtualScan, .constants, .filter, .project, .aggregate, .sort, .window, .expand, .limit, .delete,
            .identity,
            .insert, .rewrite, .unload:
            return step
        }
    }
}

extension Step {
    /// Tables, and saved rows, that the step reads.
    package var readTables: [HashTableID] {
        switch self {
        case .hashJoin(let join): [join.table]
        case .nestedLoop(let join): [join.table]
        case .savedScan(let scan): scan.tables
        default: []
        }
    }

    /// The table that this sink makes, or the rows that it saves.
    package var filledTable: HashTableID? {
        switch self {
        case .hash(let build): build.table
        case .save(let table, _): table
        default: nil
        }
    }
}
