// How long a statement of each kind goes on after it has been cancelled.
//
//     swift run -c release cancellation DIR [ROUNDS] [KIND]
//
// DIR is the data directory of a cluster with TPC-H loaded at scale 1 (`Benchmarks/tpch/compare.py` leaves one); it should
// be a copy, because tables are written. Each kind is cancelled ROUNDS times (10), after delays that are spread over the
// time that it takes when nobody cancels it. Measured are the time from `cancel()` to the error at the client, and to
// the answer of another statement after it, for which the slices have to be free. Prints a Markdown table.

import Blueshift
import Foundation
import SQLTypes

/// A kind of work, as statements of which the last is cancelled.
struct Kind {
    var name: String
    var before: [String] = []
    var statement: String
    var after: [String] = []
    /// Bytes that the cluster may hold; nil: what it has by default.
    var memory: Int?
    /// The client does not read: the query waits for it.
    var isNotRead = false
    /// Another session has a transaction open in which it has done this.
    var blocker: String?
}

let role = "credentials 'aws_iam_role=arn:aws:iam::123456789012:role/blueshift'"
let drop = "DROP TABLE IF EXISTS cancelled"
let kinds = [
    Kind(name: "scan, filter", statement: "SELECT count(*) FROM lineitem a WHERE l_comment LIKE '%x%y%z%q%j%'"),
    Kind(
        name: "scan, expressions",
        statement: "SELECT sum(length(regexp_replace(l_comment, '[aeiou]+', 'x'))) FROM lineitem"),
    Kind(
        name: "join: build, probe",
        statement: "SELECT count(*) FROM lineitem a JOIN lineitem b ON a.l_orderkey = b.l_orderkey AND "
            + "a.l_comment < b.l_comment"),
    Kind(
        name: "join: many matches",
        statement: "SELECT count(*) FROM lineitem a JOIN lineitem b ON a.l_suppkey = b.l_suppkey "
            + "WHERE a.l_partkey + b.l_partkey = 7"),
    Kind(
        name: "nested loop", statement: "SELECT count(*) FROM part a, supplier b WHERE a.p_name < b.s_name || b.s_name"),
    Kind(
        name: "groups",
        statement: "SELECT count(*) FROM (SELECT l_comment, l_partkey, count(*) FROM lineitem GROUP BY 1, 2)"),
    Kind(name: "distinct", statement: "SELECT count(DISTINCT l_comment), count(DISTINCT l_orderkey) FROM lineitem"),
    Kind(
        name: "sort",
        statement: "SELECT * FROM (SELECT * FROM lineitem ORDER BY l_comment, l_partkey) LIMIT 1 OFFSET 5999999"),
    Kind(
        name: "window", statement: "SELECT sum(r) FROM (SELECT row_number() OVER (ORDER BY l_comment) r FROM lineitem)"),
    Kind(
        name: "median", statement: "SELECT median(l_extendedprice) FROM lineitem"),
    Kind(
        name: "spilled join",
        statement: "SELECT count(*) FROM lineitem a JOIN lineitem b ON a.l_orderkey = b.l_orderkey AND "
            + "a.l_comment < b.l_comment", memory: 64 << 20),
    Kind(
        name: "spilled groups",
        statement: "SELECT count(*) FROM (SELECT l_comment, l_partkey, count(*) FROM lineitem GROUP BY 1, 2)",
        memory: 64 << 20),
    Kind(
        name: "spilled sort",
        statement: "SELECT * FROM (SELECT * FROM lineitem ORDER BY l_comment, l_partkey) LIMIT 1 OFFSET 5999999",
        memory: 64 << 20),
    Kind(
        name: "spilled window",
        statement: "SELECT sum(r) FROM (SELECT lag(l_partkey) OVER (ORDER BY l_comment) r FROM lineitem)",
        memory: 64 << 20),
    Kind(
        name: "spilled median", statement: "SELECT l_returnflag, median(l_extendedprice) FROM lineitem GROUP BY 1",
        memory: 64 << 20),
    Kind(
        name: "exchange: redistribution",
        statement: "SELECT count(*) FROM lineitem a JOIN (SELECT l_partkey p, l_comment c FROM lineitem) b "
            + "ON a.l_comment = b.c"),
    Kind(name: "client that does not read", statement: "SELECT * FROM lineitem", isNotRead: true),
    Kind(
        name: "INSERT … SELECT", before: [drop, "CREATE TABLE cancelled (LIKE lineitem)"],
        statement: "INSERT INTO cancelled SELECT * FROM lineitem"),
    Kind(
        name: "CREATE TABLE AS, sorted", before: [drop],
        statement: "CREATE TABLE cancelled SORTKEY (l_comment) AS SELECT * FROM lineitem"),
    Kind(
        name: "COPY", before: [drop, "CREATE TABLE cancelled (LIKE lineitem)"],
        statement: "COPY cancelled FROM 's3://tpch/lineitem/part' \(role) gzip delimiter '|' region 'us-west-2'"),
    Kind(
        name: "UPDATE",
        before: [drop, "CREATE TABLE cancelled AS SELECT * FROM lineitem WHERE l_orderkey < 2000000"],
        statement: "UPDATE cancelled SET l_comment = l_comment || 'x', l_tax = l_tax + 1"),
    Kind(
        name: "VACUUM",
        before: [
            drop, "CREATE TABLE cancelled SORTKEY (l_comment) AS SELECT * FROM lineitem WHERE l_orderkey < 1000000",
            "INSERT INTO cancelled SELECT * FROM lineitem WHERE l_orderkey BETWEEN 1000000 AND 3000000",
        ],
        statement: "VACUUM FULL cancelled TO 100 PERCENT"),
    Kind(name: "ANALYZE", statement: "ANALYZE lineitem"),
    Kind(
        name: "wait for a lock", before: [drop, "CREATE TABLE cancelled AS SELECT * FROM nation"],
        statement: "UPDATE cancelled SET n_comment = 'x'", blocker: "DELETE FROM cancelled WHERE n_nationkey = 1"),
]

func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1_000 + Double(duration.components.attoseconds) / 1e15
}

struct Sample {
    var error: Double
    var answer: Double
}

let clock = ContinuousClock()

/// nil: the statement was over before.
func cancel(_ kind: Kind, _ session: Session, after delay: Duration) async throws -> Sample? {
    for statement in kind.before { _ = try await session.execute(statement).collect() }
    let running = Task { () -> SQLError? in
        do throws(SQLError) {
            let rows = try await session.execute(kind.statement)
            if kind.isNotRead { try? await Task.sleep(for: delay * 2) }
            _ = try await rows.collect()
            return nil
        } catch {
            return error
        }
    }
    try await Task.sleep(for: delay)
    let start = clock.now
    session.cancel()
    // Who does not read learns of it when he does.
    let error = await running.value
    let toError = clock.now - start - (kind.isNotRead ? delay : .zero)
    guard let error else { return nil }
    guard error.state == .queryCanceled else { throw error }
    _ = try await session.execute("SELECT count(*) FROM supplier").collect()
    return Sample(
        error: max(0, milliseconds(toError)),
        answer: milliseconds(clock.now - start) - (kind.isNotRead ? milliseconds(delay) : 0))
}

func measure(_ kind: Kind, _ directory: String, rounds: Int) async throws {
    var configuration = Cluster.Configuration(directory: directory)
    configuration.memoryBytes = kind.memory
    let cluster = try await Cluster(configuration)
    let session = cluster.session()
    var whole = Duration.seconds(2)
    if kind.blocker == nil, !kind.isNotRead {
        // Twice: the first reads from disk.
        for _ in 0..<2 {
            for statement in kind.before { _ = try await session.execute(statement).collect() }
            let start = clock.now
            let running = Task { try? await session.execute(kind.statement).collect() }
            let limit = Task {
                try? await Task.sleep(for: .seconds(20))
                if !Task.isCancelled { session.cancel() }
            }
            _ = await running.value
            limit.cancel()
            whole = clock.now - start
        }
    }
    let other = cluster.session()
    var samples: [Sample] = []
    for round in 0..<rounds {
        if let blocker = kind.blocker {
            for statement in kind.before { _ = try await session.execute(statement).collect() }
            _ = try await other.execute("BEGIN").collect()
            _ = try await other.execute(blocker).collect()
        }
        var own = kind
        if kind.blocker != nil { own.before = [] }
        let delay = whole * (Double(round) + 0.5) / Double(rounds)
        if let sample = try await cancel(own, session, after: delay) { samples.append(sample) }
        if kind.blocker != nil { _ = try await other.execute("ROLLBACK").collect() }
    }
    _ = try? await session.execute(drop).collect()
    await session.close()
    await other.close()
    try await cluster.close()
    func text(_ values: [Double]) -> String {
        let sorted = values.sorted()
        guard let last = sorted.last else { return "– | –" }
        return String(format: "%.1f | %.1f", sorted[sorted.count / 2], last)
    }
    let all = String(format: "%.0f", milliseconds(whole))
    print(
        "| \(kind.name) | \(all) | \(samples.count) | \(text(samples.map(\.error))) | \(text(samples.map(\.answer))) |")
    fflush(nil)
}

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    print("cancellation DIR [ROUNDS] [KIND]")
    exit(64)
}
let rounds = arguments.count > 2 ? Int(arguments[2]) ?? 10 : 10
print("| kind | whole ms | cancelled | error after ms (median) | (most) | answer after ms (median) | (most) |")
print("|---|---:|---:|---:|---:|---:|---:|")
for kind in kinds where arguments.count < 4 || kind.name == arguments[3] {
    try await measure(kind, arguments[1], rounds: rounds)
}
