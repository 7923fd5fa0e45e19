import Catalog
import QueryPlan
import SQLTypes

/// Cuts a physical plan into streams of segments of steps: a segment ends where rows move or rest.
///
/// A build side is a stream of its own, before the stream that probes it; so no segment consumes two exchanges.
/// Columns are pruned on the way: each node is asked for exactly what is read above it. So are rows: `wanted` are the
/// filters that later joins ask of the node's rows.
///
///     cut(root)
///         emit(node, needed, wanted)   the open pipeline that makes the node's rows
///             a join                   JoinSides; emit(build), hash, close the stream; emit(probe), hjoin
///             an exchange              sink in one segment, source in the next of the same stream
///         StreamOrder                  small tables first; filters whose table is built too late are dropped
struct SegmentCutter {
    /// A segment while steps are added to it.
    final class Draft {
        var location: Segment.Location
        var steps: [Step] = []
        var number = -1
        init(_ location: Segment.Location) { self.location = location }
    }

    /// A chain of segments of the stream that is open; rows come out of the last.
    struct Pipeline {
        var drafts: [Draft]
        /// Column numbers in the order of the batch; -1: a partial state of an aggregate.
        var layout: [Int]
        var types: [SQLType]

        var current: Draft { drafts[drafts.count - 1] }
    }

    struct LoopDraft {
        var streams: [[Draft]]
        var work: HashTableID
        var next: HashTableID
    }

    let registry: ColumnRegistry
    var keyFilters: KeyFilters
    var streams: [StreamOrder.Draft] = []
    private var exchangeCount = 0
    /// What shared queries were saved under, by their number.
    var sharedTables: [Int: HashTableID] = [:]
    private var records: [(node: PhysicalNode, isBuild: Bool, draft: Draft, step: Int)] = []

    init(registry: ColumnRegistry) {
        self.registry = registry
        keyFilters = KeyFilters(registry: registry)
    }

    /// - Parameter output: the columns that the last segment hands out, in order; nil: it ends in a sink.
    mutating func cut(_ root: PhysicalNode, output: [Int]?) throws(SQLError) -> [Stream] {
        var pipeline = try emit(root, ColumnSet(output ?? []), [])
        if let output { try arrange(&pipeline, as: output, for: root) }
        close(pipeline, rows: root.rows)
        return finish()
    }

    /// The pipeline is a stream of its own; it ends in a sink that keeps `rows`.
    mutating func close(_ pipeline: Pipeline, rows: Double) {
        streams.append(StreamOrder.Draft(segments: pipeline.drafts, rows: rows))
    }

    private func finish() -> [Stream] {
        let ordered = StreamOrder.ordered(streams)
        for (number, draft) in ordered.flatMap(\.segments).enumerated() { draft.number = number }
        for record in records {
            let reference = StepReference(segment: record.draft.number, step: record.step)
            if record.isBuild { record.node.buildSteps.append(reference) } else { record.node.steps.append(reference) }
        }
        return ordered.map { stream in
            Stream(segments: stream.segments.map(segment), loop: stream.loop.map(loop))
        }
    }

    private func segment(_ draft: Draft) -> Segment {
        Segment(number: draft.number, location: draft.location, steps: draft.steps)
    }

    private func loop(_ draft: LoopDraft) -> Loop {
        Loop(streams: draft.streams.map { Stream(segments: $0.map(segment)) }, work: draft.work, next: draft.next)
    }

    // MARK: Nodes

    mutating func emit(
        _ node: PhysicalNode, _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        switch node.operation {
        case .scan(let relation, let filter, let share):
            return try scan(node, relation, filter, share, needed, wanted)
        case .virtualScan(let relation, let filter): return try virtualScan(node, relation, filter, needed)
        case .constants(let rows, let columns):
            var pipeline = start(node.placement == .leader ? .leader : .oneSlice(0), columns)
            add(.constants(rows, types: pipeline.types), for: node, to: &pipeline)
            return pipeline
        case .filter(let conjuncts):
            var pipeline = try emit(node.children[0], needed.union(conjuncts.columnSet), wanted)
            if let condition = conjuncts.conjunction() {
                add(.filter(try mapped(condition, pipeline.layout)), for: node, to: &pipeline)
            }
            return pipeline
        case .secured: return try emit(node.children[0], needed, wanted)
        case .project(let computed): return try project(node, computed, needed, wanted)
        case .exchange(let exchange): return try self.exchange(node, exchange, needed, wanted)
        case .join(let join):
            return join.algorithm == .nestedLoop
                ? try nestedLoop(node, join, needed, wanted) : try hashJoin(node, join, needed, wanted)
        case .aggregate(let aggregate, let phase, _): return try self.aggregate(node, aggregate, phase, wanted)
        case .sort(let keys, let limit, _):
            let needed = needed.union(ColumnSet(keys.map(\.column)))
            // A row that is left out would let another one in.
            var pipeline = try emit(node.children[0], needed, limit == nil ? wanted : [])
            try prune(&pipeline, to: needed, for: node)
            let sort = Sort(keys: try mapped(keys, pipeline.layout), types: pipeline.types, limit: limit)
            add(.sort(sort), for: node, to: &pipeline)
            return pipeline
        case .limit(let count, let offset, _):
            var pipeline = try emit(node.children[0], needed, [])
            add(.limit(count: count, offset: offset), for: node, to: &pipeline)
            return pipeline
        case .recursion, .workTable: throw .internalError("a recursion without a scan of it")
        case .sharedScan(let use): return try sharedScan(node, use)
        case .window(let window): return try self.window(node, window, needed, wanted)
        case .expand(let expansion): return try expand(node, expansion, needed)
        case .union(let columns, let inputs): return try union(node, columns, inputs, wanted)
        case .delete(let table, let target, let columns):
            let address = [SystemColumn.rowGroup, .position].map(registry.relations[target].column)
            var pipeline = try emit(node.children[0], ColumnSet(columns + address), [])
            let layout = pipeline.layout
            let places = try (address + columns).map { column throws(SQLError) in try position(of: column, in: layout) }
            let output = Array(places[2...])
            add(
                .delete(RowDeletion(table: table, rowGroup: places[0], position: places[1], output: output)), for: node,
                to: &pipeline)
            pipeline.types = output.map { pipeline.types[$0] }
            pipeline.layout = columns
            return pipeline
        case .identity(let table, let columns):
            var pipeline = try emit(node.children[0], needed.union(ColumnSet(columns.map(\.column))), [])
            let layout = pipeline.layout
            let places = try columns.map { column throws(SQLError) in
                var placed = column
                placed.column = try position(of: column.column, in: layout)
                return placed
            }
            let isAlone = pipeline.drafts.last?.location != .everySlice
            add(.identity(IdentityFill(table: table, columns: places, isAlone: isAlone)), for: node, to: &pipeline)
            return pipeline
        case .insert(let table, let columns):
            var pipeline = try emit(node.children[0], ColumnSet(columns), [])
            try arrange(&pipeline, as: columns, for: node)
            add(.insert(table), for: node, to: &pipeline)
            return pipeline
        }
    }

    private mutating func scan(
        _ node: PhysicalNode, _ number: Int, _ filter: [BoundExpression], _ share: TableScan.Share, _ needed: ColumnSet,
        _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        let relation = registry.relations[number]
        guard let table = relation.table else { throw .internalError("a scan of \(relation.name), which has no rows") }
        let own = wanted.filter { node.columns.contains($0.column) }
        let touched = needed.union(filter.columnSet).union(ColumnSet(own.map(\.column))).intersection(node.columns)
            .elements
        let output = touched.filter { needed.contains($0) }
        var pipeline = start(.everySlice, output)
        let condition = try filter.conjunction().map { condition throws(SQLError) in try mapped(condition, touched) }
        let step = TableScan(
            table: table.id, columns: touched.map(relation.position(of:)), types: touched.map(registry.type),
            filter: condition, output: output.map { column in touched.firstIndex(of: column) ?? 0 }, share: share,
            keyFilters: uses(own, touched))
        add(.scan(step), for: node, to: &pipeline)
        return pipeline
    }

    /// Each once; what the slice's own table has is less than what all have.
    private func uses(_ filters: [KeyFilter], _ touched: [Int]) -> [KeyFilterUse] {
        var uses: [KeyFilterUse] = []
        for filter in filters {
            guard let column = touched.firstIndex(of: filter.column) else { continue }
            let use = KeyFilterUse(column: column, table: filter.table, key: filter.key, scope: filter.scope)
            if let known = uses.firstIndex(where: {
                $0.column == column && $0.table == use.table && $0.key == use.key
            }) {
                if use.scope == .own { uses[known] = use }
            } else {
                uses.append(use)
            }
        }
        return uses
    }

    private mutating func virtualScan(
        _ node: PhysicalNode, _ number: Int, _ filter: [BoundExpression], _ needed: ColumnSet
    ) throws(SQLError) -> Pipeline {
        let relation = registry.relations[number]
        let touched = needed.union(filter.columnSet).intersection(node.columns).elements
        var pipeline = start(location(node.placement), touched)
        let condition = try filter.conjunction().map { condition throws(SQLError) in try mapped(condition, touched) }
        let scan = VirtualScan(
            name: relation.name, columns: touched.map { $0 - relation.firstColumn }, types: pipeline.types,
            filter: condition)
        add(.virtualScan(scan), for: node, to: &pipeline)
        if let condition { add(.filter(condition), for: node, to: &pipeline) }
        return pipeline
    }

    private mutating func project(
        _ node: PhysicalNode, _ computed: [ComputedColumn], _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        let used = computed.filter { needed.contains($0.column) }
        var below = needed
        for item in computed { below.remove(item.column) }
        let passed = below
        for item in used { below.formUnion(item.expression.columnSet) }
        var pipeline = try emit(node.children[0], below, keyFilters.below(computed, wanted))
        if used.isEmpty { return pipeline }
        var expressions: [BoundExpression] = []
        var layout: [Int] = []
        for (position, column) in pipeline.layout.enumerated() where passed.contains(column) {
            expressions.append(.column(position, pipeline.types[position]))
            layout.append(column)
        }
        for item in used {
            expressions.append(try mapped(item.expression, pipeline.layout))
            layout.append(item.column)
        }
        add(.project(expressions), for: node, to: &pipeline)
        pipeline.layout = layout
        pipeline.types = expressions.map(\.type)
        return pipeline
    }

    private mutating func exchange(
        _ node: PhysicalNode, _ exchange: PhysicalNode.Exchange, _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        var sent = needed
        switch exchange {
        case .distribute(let keys): sent.formUnion(ColumnSet(keys))
        case .gather(let keys): sent.formUnion(ColumnSet(keys.map(\.column)))
        case .bySlice(let column): sent.insert(column)
        case .roundRobin, .broadcast, .oneSlice: break
        }
        var pipeline = try emit(node.children[0], sent, keyFilters.below(exchange: wanted))
        try prune(&pipeline, to: sent, for: node)
        let id = ExchangeID(exchangeCount)
        exchangeCount += 1
        var location = Segment.Location.everySlice
        var source = Step.receive(id, types: pipeline.types)
        switch exchange {
        case .distribute(let keys):
            let positions = try keys.map { key throws(SQLError) in try position(of: key, in: pipeline.layout) }
            add(.distribute(id, keys: positions), for: node, to: &pipeline)
        case .bySlice(let column):
            let place = try position(of: column, in: pipeline.layout)
            add(.distributeBySlice(id, slice: place), for: node, to: &pipeline)
        case .roundRobin: add(.distributeRoundRobin(id), for: node, to: &pipeline)
        case .broadcast: add(.broadcast(id), for: node, to: &pipeline)
        case .oneSlice:
            add(.sendToSlice(id, slice: 0), for: node, to: &pipeline)
            location = .oneSlice(0)
        case .gather(let keys):
            add(.gather(id), for: node, to: &pipeline)
            location = .leader
            if !keys.isEmpty {
                source = .merge(id, types: pipeline.types, keys: try mapped(keys, pipeline.layout))
            }
        }
        pipeline.drafts.append(Draft(location))
        add(source, for: node, to: &pipeline)
        return pipeline
    }

    private mutating func aggregate(
        _ node: PhysicalNode, _ aggregate: LogicalAggregate, _ phase: Aggregation.Phase, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        var needed = ColumnSet(aggregate.groups)
        if phase != .final { for call in aggregate.calls { needed.formUnion(ColumnSet(call.arguments)) } }
        // Whole groups are left out.
        var pipeline = try emit(
            node.children[0], needed, wanted.filter { aggregate.groups.contains($0.column) })
        let layout = pipeline.layout
        var groups = Array(aggregate.groups.indices)
        if phase != .final {
            groups = try aggregate.groups.map { group throws(SQLError) in try position(of: group, in: layout) }
        }
        let calls = try aggregate.calls.map { call throws(SQLError) in
            AggregateCall(
                function: call.function,
                arguments: phase == .final
                    ? [] : try call.arguments.map { column throws(SQLError) in try position(of: column, in: layout) },
                argumentTypes: call.arguments.map(registry.type), isDistinct: call.isDistinct,
                orderedSet: call.orderedSet, result: call.result)
        }
        let groupTypes = aggregate.groups.map(registry.type)
        add(
            .aggregate(
                Aggregation(
                    phase: phase, groups: groups, groupTypes: groupTypes, calls: calls, estimatedGroups: node.rows)),
            for: node, to: &pipeline)
        if phase == .partial {
            let states = calls.flatMap(\.stateTypes)
            pipeline.layout = aggregate.groups + states.map { _ in -1 }
            pipeline.types = groupTypes + states
        } else {
            pipeline.layout = aggregate.groups + aggregate.calls.map(\.column)
            pipeline.types = groupTypes + calls.map(\.result)
        }
        return pipeline
    }

    /// The first use computes the query, in a stream of its own.
    mutating func sharedScan(_ node: PhysicalNode, _ use: SharedUse) throws(SQLError) -> Pipeline {
        let table: HashTableID
        if let known = sharedTables[use.number] {
            table = known
        } else if case .recursion(let work, _, let inputs) = node.children[0].operation {
            table = try recursion(node.children[0], work: work, inputs)
            sharedTables[use.number] = table
        } else {
            var pipeline = try emit(node.children[0], ColumnSet(use.sources), [])
            try arrange(&pipeline, as: use.sources, for: node)
            table = keyFilters.newTable()
            sharedTables[use.number] = table
            add(.save(table, isReplicated: false), for: node, to: &pipeline)
            close(pipeline, rows: node.rows)
        }
        var pipeline = start(location(node.placement), use.columns)
        add(.savedScan(SavedScan(tables: [table], types: pipeline.types)), for: node, to: &pipeline)
        return pipeline
    }

    /// Where rows that lie so are read again.
    func location(_ placement: Placement) -> Segment.Location {
        switch placement {
        case .leader: .leader
        case .oneSlice: .oneSlice(0)
        case .hashed, .arbitrary, .replicated: .everySlice
        }
    }

    private mutating func window(
        _ node: PhysicalNode, _ window: LogicalWindow, _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        var below = needed
        for call in window.calls { below.remove(call.column) }
        below.formUnion(window.reads)
        // Whole partitions are left out.
        var pipeline = try emit(node.children[0], below, wanted.filter { window.partition.contains($0.column) })
        try prune(&pipeline, to: below, for: node)
        let layout = pipeline.layout
        let calls = try window.calls.map { call throws(SQLError) in
            WindowCall(
                function: call.function,
                arguments: try call.arguments.map { column throws(SQLError) in try position(of: column, in: layout) },
                argumentTypes: call.arguments.map(registry.type), frame: call.frame, ignoresNulls: call.ignoresNulls,
                parameter: call.parameter, result: call.result)
        }
        let partition = try window.partition.map { column throws(SQLError) in try position(of: column, in: layout) }
        add(
            .window(
                Window(
                    partition: partition, order: try mapped(window.order, layout), calls: calls,
                    types: pipeline.types)),
            for: node, to: &pipeline)
        pipeline.layout += window.calls.map(\.column)
        pipeline.types += window.calls.map(\.result)
        return pipeline
    }

    private mutating func expand(
        _ node: PhysicalNode, _ expansion: LogicalExpansion, _ needed: ColumnSet
    ) throws(SQLError) -> Pipeline {
        var below = needed
        for column in expansion.columns { below.remove(column) }
        below.formUnion(expansion.arguments.columnSet)
        var pipeline = try emit(node.children[0], below, [])
        let layout = pipeline.layout
        let arguments = try expansion.arguments.map { argument throws(SQLError) in try mapped(argument, layout) }
        let types = expansion.columns.map(registry.type)
        add(
            .expand(Expansion(function: expansion.function, arguments: arguments, types: types)), for: node,
            to: &pipeline)
        pipeline.layout += expansion.columns
        pipeline.types += types
        return pipeline
    }

    // MARK: Details

    func start(_ location: Segment.Location, _ layout: [Int]) -> Pipeline {
        Pipeline(drafts: [Draft(location)], layout: layout, types: layout.map(registry.type))
    }

    mutating func add(_ step: Step, for node: PhysicalNode, to pipeline: inout Pipeline, isBuild: Bool = false) {
        let draft = pipeline.current
        draft.steps.append(step)
        records.append((node, isBuild, draft, draft.steps.count - 1))
    }

    /// The columns given, in that order; one may come twice.
    mutating func arrange(
        _ pipeline: inout Pipeline, as columns: [Int], for node: PhysicalNode
    ) throws(SQLError) {
        if pipeline.layout == columns { return }
        let layout = pipeline.layout
        let expressions = try columns.map { column throws(SQLError) in
            BoundExpression.column(try position(of: column, in: layout), registry.type(column))
        }
        add(.project(expressions), for: node, to: &pipeline)
        pipeline.layout = columns
        pipeline.types = expressions.map(\.type)
    }

    /// Before rows are kept or sent, columns that nobody reads are dropped.
    mutating func prune(
        _ pipeline: inout Pipeline, to needed: ColumnSet, for node: PhysicalNode
    ) throws(SQLError) {
        if pipeline.layout.allSatisfy({ $0 < 0 || needed.contains($0) }) { return }
        let kept = pipeline.layout.indices.filter { needed.contains(pipeline.layout[$0]) }
        add(.project(kept.map { .column($0, pipeline.types[$0]) }), for: node, to: &pipeline)
        pipeline.types = kept.map { pipeline.types[$0] }
        pipeline.layout = kept.map { pipeline.layout[$0] }
    }

    func position(of column: Int, in layout: [Int]) throws(SQLError) -> Int {
        guard let position = layout.firstIndex(of: column) else {
            throw .internalError("column \(column) (\(registry.columns[column].name)) is not in the batch \(layout)")
        }
        return position
    }

    func mapped(_ expression: BoundExpression, _ layout: [Int]) throws(SQLError) -> BoundExpression {
        for column in expression.columnSet.elements { _ = try position(of: column, in: layout) }
        return expression.mapColumns { layout.firstIndex(of: $0) ?? 0 }
    }

    func mapped(_ keys: [SortColumn], _ layout: [Int]) throws(SQLError) -> [SortColumn] {
        try keys.map { key throws(SQLError) in
            SortColumn(
                column: try position(of: key.column, in: layout), isDescending: key.isDescending,
                nullsFirst: key.nullsFirst)
        }
    }
}
