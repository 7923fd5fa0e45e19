// What the trace costs: TPC-H with and without it, in turn, on one cluster.
//
//     swift run -c release trace-overhead DIR QUERIES [ROUNDS]
//
// DIR is the data directory of a cluster with TPC-H loaded (`Benchmarks/tpch/compare.py` leaves one), QUERIES a directory of
// q01.sql … q22.sql. Each round runs each query with the trace and without it, one directly after the other, and the next
// round in the other order: what slows the machine down for a while slows both. Rows are counted in both, since recursive
// queries count on them; without the trace nobody reads a clock per step, notes the blocks that were touched, or counts the
// bytes that moved. Prints a Markdown table: medians of milliseconds, the median of the rounds' ratios and its quartiles.

import Blueshift
import Execution
import Foundation

struct Query {
    var name: String
    var text: String
    var with: [Double] = []
    var without: [Double] = []

    var ratios: [Double] { zip(with, without).map { $0 / $1 } }
}

/// - Parameter share: 0.5 is the median.
func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let place = share * Double(sorted.count - 1)
    let (lower, rest) = (Int(place), place - place.rounded(.down))
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] * (1 - rest) + sorted[upper] * rest
}

func text(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

func line(_ name: String, with: [Double], without: [Double], ratios: [Double]) -> String {
    let cells = [
        name, text(quantile(with, 0.5), 2), text(quantile(without, 0.5), 2), text(quantile(ratios, 0.5), 4),
        "\(text(quantile(ratios, 0.25), 3)) … \(text(quantile(ratios, 0.75), 3))",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    print("usage: trace-overhead DIR QUERIES [ROUNDS]")
    exit(64)
}
let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 20 : 20
var queries: [Query] = []
for number in 1...22 {
    let name = (number < 10 ? "q0" : "q") + String(number)
    guard let data = FileManager.default.contents(atPath: "\(arguments[2])/\(name).sql") else { continue }
    queries.append(Query(name: "Q\(number)", text: String(decoding: data, as: UTF8.self)))
}
let cluster = try await Cluster(.init(directory: arguments[1]))
let session = cluster.session()
let clock = ContinuousClock()

func time(_ query: Query, isTraced: Bool) async throws -> Double {
    TraceSwitch.isOff = !isTraced
    let start = clock.now
    for try await _ in try await session.execute(query.text) {}
    return milliseconds(clock.now - start)
}

var totals: (with: [Double], without: [Double]) = ([], [])
for query in queries { _ = try await time(query, isTraced: true) }
for round in 0..<rounds {
    var (with, without) = (0.0, 0.0)
    for index in queries.indices {
        var times: [Bool: Double] = [:]
        for isTraced in round % 2 == index % 2 ? [true, false] : [false, true] {
            times[isTraced] = try await time(queries[index], isTraced: isTraced)
        }
        guard let traced = times[true], let untraced = times[false] else { continue }
        queries[index].with.append(traced)
        queries[index].without.append(untraced)
        with += traced
        without += untraced
    }
    totals.with.append(with)
    totals.without.append(without)
}
await session.close()
try await cluster.close()

print("\(cluster), \(rounds) rounds\n")
print("| query | with the trace | without | ratio | quartiles of the rounds |\n|---|---:|---:|---:|---:|")
for query in queries { print(line(query.name, with: query.with, without: query.without, ratios: query.ratios)) }
let ratios = zip(totals.with, totals.without).map { $0 / $1 }
print(line("all", with: totals.with, without: totals.without, ratios: ratios))
