import Catalog
import Foundation
import QueryPlan
import SQLSyntax
import SQLTypes
import Testing

@testable import Planner

/// Golden plans: files of cases, each with its SQL, what must have fired, EXPLAIN and the streams.
///
///     # comment
///     === name
///     schema tickit                  expect DS_BCAST_INNER, InferPredicates
///     SQL …;
///     --- explain
///     …
///     --- streams
///     …
///
/// `BLUESHIFT_UPDATE_GOLDEN=1 swift test --filter GoldenTests` writes what comes out and fails all the same: read the
/// diff.
struct GoldenCase: CustomTestStringConvertible, Sendable {
    var name: String
    var schema: String
    var expect: [String]
    var sql: String
    var explain: [String]
    var streams: [String]

    var testDescription: String { name }
}

enum GoldenFile {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static var files: [URL] {
        let all = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return all.filter { $0.pathExtension == "plan" }.sorted { $0.path < $1.path }
    }

    static func read(_ file: URL) -> [GoldenCase] {
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        var cases: [GoldenCase] = []
        var part = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("=== ") {
                cases.append(
                    GoldenCase(
                        name: String(line.dropFirst(4)), schema: "", expect: [], sql: "", explain: [], streams: []))
                part = 0
            } else if cases.isEmpty || (line.hasPrefix("#") && part == 0) {
                continue
            } else if line.hasPrefix("schema "), part == 0 {
                let words = line.components(separatedBy: " expect ")
                cases[cases.count - 1].schema = words[0].dropFirst(7).trimmingCharacters(in: .whitespaces)
                if words.count > 1 {
                    cases[cases.count - 1].expect = words[1].components(separatedBy: ", ")
                }
                part = 1
            } else if line == "--- explain" {
                part = 2
            } else if line == "--- streams" {
                part = 3
            } else if !line.isEmpty {
                switch part {
                case 1: cases[cases.count - 1].sql += line + "\n"
                case 2: cases[cases.count - 1].explain.append(line)
                case 3: cases[cases.count - 1].streams.append(line)
                default: break
                }
            }
        }
        return cases
    }

    static func write(_ cases: [GoldenCase], to file: URL) throws {
        var text = ""
        let old = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for line in old.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=== ") { break }
            text += line + "\n"
        }
        for item in cases {
            text += "=== \(item.name)\nschema \(item.schema)"
            text += item.expect.isEmpty ? "\n" : " expect \(item.expect.joined(separator: ", "))\n"
            text += item.sql
            text += "--- explain\n" + item.explain.joined(separator: "\n") + "\n"
            text += "--- streams\n" + item.streams.joined(separator: "\n") + "\n\n"
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
}

@Suite struct GoldenTests {
    static func context(_ schema: String) throws -> PlanningContext {
        let catalog = try #require(Schemas.catalog(schema), "no schema \(schema)")
        return PlanningContext(
            catalog: catalog, functions: TestFunctions.directory, virtualTables: VirtualTables(TestSystemTables.all),
            shape: ClusterShape(nodes: 2, slicesPerNode: 2))
    }

    static func plan(_ sql: String, _ context: PlanningContext) throws -> (plan: QueryPlan, fired: Set<String>) {
        let statement = try parseStatement(sql).statement
        if case .query(let query) = statement {
            let planner = QueryPlanner(context)
            return (try planner.plan(query), planner.fired)
        }
        switch try Planner(context: context).plan(statement) {
        case .query(let plan), .insert(let plan, _), .createTableAs(_, let plan), .explain(let plan, _):
            return (plan, [])
        default: throw SQLError.internalError("no plan")
        }
    }

    @Test func goldenPlansComeOutAsWritten() throws {
        let isUpdating = ProcessInfo.processInfo.environment["BLUESHIFT_UPDATE_GOLDEN"] != nil
        var count = 0
        for file in GoldenFile.files {
            var cases = GoldenFile.read(file)
            for index in cases.indices {
                count += 1
                let item = cases[index]
                let (plan, fired) = try Self.plan(item.sql, try Self.context(item.schema))
                let explain = plan.explainLines
                let streams = PlanText.lines(plan)
                for word in item.expect {
                    let isThere = fired.contains(word) || (explain + streams).contains { $0.contains(word) }
                    #expect(isThere, "\(item.name): \(word) did not happen")
                }
                #expect(explain == item.explain, "\(item.name): EXPLAIN differs")
                #expect(streams == item.streams, "\(item.name): streams differ")
                PlanChecks.check(plan, item.name)
                cases[index].explain = explain
                cases[index].streams = streams
            }
            if isUpdating {
                try GoldenFile.write(cases, to: file)
                Issue.record("\(file.lastPathComponent) was rewritten: read the diff, then run without the switch")
            }
        }
        #expect(count >= 60, "golden files are missing")
    }

    /// A plan stays right for the right reason only if its case says which rule, step or label it is about.
    @Test func everyCaseSaysWhatItIsAbout() {
        for file in GoldenFile.files {
            for item in GoldenFile.read(file) {
                #expect(!item.expect.isEmpty, "\(file.lastPathComponent): \(item.name) expects nothing")
            }
        }
    }

    /// Each rule has a file of its own; each file's rule has a plan that it changed.
    @Test func everyRewriteRuleHasAPlan() throws {
        let folder = GoldenFile.directory.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Planner/Rewrites")
        let rules = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }.filter { $0 != "Rewriter" }
        #expect(rules.count >= 10)
        let named = Set(GoldenFile.files.flatMap(GoldenFile.read).flatMap(\.expect))
        for rule in rules.sorted() {
            #expect(named.contains(rule), "no golden plan expects \(rule): does it insert its name into `fired`?")
        }
    }

    @Test func everyDistributionLabelHasAPlan() {
        let lines = GoldenFile.files.flatMap(GoldenFile.read).flatMap(\.explain)
        for label in [
            "DS_DIST_NONE", "DS_DIST_ALL_NONE", "DS_DIST_INNER", "DS_DIST_OUTER", "DS_DIST_ALL_INNER", "DS_DIST_BOTH",
            "DS_BCAST_INNER",
        ] {
            #expect(lines.contains { $0.hasSuffix(" \(label)") || $0.contains(" \(label) ") }, "no plan has \(label)")
        }
    }
}

enum TestSystemTables {
    static let all = [
        VirtualTableDefinition(
            name: TableName(schema: "pg_catalog", name: "pg_class"),
            columns: [.init("oid", .integer), .init("relname", .varchar(length: 128)), .init("reltuples", .double)]),
        VirtualTableDefinition(
            name: TableName(schema: "pg_catalog", name: "pg_namespace"),
            columns: [.init("oid", .integer), .init("nspname", .varchar(length: 128))]),
    ]
}

/// What must hold of every plan.
enum PlanChecks {
    static func check(_ plan: QueryPlan, _ name: String) {
        var sent: [ExchangeID: Int] = [:]
        var received: [ExchangeID: Int] = [:]
        var built: Set<HashTableID> = []
        var filters: Set<[Int]> = []
        var number = 0
        let streams = plan.streams.flatMap { stream in stream.loop?.streams ?? [stream] }
        for (streamNumber, stream) in streams.enumerated() {
            var ready: Set<HashTableID> = []
            for segment in stream.segments {
                #expect(segment.number == number, "\(name): segments are numbered in order")
                number += 1
                #expect(!segment.steps.isEmpty, "\(name): a segment without steps")
                for (index, step) in segment.steps.enumerated() {
                    let isSource = isSource(step)
                    #expect(isSource == (index == 0), "\(name): step \(index) of segment \(segment.number)")
                    switch step {
                    case .receive(let id, _), .merge(let id, _, _): received[id] = streamNumber
                    case .distribute(let id, _), .distributeRoundRobin(let id), .broadcast(let id), .gather(let id),
                        .sendToSlice(let id, _):
                        sent[id] = streamNumber
                        #expect(index == segment.steps.count - 1, "\(name): a sink in the middle")
                    case .hash(let build):
                        ready.insert(build.table)
                        for key in build.ownFilters { filters.insert([build.table.rawValue, key, 0]) }
                        for key in build.sharedFilters { filters.insert([build.table.rawValue, key, 1]) }
                    case .scan(let scan):
                        for use in scan.keyFilters {
                            #expect(built.contains(use.table), "\(name): a filter before its table is built")
                            let id = [use.table.rawValue, use.key, use.scope == .own ? 0 : 1]
                            #expect(filters.contains(id), "\(name): a filter that its table does not make")
                        }
                    case .save(let table, _): ready.insert(table)
                    case .hashJoin(let join):
                        #expect(built.contains(join.table), "\(name): a probe before its build is complete")
                    case .savedScan(let scan):
                        #expect(built.isSuperset(of: scan.tables), "\(name): saved rows are read too early")
                    case .nestedLoop(let loop):
                        #expect(built.contains(loop.table), "\(name): a loop before its rows are saved")
                    default: break
                    }
                }
            }
            built.formUnion(ready)
        }
        #expect(sent == received, "\(name): an exchange has one sender and one receiver in one stream")
        checkExchanges(plan, name)
        checkLabels(plan.explain, plan, name)
    }

    /// Credit for sending comes back when the receiver has taken rows, so a receiver must be able to take them whatever
    /// its sender does next. That holds if within a stream every segment reads from one exchange at most (what else it
    /// reads is complete since an earlier stream), and if rows never come back to a segment that they left.
    private static func checkExchanges(_ plan: QueryPlan, _ name: String) {
        for stream in plan.streams {
            var receivers: [ExchangeID: Segment] = [:]
            for segment in stream.segments {
                let sources = segment.steps.compactMap { step in
                    switch step {
                    case .receive(let id, _), .merge(let id, _, _): id
                    default: nil
                    }
                }
                #expect(sources.count <= 1, "\(name): segment \(segment.number) waits for two exchanges")
                for id in sources {
                    #expect(receivers[id] == nil, "\(name): exchange \(id.rawValue) has two receivers")
                    receivers[id] = segment
                }
            }
            for start in stream.segments {
                var segment = start
                var visited = 0
                while let id = sink(of: segment), let next = receivers[id], visited <= stream.segments.count {
                    segment = next
                    visited += 1
                }
                #expect(
                    visited <= stream.segments.count, "\(name): what segment \(start.number) sends comes back to it")
            }
        }
    }

    private static func sink(of segment: Segment) -> ExchangeID? {
        switch segment.steps[segment.steps.count - 1] {
        case .distribute(let id, _), .distributeRoundRobin(let id), .broadcast(let id), .gather(let id),
            .sendToSlice(let id, _):
            id
        default: nil
        }
    }

    private static func isSource(_ step: Step) -> Bool {
        switch step {
        case .scan, .virtualScan, .savedScan, .receive, .merge, .constants: true
        default: false
        }
    }

    /// A label implies the steps that move rows, and steps that move rows before a join imply the label.
    private static func checkLabels(_ node: ExplainNode, _ plan: QueryPlan, _ name: String) {
        if let label = node.label, let probe = probe(node, plan), let build = build(of: probe.table, plan) {
            let probeSource = plan.segments[probe.segment].steps[0]
            let buildSource = plan.segments[build].steps[0]
            let isProbeMoved = isReceive(probeSource) && sender(probeSource, plan) == "dist" && probe.step <= 2
            let how = isReceive(buildSource) ? sender(buildSource, plan) : ""
            // A join that marks its build side has built the outer one.
            let isInnerMoved = probe.marksBuild ? isProbeMoved : how == "dist"
            let isOuterMoved = probe.marksBuild ? how == "dist" : isProbeMoved
            switch label {
            case .broadcastInner: #expect(how == "bcast", "\(name): \(label.rawValue) without bcast")
            case .inner: #expect(isInnerMoved, "\(name): \(label.rawValue) without dist of the inner")
            case .both: #expect(isInnerMoved && isOuterMoved, "\(name): \(label.rawValue) without dist of both")
            case .outer: #expect(isOuterMoved, "\(name): \(label.rawValue) without dist of the outer")
            case .allInner: #expect(how == "one", "\(name): \(label.rawValue) without sending to one slice")
            case .none, .allNone: #expect(how != "bcast" && how != "one", "\(name): \(label.rawValue) moves the inner")
            }
        }
        for child in node.children { checkLabels(child, plan, name) }
    }

    private struct Probe {
        var segment: Int
        var step: Int
        var table: HashTableID
        var marksBuild = false
    }

    private static func probe(_ node: ExplainNode, _ plan: QueryPlan) -> Probe? {
        for reference in node.steps {
            switch plan.segments[reference.segment].steps[reference.step] {
            case .hashJoin(let join):
                return Probe(
                    segment: reference.segment, step: reference.step, table: join.table,
                    marksBuild: join.kind == .buildSemi || join.kind == .buildAnti)
            case .nestedLoop(let loop):
                return Probe(segment: reference.segment, step: reference.step, table: loop.table)
            default: continue
            }
        }
        return nil
    }

    private static func build(of table: HashTableID, _ plan: QueryPlan) -> Int? {
        plan.segments.first { segment in
            switch segment.steps[segment.steps.count - 1] {
            case .hash(let build): build.table == table
            case .save(let own, _): own == table
            default: false
            }
        }?.number
    }

    private static func isReceive(_ step: Step) -> Bool { if case .receive = step { true } else { false } }

    private static func sender(_ step: Step, _ plan: QueryPlan) -> String {
        guard case .receive(let wanted, _) = step else { return "" }
        for segment in plan.segments {
            switch segment.steps[segment.steps.count - 1] {
            case .distribute(wanted, _): return "dist"
            case .broadcast(wanted): return "bcast"
            case .sendToSlice(wanted, _): return "one"
            default: continue
            }
        }
        return ""
    }
}
