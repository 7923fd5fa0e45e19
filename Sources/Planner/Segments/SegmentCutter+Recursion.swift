import QueryPlan
import SQLTypes

/// A recursive WITH query: a stream that saves the rows of its first part, then a loop of those streams of its recursive
/// part that depend on the round before. What does not is made once, before the loop.
extension SegmentCutter {
    /// The table whose saved rows are those of all rounds.
    mutating func recursion(
        _ node: PhysicalNode, work: Int, _ inputs: [[Int]]
    ) throws(SQLError) -> HashTableID {
        // Other shared queries, and other recursions, are made before: no loop inside a loop.
        try shareQueries(of: node.children[1], except: work)
        let first = try saved(node, 0, inputs[0])
        sharedTables[work] = first
        let before = streams.count
        let next = try saved(node, 1, inputs[1])
        let own = Array(streams[before...])
        streams.removeSubrange(before...)
        var changing: Set<HashTableID> = [first]
        var rounds: [[Draft]] = []
        for stream in own {
            let reads = stream.segments.contains { $0.steps.contains { !changing.isDisjoint(with: $0.readTables) } }
            guard reads || stream.segments.last?.steps.last?.filledTable == next else {
                streams.append(stream)
                continue
            }
            changing.formUnion(stream.segments.compactMap { $0.steps.last?.filledTable })
            rounds.append(stream.segments)
        }
        let loop = LoopDraft(streams: rounds, work: first, next: next)
        streams.append(StreamOrder.Draft(segments: rounds.flatMap { $0 }, rows: node.rows, loop: loop))
        return next
    }

    private mutating func saved(
        _ node: PhysicalNode, _ child: Int, _ columns: [Int]
    ) throws(SQLError) -> HashTableID {
        var pipeline = try emit(node.children[child], ColumnSet(columns), [])
        try arrange(&pipeline, as: columns, for: node)
        let table = keyFilters.newTable()
        add(.save(table, isReplicated: false), for: node, to: &pipeline)
        close(pipeline, rows: node.children[child].rows)
        return table
    }

    private mutating func shareQueries(of node: PhysicalNode, except work: Int) throws(SQLError) {
        if case .sharedScan(let use) = node.operation {
            guard use.number != work, sharedTables[use.number] == nil else { return }
            // One that reads the rows of the round before is made anew in each.
            if !reads(work, node.children[0]) { _ = try sharedScan(node, use) }
            return
        }
        for child in node.children { try shareQueries(of: child, except: work) }
    }

    private func reads(_ work: Int, _ node: PhysicalNode) -> Bool {
        if case .sharedScan(let use) = node.operation, use.number == work { return true }
        return node.children.contains { reads(work, $0) }
    }
}
