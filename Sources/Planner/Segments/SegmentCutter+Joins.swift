import QueryPlan
import SQLTypes

extension SegmentCutter {
    mutating func hashJoin(
        _ node: PhysicalNode, _ join: PhysicalNode.Join, _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        let sides = JoinSides(join, of: node)
        let residual = join.residual.conjunction()
        let read = needed.union(residual?.columnSet ?? ColumnSet())
        let table = keyFilters.table(of: node)
        let below = keyFilters.below(node, sides, wanted)

        var build = try emit(
            sides.build, read.union(ColumnSet(sides.keys.map(\.build))).intersection(sides.build.columns), below.build)
        let buildLayout = build.layout
        let payload = buildLayout.indices.filter { read.contains(buildLayout[$0]) }
        let payloadTypes = payload.map { build.types[$0] }
        let buildKeys = try sides.keys.map { pair throws(SQLError) in try position(of: pair.build, in: buildLayout) }
        add(
            .hash(
                HashBuild(
                    table: table, keys: buildKeys, keyTypes: buildKeys.map { build.types[$0] }, payload: payload,
                    payloadTypes: payloadTypes, isReplicated: sides.isReplicated, estimatedRows: sides.build.rows,
                    feedsMerge: join.algorithm == .merge,
                    use: SegmentCutter.use(sides.kind, handsOn: payload, residual: residual))),
            for: node, to: &build, isBuild: true)
        close(build, rows: sides.build.rows)

        var pipeline = try emit(
            sides.probe, read.union(ColumnSet(sides.keys.map(\.probe))).intersection(sides.probe.columns), below.probe)
        let layout = pipeline.layout
        let payloadLayout = payload.map { buildLayout[$0] }
        let keys = try sides.keys.map { pair throws(SQLError) in try position(of: pair.probe, in: layout) }
        let condition = try residual.map { residual throws(SQLError) in try mapped(residual, layout + payloadLayout) }
        let probeOutput = sides.showsProbe ? layout.indices.filter { needed.contains(layout[$0]) } : []
        let buildOutput = sides.showsBuild ? payload.indices.filter { needed.contains(payloadLayout[$0]) } : []
        add(
            .hashJoin(
                HashJoin(
                    table: table, kind: sides.kind, keys: keys, residual: condition, probeOutput: probeOutput,
                    buildOutput: buildOutput, payloadTypes: payloadTypes, isMerge: join.algorithm == .merge)),
            for: node, to: &pipeline)
        pipeline.types = probeOutput.map { pipeline.types[$0] } + buildOutput.map { payloadTypes[$0] }
        pipeline.layout = probeOutput.map { layout[$0] } + buildOutput.map { payloadLayout[$0] }
        return pipeline
    }

    /// - Parameter payload: columns of the build side that are read once rows have met.
    private static func use(_ kind: JoinKind, handsOn payload: [Int], residual: BoundExpression?) -> HashBuild.Use {
        guard payload.isEmpty, residual == nil else { return .rows }
        return switch kind {
        case .inner, .left: .matches
        case .semi, .anti, .nullAwareAnti: .presence
        case .right, .full, .buildSemi, .buildAnti: .rows
        }
    }

    mutating func nestedLoop(
        _ node: PhysicalNode, _ join: PhysicalNode.Join, _ needed: ColumnSet, _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        let (outer, inner) = (node.children[0], node.children[1])
        let residual = join.residual.conjunction()
        let read = needed.union(residual?.columnSet ?? ColumnSet())
        let table = keyFilters.newTable()
        let innerNeeded = read.intersection(inner.columns)
        var saved = try emit(inner, innerNeeded, [])
        try prune(&saved, to: innerNeeded, for: node)
        add(.save(table, isReplicated: inner.placement == .replicated), for: node, to: &saved, isBuild: true)
        close(saved, rows: inner.rows)
        var pipeline = try emit(
            outer, read.intersection(outer.columns), wanted.filter { outer.columns.contains($0.column) })
        let both = pipeline.layout + saved.layout
        let condition = try residual.map { residual throws(SQLError) in try mapped(residual, both) }
        add(
            .nestedLoop(NestedLoop(table: table, kind: join.kind, condition: condition, savedTypes: saved.types)),
            for: node, to: &pipeline)
        if join.kind == .inner || join.kind == .left {
            pipeline.layout = both
            pipeline.types += saved.types
        }
        return pipeline
    }

    /// Each input in a stream of its own, which keeps its rows; then one source reads them all.
    mutating func union(
        _ node: PhysicalNode, _ columns: [Int], _ inputs: [[Int]], _ wanted: [KeyFilter]
    ) throws(SQLError) -> Pipeline {
        var tables: [HashTableID] = []
        for (child, own) in zip(node.children, inputs) {
            // Columns of the union are of one type; an input's are cast to it before.
            let below = wanted.compactMap { filter in
                columns.firstIndex(of: filter.column).map { filter.on(own[$0]) }
            }
            var pipeline = try emit(child, ColumnSet(own), below)
            try arrange(&pipeline, as: own, for: node)
            let table = keyFilters.newTable()
            tables.append(table)
            add(.save(table, isReplicated: false), for: node, to: &pipeline)
            close(pipeline, rows: child.rows)
        }
        var pipeline = start(location(node.placement), columns)
        add(.savedScan(SavedScan(tables: tables, types: pipeline.types)), for: node, to: &pipeline)
        return pipeline
    }
}
