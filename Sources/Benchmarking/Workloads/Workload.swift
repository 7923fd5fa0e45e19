/// What a benchmark runs: queries over tables that every configuration holds the same rows of.
package struct Workload: Sendable {
    /// `tpch`, `ssb`, or the name of the user's file.
    package var name: String
    package var queries: [BenchmarkQuery]

    package init(name: String, queries: [BenchmarkQuery]) {
        self.name = name
        self.queries = queries
    }

    package static let tpch = Workload(
        name: "tpch",
        queries: TPCHQueries.all.enumerated().map { BenchmarkQuery(name: "Q\($0 + 1)", text: $1) })

    package static let ssb = Workload(
        name: "ssb", queries: SSBQueries.all.map { BenchmarkQuery(name: $0.name, text: $0.text) })

    /// Those queries only, in the order of the list.
    /// - Parameter names: `1`, `Q1`, `q3.2`; nil: all.
    /// - Throws: which name no query has.
    package func only(_ names: [String]?) throws(BenchmarkError) -> Workload {
        guard let names else { return self }
        var chosen: [BenchmarkQuery] = []
        for name in names {
            let wanted = [name.lowercased(), "q" + name.lowercased()]
            guard let query = queries.first(where: { wanted.contains($0.name.lowercased()) }) else {
                throw BenchmarkError(
                    "the workload \(self.name) has no query \(name): there are "
                        + queries.map(\.name).joined(separator: ", "))
            }
            if !chosen.contains(query) { chosen.append(query) }
        }
        return Workload(name: self.name, queries: chosen)
    }
}

/// One query that is timed.
package struct BenchmarkQuery: Hashable, Sendable {
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// Why a benchmark cannot be run, or must not be believed.
package struct BenchmarkError: Error, Hashable, CustomStringConvertible {
    package var message: String
    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
