import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

@testable import Planner

/// Streams, segments and steps as text, for golden files.
enum PlanText {
    static func lines(_ plan: QueryPlan) -> [String] {
        var lines: [String] = []
        for (number, stream) in plan.streams.enumerated() {
            guard let loop = stream.loop else {
                lines += ["stream \(number)"] + self.lines(stream)
                continue
            }
            lines.append("stream \(number) in rounds, \(loop.next.rawValue) becoming \(loop.work.rawValue)")
            for part in loop.streams { lines += self.lines(part) }
        }
        return lines
    }

    private static func lines(_ stream: Stream) -> [String] {
        stream.segments.map { segment in
            let steps = segment.steps.map(text).joined(separator: " | ")
            return "  segment \(segment.number) \(location(segment.location)): \(steps)"
        }
    }

    private static func location(_ location: Segment.Location) -> String {
        switch location {
        case .everySlice: "slices"
        case .oneSlice(let slice): "slice \(slice)"
        case .leader: "leader"
        }
    }

    private static func list(_ numbers: [Int]) -> String { "[\(numbers.map(String.init).joined(separator: ","))]" }
    private static func list(_ types: [SQLType]) -> String { "(\(types.map(\.description).joined(separator: ", ")))" }
    private static func text(_ expression: BoundExpression) -> String { expression.explainText { "#\($0)" } }

    static func text(_ step: Step) -> String {
        switch step {
        case .scan(let scan):
            let filter = scan.filter.map { " where \(text($0))" } ?? ""
            let share =
                switch scan.share {
                case .ownPartition: ""
                case .nodeCopy: " node copy"
                case .oneCopy: " one copy"
                }
            return
                "scan \(scan.table.rawValue)\(share) \(list(scan.columns))\(filter)\(keys(scan)) -> \(list(scan.output))"
        case .virtualScan(let scan): return "scan \(scan.name) \(list(scan.columns))"
        case .receive(let id, let types): return "receive \(id.rawValue) \(list(types))"
        case .merge(let id, _, let keys): return "merge \(id.rawValue) by \(sortKeys(keys))"
        case .constants(let rows, _):
            return "constants " + rows.map { "(\($0.map(text).joined(separator: ", ")))" }.joined(separator: " ")
        case .filter(let condition): return "filter \(text(condition))"
        case .project(let expressions): return "project \(expressions.map(text).joined(separator: ", "))"
        case .hashJoin(let join):
            let residual = join.residual.map { " if \(text($0))" } ?? ""
            return "hjoin \(join.table.rawValue) \(join.kind.rawValue) \(list(join.keys))\(residual)"
                + " -> \(list(join.probeOutput))+\(list(join.buildOutput))"
        case .nestedLoop(let loop):
            return "nloop \(loop.table.rawValue) \(loop.kind.rawValue)"
                + (loop.condition.map { " if \(text($0))" } ?? "")
        case .aggregate(let aggregate):
            let calls = aggregate.calls.map { "\($0.function)\($0.isDistinct ? " distinct" : "")\(list($0.arguments))" }
            return "aggr \(aggregate.phase) \(list(aggregate.groups)) \(calls.joined(separator: " "))"
        case .sort(let sort): return "sort \(sortKeys(sort.keys))" + (sort.limit.map { " limit \($0)" } ?? "")
        case .expand(let expansion):
            return "expand \(expansion.function)(\(expansion.arguments.map(text).joined(separator: ", ")))"
        case .window(let window):
            let calls = window.calls.map { call in
                let frame =
                    call.frame == .wholePartition ? "" : " rows \(bound(call.frame.start)) to \(bound(call.frame.end))"
                return "\(call.function)\(list(call.arguments))\(call.ignoresNulls ? " present" : "")\(frame)"
            }
            return "window \(list(window.partition)) \(sortKeys(window.order)) \(calls.joined(separator: " "))"
        case .savedScan(let scan): return "scan saved \(list(scan.tables.map(\.rawValue)))"
        case .limit(let count, let offset):
            return "limit \(count.map(String.init) ?? "all")" + (offset > 0 ? " offset \(offset)" : "")
        case .hash(let build):
            return
                "hash \(build.table.rawValue)\(build.isReplicated ? " replicated" : "") \(list(build.keys)) keep \(list(build.payload))"
        case .save(let table, let isReplicated): return "save \(table.rawValue)\(isReplicated ? " replicated" : "")"
        case .distribute(let id, let keys): return "dist \(id.rawValue) \(list(keys))"
        case .distributeRoundRobin(let id): return "dist \(id.rawValue) round robin"
        case .distributeBySlice(let id, let slice): return "dist \(id.rawValue) by slice [\(slice)]"
        case .broadcast(let id): return "bcast \(id.rawValue)"
        case .sendToSlice(let id, let slice): return "dist \(id.rawValue) to slice \(slice)"
        case .gather(let id): return "return \(id.rawValue)"
        case .insert(let table): return "insert \(table.rawValue)"
        case .delete(let deletion):
            return "delete \(deletion.table.rawValue) \(list([deletion.rowGroup, deletion.position]))"
        case .identity(let fill): return "identity \(fill.table.rawValue) \(list(fill.columns.map(\.column)))"
        case .rewrite(let rewrite): return "rewrite \(rewrite.table.rawValue)"
        case .unload: return "unload"
        }
    }

    /// `in 3.0`: of the first key of table 3, on the same slice; `in 3.0 anywhere`: on all.
    private static func keys(_ scan: TableScan) -> String {
        let uses = scan.keyFilters.map { use in
            "#\(use.column) in \(use.table.rawValue).\(use.key)\(use.scope == .own ? "" : " anywhere")"
        }
        return uses.isEmpty ? "" : " keys (\(uses.joined(separator: ", ")))"
    }

    private static func bound(_ offset: Int64?) -> String { offset.map(String.init) ?? "all" }

    private static func sortKeys(_ keys: [SortColumn]) -> String {
        "["
            + keys.map { "\($0.column)\($0.isDescending ? " desc" : "")\($0.nullsFirst ? " nulls first" : "")" }
            .joined(separator: ", ") + "]"
    }
}
