import QueryPlan

/// Puts streams in the order in which they run: what a stream reads is made before it, and of several that could be next
/// the one that makes the fewest rows is, because its keys filter the scans of those after it.
///
/// Only then is it known which key filters can be had; the others are taken out of the scans, and tables learn which ones
/// are asked of them.
enum StreamOrder {
    struct Draft {
        var segments: [SegmentCutter.Draft]
        /// That it keeps, as far as the planner knows.
        var rows: Double
        /// It is run in rounds; `segments` are those of all its streams.
        var loop: SegmentCutter.LoopDraft?
    }

    static func ordered(_ streams: [Draft]) -> [Draft] {
        let makers = makers(streams)
        let needed = streams.indices.map { index in
            needs(streams[index]).compactMap { makers[$0] }.filter { $0 != index }
        }
        var isDone = [Bool](repeating: false, count: streams.count)
        var result: [Draft] = []
        for _ in streams {
            let ready = streams.indices.filter { index in !isDone[index] && needed[index].allSatisfy { isDone[$0] } }
            guard let next = ready.min(by: { (streams[$0].rows, $0) < (streams[$1].rows, $1) }) else {
                assertionFailure("streams that wait for one another")
                return streams
            }
            isDone[next] = true
            result.append(streams[next])
        }
        settleFilters(result)
        return result
    }

    /// Which stream fills which table.
    private static func makers(_ streams: [Draft]) -> [HashTableID: Int] {
        var makers: [HashTableID: Int] = [:]
        for (index, stream) in streams.enumerated() {
            for table in stream.segments.compactMap({ $0.steps.last?.filledTable }) { makers[table] = index }
        }
        return makers
    }

    private static func needs(_ stream: Draft) -> [HashTableID] {
        stream.segments.flatMap { $0.steps.flatMap(\.readTables) }
    }

    private static func settleFilters(_ streams: [Draft]) {
        let makers = makers(streams)
        var uses: [KeyFilterUse] = []
        for (index, stream) in streams.enumerated() {
            for segment in stream.segments {
                guard case .scan(var scan)? = segment.steps.first, !scan.keyFilters.isEmpty else { continue }
                scan.keyFilters.removeAll { use in makers[use.table].map { $0 >= index } ?? true }
                uses += scan.keyFilters
                segment.steps[0] = .scan(scan)
            }
        }
        for segment in streams.flatMap(\.segments) {
            guard let last = segment.steps.indices.last, case .hash(var build) = segment.steps[last] else { continue }
            let own = uses.filter { $0.table == build.table }
            build.ownFilters = build.keys.indices.filter { key in own.contains { $0.key == key && $0.scope == .own } }
            build.sharedFilters = build.keys.indices.filter { key in
                own.contains { $0.key == key && $0.scope == .everySlice }
            }
            segment.steps[last] = .hash(build)
        }
    }
}
