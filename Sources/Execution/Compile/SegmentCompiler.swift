import Catalog
import QueryPlan
import SQLTypes
import VectorEngine

/// A segment as running parts: one source, operators, at most one sink; part i carries out step i.
struct SegmentParts {
    var source: any BatchSource
    var operators: [any BatchOperator]
    var sink: (any BatchSink)?
}

/// Makes the parts, following the column types from step to step.
struct SegmentCompiler {
    let segment: Segment
    let context: SliceContext
    /// Of the batch that the last compiled step hands over.
    private var types: [SQLType] = []

    init(segment: Segment, context: SliceContext) {
        self.segment = segment
        self.context = context
    }

    mutating func compile() throws(SQLError) -> SegmentParts {
        guard let first = segment.steps.first else { throw error("has no steps") }
        var parts = SegmentParts(source: try source(first), operators: [], sink: nil)
        for (position, step) in segment.steps.enumerated().dropFirst() {
            if let sink = try sink(step, isLast: position == segment.steps.count - 1) {
                guard position == segment.steps.count - 1 else { throw error("goes on after a sink") }
                parts.sink = sink
            } else {
                let next = position + 1 < segment.steps.count ? segment.steps[position + 1] : nil
                parts.operators.append(try operation(step, at: position, next: next))
            }
        }
        if parts.sink == nil {
            guard let results = context.results else { throw error("ends nowhere") }
            parts.sink = results
        }
        return parts
    }

    /// Of the segment's step of that number, which has this expression alone.
    private func evaluator(_ expression: BoundExpression, step: Int) throws(SQLError) -> ExpressionEvaluator {
        guard let programs = context.programs else {
            return try ExpressionCompiler.evaluator(expression, context.evaluation)
        }
        let program = try programs.program(segment: segment.number, step: step) { () throws(SQLError) in
            try ExpressionCompiler.program(expression)
        }
        return ExpressionEvaluator(program, context: context.evaluation)
    }

    private func error(_ what: String) -> SQLError { .internalError("segment \(segment.number) \(what)") }

    // MARK: Sources

    private mutating func source(_ step: Step) throws(SQLError) -> any BatchSource {
        switch step {
        case .scan(let scan):
            types = scan.output.map { scan.types[$0] }
            let filter: ExpressionEvaluator?
            if let predicate = scan.filter { filter = try evaluator(predicate, step: 0) } else { filter = nil }
            return try TableScanSource(scan, context, filter: filter, keyFilters: try keyFilters(of: scan))
        case .virtualScan(let scan):
            types = scan.types
            return VirtualScanSource(scan, context.virtualTables, context.evaluation)
        case .receive(let id, let types):
            self.types = types
            return try context.exchanges.input(id, slice: context.slice)
        case .merge(let id, let types, let keys):
            self.types = types
            let inputs = try context.exchanges.inputsBySender(id, slice: context.slice)
            return MergeSource(inputs, by: order(keys), types: types)
        case .savedScan(let scan):
            types = scan.types
            return SavedRowsSource(scan.tables.map { context.hashTables.ownRows($0, slice: context.slice) })
        case .constants(let rows, let types):
            self.types = types
            return try ConstantsSource(rows, types: types, context.evaluation)
        default: throw error("starts with \(step.label)")
        }
    }

    /// What later joins let pass, known before the first row is read: their tables are built.
    private func keyFilters(of scan: TableScan) throws(SQLError) -> [ScanKeyFilter] {
        var filters: [ScanKeyFilter] = []
        for use in scan.keyFilters {
            if let keys = try keyFilter(use) { filters.append(ScanKeyFilter(column: use.column, keys: keys)) }
        }
        return filters
    }

    /// A build on disk has none.
    private func keyFilter(_ use: KeyFilterUse) throws(SQLError) -> KeyFilter? {
        switch use.scope {
        case .everySlice: context.hashTables.sharedFilter(KeyFilterID(table: use.table, key: use.key))
        case .own: try context.hashTables.build(use.table, slice: context.slice).filter(use.key)
        }
    }

    private func order(_ keys: [SortColumn]) -> [SortOrder] { order(keys, of: types) }

    private func order(_ keys: [SortColumn], of types: [SQLType]) -> [SortOrder] {
        keys.map {
            SortOrder(
                column: $0.column, type: types[$0.column], isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
        }
    }

    // MARK: Operators

    private mutating func operation(_ step: Step, at position: Int, next: Step?) throws(SQLError) -> any BatchOperator {
        switch step {
        case .filter(let predicate): return FilterOperator(try evaluator(predicate, step: position))
        case .project(let expressions): return try project(expressions, next: next)
        case .hashJoin(let join): return try hashJoin(join)
        case .nestedLoop(let join): return try nestedLoop(join)
        case .aggregate(let aggregation): return try aggregate(aggregation)
        case .sort(let sort):
            types = sort.types
            return SpillingSort(order(sort.keys), types: sort.types, limit: sort.limit, context.workspace())
        case .delete(let deletion):
            types = deletion.output.map { types[$0] }
            return try DeleteOperator(deletion, context)
        case .window(let window): return self.window(window)
        case .identity(let fill): return try IdentityOperator(fill, context)
        case .expand(let expansion):
            let input = types
            types += expansion.types
            return try ExpandOperator(expansion, inputTypes: input, context)
        case .limit(let count, let offset): return LimitOperator(count: count, offset: offset)
        default: throw error("has \(step.label) between its ends")
        }
    }

    private mutating func project(_ expressions: [BoundExpression], next: Step?) throws(SQLError) -> ProjectOperator {
        var columns: [ProjectOperator.Column] = []
        var computed: [BoundExpression] = []
        var narrow: [Bool] = []
        for (position, expression) in expressions.enumerated() {
            if case .column(let number, _) = expression {
                columns.append(.input(number))
                continue
            }
            columns.append(.computed(computed.count))
            computed.append(expression)
            narrow.append(isOnlyAggregated(position, by: next))
        }
        types = expressions.map(\.type)
        let evaluator = computed.isEmpty ? nil : try ExpressionCompiler.evaluator(computed, context.evaluation)
        return ProjectOperator(columns, evaluator, narrow: narrow)
    }

    /// Aggregates take a 128-bit type in 64 bits as well.
    private func isOnlyAggregated(_ column: Int, by next: Step?) -> Bool {
        guard case .aggregate(let aggregation)? = next, aggregation.phase != .final else { return false }
        return !aggregation.groups.contains(column)
    }

    private mutating func hashJoin(_ join: HashJoin) throws(SQLError) -> any BatchOperator {
        let type = joinType(join.kind)
        let residual: ExpressionEvaluator?
        if let condition = join.residual {
            residual = try ExpressionCompiler.evaluator(condition, context.evaluation)
        } else {
            residual = nil
        }
        let probeKinds = types.map(\.storage)
        let makeJoin: SpilledHashJoin.MakeJoin = { (table, type) throws(SQLError) in
            try HashJoinOperator(
                table: table, type: type, keys: join.keys, residual: residual, probeOutput: join.probeOutput,
                buildOutput: join.buildOutput, probeKinds: probeKinds)
        }
        let made: any BatchOperator
        switch try context.hashTables.build(join.table, slice: context.slice) {
        case .table(let table, _): made = try makeJoin(table, type)
        case .spilled(let build):
            if type == .nullAwareAnti && residual != nil {
                throw SQLError.unsupported("NOT IN with a correlated condition")
            }
            let account = build.account(ofSlice: context.slice)
            let workspace = account.map { context.workspace($0) } ?? context.workspace()
            made = try SpilledHashJoin(build, type: type, keys: join.keys, workspace, makeJoin: makeJoin)
        }
        let build = type.showsBuild ? join.buildOutput.map { join.payloadTypes[$0] } : []
        types = join.probeOutput.map { types[$0] } + build
        return made
    }

    private func joinType(_ kind: JoinKind) -> JoinType {
        switch kind {
        case .inner: .inner
        case .left: .left
        case .right: .right
        case .full: .full
        case .semi: .semi
        case .anti: .anti
        case .nullAwareAnti: .nullAwareAnti
        case .buildSemi: .buildSemi
        case .buildAnti: .buildAnti
        }
    }

    private mutating func nestedLoop(_ join: NestedLoop) throws(SQLError) -> any BatchOperator {
        let condition: ExpressionEvaluator?
        if let expression = join.condition {
            condition = try ExpressionCompiler.evaluator(expression, context.evaluation)
        } else {
            condition = nil
        }
        let type = joinType(join.kind)
        let saved = try context.hashTables.savedRows(join.table, slice: context.slice)
        let kinds = join.savedTypes.map(\.storage)
        let makeLoop: SpilledNestedLoop.MakeLoop = { (saved, type) throws(SQLError) in
            try NestedLoopOperator(saved: saved, kinds: kinds, type: type, condition: condition)
        }
        let made: any BatchOperator =
            saved.runs.isEmpty
            ? try makeLoop(saved, type)
            : SpilledNestedLoop(saved, kinds: kinds, type: type, context.workspace(), makeLoop: makeLoop)
        if type.showsBuild { types += join.savedTypes }
        return made
    }

    private mutating func aggregate(_ aggregation: Aggregation) throws(SQLError) -> any BatchOperator {
        let calls = aggregation.calls.map { call in
            AggregateSpecification(
                function: call.function, arguments: call.arguments, argumentTypes: call.argumentTypes,
                isDistinct: call.isDistinct, order: order(call.orderedSet?.order ?? [], of: call.argumentTypes),
                parameter: call.orderedSet?.parameter, result: call.result, stateTypes: call.stateTypes)
        }
        let phase: AggregateOperator.Phase
        switch aggregation.phase {
        case .complete: phase = .complete
        case .partial: phase = .partial
        case .final: phase = .final
        }
        let results = phase == .partial ? calls.flatMap(\.stateTypes) : calls.map(\.result)
        types = aggregation.groupTypes + results
        guard aggregation.isUnbounded else {
            return try AggregateOperator(
                phase: phase, groups: aggregation.groups, groupTypes: aggregation.groupTypes, calls: calls)
        }
        // A hint for the choice of the table: a wrong one costs no more than memory, within bounds.
        let expected = Int(min(max(aggregation.estimatedGroups / Double(context.shape.slices), 0), 1e8))
        return try SpillingAggregate(
            phase: phase, groups: aggregation.groups, groupTypes: aggregation.groupTypes, calls: calls,
            expectedGroups: expected, context.workspace())
    }

    private mutating func window(_ window: Window) -> any BatchOperator {
        types = window.types
        let calls = window.calls.map { call in
            WindowSpecification(
                function: call.function, arguments: call.arguments, argumentTypes: call.argumentTypes,
                frameStart: call.frame.start, frameEnd: call.frame.end, ignoresNulls: call.ignoresNulls,
                parameter: call.parameter, result: call.result)
        }
        let partition = window.partition.map {
            SortOrder(column: $0, type: types[$0], isDescending: false, nullsFirst: false)
        }
        let made = WindowOperator(
            partition: partition, order: order(window.order), calls: calls, types: window.types, context.workspace())
        types += window.calls.map(\.result)
        return made
    }

    // MARK: Sinks

    /// nil: the step is no sink.
    private func sink(_ step: Step, isLast: Bool) throws(SQLError) -> (any BatchSink)? {
        switch step {
        case .hash(let build): return HashBuildSink(build, participants: participants, context)
        case .save(let id, let isReplicated):
            return SaveSink(id, participants: isReplicated ? participants : nil, context)
        case .distribute(let id, let keys):
            let route = ExchangeSink.Route.hash(keys: keys, types: keys.map { types[$0] })
            return try ExchangeSink(id, route, context)
        case .distributeRoundRobin(let id): return try ExchangeSink(id, .roundRobin, context)
        case .broadcast(let id): return try ExchangeSink(id, .everyNode, context)
        case .sendToSlice(let id, let slice): return try ExchangeSink(id, .slice(slice), context)
        case .gather(let id): return try ExchangeSink(id, .leader, context)
        case .distributeBySlice(let id, let slice): return try ExchangeSink(id, .slices(column: slice), context)
        case .insert(let table): return try InsertSink(table, context)
        case .rewrite(let rewrite): return try InsertSink(rewrite.table, rewrite: rewrite, context)
        case .unload:
            guard let unload = context.unload else { throw error("unloads to nowhere") }
            return try unload.makeSink(slice: context.slice)
        case .delete(let deletion): return isLast ? try DeleteSink(deletion, context) : nil
        case .scan, .virtualScan, .savedScan, .receive, .merge, .constants, .filter, .project, .hashJoin, .nestedLoop,
            .aggregate, .sort, .window, .expand, .limit, .identity:
            return nil
        }
    }

    /// How many tasks of a node run this segment.
    private var participants: Int {
        switch segment.location {
        case .everySlice: context.shape.slicesPerNode
        case .oneSlice, .leader: 1
        }
    }
}
