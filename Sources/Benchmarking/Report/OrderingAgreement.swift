/// Whether several runs of the same benchmark put the queries in the same order of speed-up.
package struct OrderingAgreement: Sendable {
    package struct Configuration: Sendable {
        package var name: String
        package var queryCount: Int
        /// Pairs of queries that all runs, some runs, and none tells apart.
        package var separatedByAll: Int
        package var separatedBySome: Int
        package var pairCount: Int
        /// Pairs that one run tells apart and another has the other way round.
        package var contradictions: [Ordering.Pair]
    }

    package let configurations: [Configuration]

    /// Nothing that a run says beyond doubt is denied by another.
    package var agrees: Bool { configurations.allSatisfy(\.contradictions.isEmpty) }

    /// - Throws: fewer than two reports, or nothing that they all measured.
    package init(_ analyses: [Analysis]) throws(BenchmarkError) {
        guard analyses.count >= 2 else { throw BenchmarkError("an agreement takes two reports at least") }
        let names = analyses[0].parallelConfigurations.map(\.name).filter { name in
            analyses.allSatisfy { $0.report.configuration(name) != nil }
        }
        configurations = names.compactMap { name in
            let orderings = analyses.map { $0.ordering(on: name) }
            guard orderings.allSatisfy({ !$0.entries.isEmpty }) else { return nil }
            let separated = orderings.map { Set($0.separated) }
            var all = separated[0]
            var some = separated[0]
            for pairs in separated.dropFirst() {
                all.formIntersection(pairs)
                some.formUnion(pairs)
            }
            var contradictions: [Ordering.Pair] = []
            for first in orderings {
                for pair in orderings.flatMap({ first.contradictions(by: $0) }) {
                    let turned = Ordering.Pair(above: pair.below, below: pair.above)
                    if !contradictions.contains(pair), !contradictions.contains(turned) { contradictions.append(pair) }
                }
            }
            let count = orderings[0].entries.count
            return Configuration(
                name: name, queryCount: count, separatedByAll: all.count, separatedBySome: some.count,
                pairCount: count * (count - 1) / 2, contradictions: contradictions)
        }
        guard !configurations.isEmpty else {
            throw BenchmarkError("the reports have no speed-ups on a configuration that all of them measured")
        }
    }
}
