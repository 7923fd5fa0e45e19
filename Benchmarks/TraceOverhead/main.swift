// What the trace costs: TPC-H with and without it, in turn, on one cluster.
//
//     swift run -c release trace-overhead DIR QUERIES [ROUNDS] [with|without]
//
// DIR is the data directory of a cluster with TPC-H loaded (`Benchmarks/tpch/compare.py` leaves one), QUERIES a directory of
// q01.sql … q22.sql. Each round runs each query with the trace and without it, one directly after the other, and the next
// round in the other order: what slows the machine down for a while slows both. Rows are counted in both, since recursive
// queries count on them; without the trace nobody reads a clock per step, notes the blocks that were touched, or counts the
// bytes that moved. Prints a Markdown table: medians of milliseconds, the median of the rounds' ratios and its quartiles, and
// the same of the CPU time of all threads, which does not depend on what else the machine does.
//
// With `with` or `without` it does nothing but run the queries so, for a tool that counts instructions from outside: the
// difference between two numbers of rounds is what rounds take.

import Blueshift
import Execution
import Foundation

/// Milliseconds.
struct Times {
    var elapsed = 0.0
    var cpu = 0.0

    static func += (sum: inout Times, times: Times) {
        sum.elapsed += times.elapsed
        sum.cpu += times.cpu
    }
}

/// A query's times, or those of all, by round.
struct Series {
    var name: String
    var with: [Times] = []
    var without: [Times] = []

    func ratios(_ figure: (Times) -> Double) -> [Double] { zip(with, without).map { figure($0) / figure($1) } }
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

func line(_ series: Series) -> String {
    let (elapsed, cpu) = (series.ratios(\.elapsed), series.ratios(\.cpu))
    let cells = [
        series.name, text(quantile(series.with.map(\.elapsed), 0.5), 2),
        text(quantile(series.without.map(\.elapsed), 0.5), 2), text(quantile(elapsed, 0.5), 3), quartiles(elapsed),
        text(quantile(cpu, 0.5), 3), quartiles(cpu),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
}

func quartiles(_ values: [Double]) -> String {
    "\(text(quantile(values, 0.25), 3)) … \(text(quantile(values, 0.75), 3))"
}

/// That all threads of the process have computed.
func cpuMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
}

func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

let arguments = CommandLine.arguments
let side = arguments.count > 4 ? arguments[4] : nil
guard arguments.count >= 3, [nil, "with", "without"].contains(side) else {
    print("usage: trace-overhead DIR QUERIES [ROUNDS] [with|without]")
    exit(64)
}
let rounds = arguments.count > 3 ? Int(arguments[3]) ?? 20 : 20
let queries = (1...22).compactMap { number -> (name: String, text: String)? in
    let file = "\(arguments[2])/q\(number < 10 ? "0" : "")\(number).sql"
    return FileManager.default.contents(atPath: file).map { ("Q\(number)", String(decoding: $0, as: UTF8.self)) }
}
let cluster = try await Cluster(.init(directory: arguments[1]))
let session = cluster.session()
let clock = ContinuousClock()

func time(_ query: String, isTraced: Bool) async throws -> Times {
    TraceSwitch.isOff = !isTraced
    let (start, startCPU) = (clock.now, cpuMilliseconds())
    for try await _ in try await session.execute(query) {}
    return Times(elapsed: milliseconds(clock.now - start), cpu: cpuMilliseconds() - startCPU)
}

func runAlone(isTraced: Bool) async throws {
    for _ in 0...rounds {
        for query in queries { _ = try await time(query.text, isTraced: isTraced) }
    }
}

/// Of all queries, then of each.
func compare() async throws -> [Series] {
    var series = [Series(name: "all")] + queries.map { Series(name: $0.name) }
    for query in queries { _ = try await time(query.text, isTraced: true) }
    for round in 0..<rounds {
        var (with, without) = (Times(), Times())
        for (index, query) in queries.enumerated() {
            for isTraced in round % 2 == index % 2 ? [true, false] : [false, true] {
                let times = try await time(query.text, isTraced: isTraced)
                if isTraced {
                    series[index + 1].with.append(times)
                    with += times
                } else {
                    series[index + 1].without.append(times)
                    without += times
                }
            }
        }
        series[0].with.append(with)
        series[0].without.append(without)
    }
    return series
}

var series: [Series] = []
if let side {
    try await runAlone(isTraced: side == "with")
} else {
    series = try await compare()
}
await session.close()
try await cluster.close()

if side == nil {
    print("\(cluster), \(rounds) rounds\n")
    print("| query | with the trace, ms | without | ratio | quartiles | ratio of CPU time | quartiles |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for line in series.dropFirst().map(line) + series.prefix(1).map(line) { print(line) }
}
