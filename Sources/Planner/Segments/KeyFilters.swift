import QueryPlan
import SQLTypes

/// A column of which only the values count that a join's table has among its keys: a row with another one, or null,
/// changes nothing in what the query answers.
struct KeyFilter {
    var column: Int
    var table: HashTableID
    /// Position in the table's keys.
    var key: Int
    var scope: KeyFilterUse.Scope

    func on(_ column: Int) -> KeyFilter { KeyFilter(column: column, table: table, key: key, scope: scope) }
}

/// Runtime filters: from the joins of a plan down to its scans.
///
///     lineitem ⋈ part ⋈ (sum by l_partkey of lineitem)     the keys of `part` that are left filter both scans of lineitem
///
/// `below` says what a join asks of its sides, `holding` what is true of the rows that a node hands up: a join's other side
/// may be filtered by that as well. Every filter that would be right is noted at the scans; which of them can be had,
/// because the table is built earlier, is known when the streams have been put in order.
struct KeyFilters {
    let registry: ColumnRegistry
    private var tables: [ObjectIdentifier: HashTableID] = [:]
    private var held: [ObjectIdentifier: [KeyFilter]] = [:]
    /// Tables that are the same on every node: rows may move, the node's own table still tells.
    private var replicated: Set<HashTableID> = []
    private var tableCount = 0

    init(registry: ColumnRegistry) { self.registry = registry }

    mutating func newTable() -> HashTableID {
        defer { tableCount += 1 }
        return HashTableID(tableCount)
    }

    /// The number of the table that a join builds, known before it is cut.
    mutating func table(of join: PhysicalNode) -> HashTableID {
        if let known = tables[ObjectIdentifier(join)] { return known }
        let table = newTable()
        tables[ObjectIdentifier(join)] = table
        return table
    }

    // MARK: Joins

    /// Of the filters that are asked of the join's rows, and of those that the join itself makes, what may be asked of its
    /// sides.
    mutating func below(
        _ node: PhysicalNode, _ sides: JoinSides, _ wanted: [KeyFilter]
    ) -> (probe: [KeyFilter], build: [KeyFilter]) {
        let onProbe = wanted.filter { sides.probe.columns.contains($0.column) }
        // A replicated table is filled by all slices, for all of them.
        let onBuild = wanted.filter { sides.build.columns.contains($0.column) }.map { filter in
            sides.isReplicated ? moved(filter) : filter
        }
        let toBuild = mapped(wanted, sides, toBuild: true)
        let toProbe = mapped(wanted, sides, toBuild: false)
        let own = ownFilters(node, sides).map(\.probe)
        switch sides.kind {
        case .inner: return (onProbe + toProbe + own, onBuild + toBuild + held(by: sides.probe, across: sides))
        case .semi: return (onProbe + own, toBuild + held(by: sides.probe, across: sides))
        case .left, .anti: return (onProbe, toBuild + held(by: sides.probe, across: sides))
        case .right: return (toProbe + own, onBuild)
        case .buildSemi: return (toProbe + own, onBuild + held(by: sides.probe, across: sides))
        case .buildAnti: return (toProbe + own, onBuild)
        // Whether there are rows at all, and whether there are nulls, counts.
        case .nullAwareAnti: return (onProbe, [])
        case .full: return ([], [])
        }
    }

    /// From the keys of one side to those of the other.
    private func mapped(_ filters: [KeyFilter], _ sides: JoinSides, toBuild: Bool) -> [KeyFilter] {
        filters.flatMap { filter in
            sides.keys.compactMap { pair in
                guard filter.column == (toBuild ? pair.probe : pair.build), isSameForm(pair) else { return nil }
                let other = filter.on(toBuild ? pair.build : pair.probe)
                return toBuild && sides.isReplicated ? moved(other) : other
            }
        }
    }

    /// The filter where rows are not yet on the slice where the join meets them.
    private func moved(_ filter: KeyFilter) -> KeyFilter {
        var result = filter
        if !replicated.contains(filter.table) { result.scope = .everySlice }
        return result
    }

    private mutating func held(by probe: PhysicalNode, across sides: JoinSides) -> [KeyFilter] {
        mapped(holding(probe), sides, toBuild: true)
    }

    private mutating func ownFilters(
        _ node: PhysicalNode, _ sides: JoinSides
    ) -> [(probe: KeyFilter, build: KeyFilter)] {
        let table = table(of: node)
        if sides.isReplicated { replicated.insert(table) }
        return sides.keys.enumerated().compactMap { position, pair in
            guard isSameForm(pair) else { return nil }
            let filter = KeyFilter(column: pair.probe, table: table, key: position, scope: .own)
            return (filter, filter.on(pair.build))
        }
    }

    /// Equal values are equal integers.
    private func isSameForm(_ pair: (probe: Int, build: Int)) -> Bool {
        let (a, b) = (registry.type(pair.probe), registry.type(pair.build))
        return a.storage.isInteger && (a.collocates(with: b) || (a.isInteger && b.isInteger))
    }

    // MARK: What holds

    /// Filters that each row of the node has passed, on any slice.
    mutating func holding(_ node: PhysicalNode) -> [KeyFilter] {
        if let known = held[ObjectIdentifier(node)] { return known }
        let result = computeHolding(node).map(moved)
        held[ObjectIdentifier(node)] = result
        return result
    }

    private mutating func computeHolding(_ node: PhysicalNode) -> [KeyFilter] {
        switch node.operation {
        case .filter, .project, .exchange, .sort, .limit, .window, .expand, .secured: return holding(node.children[0])
        case .aggregate(let aggregate, _, _):
            return holding(node.children[0]).filter { aggregate.groups.contains($0.column) }
        case .join(let join) where join.algorithm == .nestedLoop:
            return holding(node.children[0]) + (join.kind == .inner ? holding(node.children[1]) : [])
        case .join(let join): return joinHolding(node, JoinSides(join, of: node))
        case .scan, .virtualScan, .constants, .sharedScan, .recursion, .workTable, .union, .delete, .identity, .insert:
            return []
        }
    }

    private mutating func joinHolding(_ node: PhysicalNode, _ sides: JoinSides) -> [KeyFilter] {
        switch sides.kind {
        case .inner:
            let own = ownFilters(node, sides)
            let (probe, build) = (holding(sides.probe), holding(sides.build))
            return own.flatMap { [$0.probe, $0.build] } + probe + build + mapped(probe, sides, toBuild: true)
                + mapped(build, sides, toBuild: false)
        case .semi: return holding(sides.probe) + ownFilters(node, sides).map(\.probe)
        case .left, .anti, .nullAwareAnti: return holding(sides.probe)
        case .right, .buildSemi, .buildAnti: return holding(sides.build)
        case .full: return []
        }
    }

    // MARK: Steps between

    /// What may be asked below a projection: columns that pass it, and integers that are only made wider.
    func below(_ computed: [ComputedColumn], _ wanted: [KeyFilter]) -> [KeyFilter] {
        wanted.compactMap { filter in
            guard let item = computed.first(where: { $0.column == filter.column }) else { return filter }
            guard case .cast(.column(let column, let narrow), let wide, isTry: false) = item.expression,
                isWidening(narrow, wide)
            else { return nil }
            return filter.on(column)
        }
    }

    private func isWidening(_ narrow: SQLType, _ wide: SQLType) -> Bool {
        switch (narrow, wide) {
        case (.smallint, .integer), (.smallint, .bigint), (.integer, .bigint): true
        default: false
        }
    }

    func below(exchange wanted: [KeyFilter]) -> [KeyFilter] { wanted.map(moved) }
}
