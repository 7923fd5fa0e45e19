// Where the time of a query goes: each segment on each slice, with the steps that took longest.
//
//     swift run -c release timeline DIR SLICES ROUNDS FILE …
//
// DIR has the bucket s3/tpch with TPC-H's files (`Benchmarks/tpch/compare.py` leaves one). They are loaded into a
// cluster of one node in memory, by `schema.sql` beside the folder of the first FILE; then each query is run ROUNDS times
// and the run of median length is shown. Times are microseconds.

import Blueshift
import Foundation

let arguments = CommandLine.arguments
guard arguments.count > 4, let slices = Int(arguments[2]), let rounds = Int(arguments[3]) else {
    print("timeline DIR SLICES ROUNDS FILE …")
    exit(64)
}
let role = "credentials 'aws_iam_role=arn:aws:iam::123456789012:role/blueshift'"
var configuration = Cluster.Configuration(nodes: 1, slicesPerNode: slices)
configuration.objectDirectory = arguments[1] + "/s3"
let cluster = try await Cluster(configuration)
let session = cluster.session()
let schema = URL(filePath: arguments[4]).deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "schema.sql")
try await session.execute(try String(contentsOf: schema, encoding: .utf8))
for table in ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"] {
    try await session.execute(
        "COPY \(table) FROM 's3://tpch/\(table)/part' \(role) gzip delimiter '|' region 'us-west-2'")
}

let clock = ContinuousClock()

func micro(_ nanoseconds: Int64) -> String { String(format: "%7d", nanoseconds / 1_000) }

struct Run {
    var elapsed: Int64
    var trace: Trace
}

func show(_ run: Run) {
    let trace = run.trace
    for part in trace.runs.sorted(by: { ($0.start, $0.segment) < ($1.start, $1.segment) }) {
        let steps = part.steps.filter { $0.nanoseconds > 20_000 }.map { step in
            let algorithm = step.algorithm.isEmpty ? "" : "[\(step.algorithm)]"
            return "\(step.label)\(algorithm) \(step.rowsIn)→\(step.rowsOut) \(step.nanoseconds / 1_000)"
        }
        print(
            "  seg \(String(format: "%2d", part.segment)) slice \(part.slice.map { "\($0)" } ?? "L")",
            micro(part.start), micro(part.end), "run", micro(part.running), "wait", micro(part.waitingForCore), "blk",
            micro(part.blocked), "|", steps.joined(separator: "; "))
    }
}

for file in arguments[4...] {
    let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
    var runs: [Run] = []
    for _ in 0...rounds {
        let start = clock.now
        _ = try await session.execute(text).collect()
        let elapsed = (clock.now - start).components
        if let trace = await session.lastTrace {
            runs.append(
                Run(elapsed: elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000, trace: trace))
        }
    }
    let sorted = runs.dropFirst().sorted { $0.elapsed < $1.elapsed }
    guard let median = sorted.isEmpty ? nil : sorted[sorted.count / 2] else { continue }
    let busy = median.trace.runs.reduce(0) { $0 + $1.running }
    print(
        "\(URL(filePath: file).lastPathComponent): elapsed", micro(median.elapsed), "planning",
        micro(median.trace.planningNanoseconds), "run", micro(median.trace.elapsedNanoseconds), "busy", micro(busy),
        "fastest", micro(sorted[0].elapsed))
    show(median)
}
await session.close()
try await cluster.close()
