import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Figures of queries, their streams, segments and steps; a level's own rows have −1 below it.
    /// - Source: Redshift developer guide, "SYS_QUERY_DETAIL".
    static let sysQueryDetail = SystemView(log: "sys_query_detail", DetailRow.fields) { scan, add in
        let alerts = Dictionary(grouping: scan.state.events().alerts, by: \.source.query)
        let needsPlan = scan.columns.contains { $0 == "plan_parent_id" || $0 == "plan_node_id" }
        for query in scan.queries {
            let own = alerts[query.number] ?? []
            DetailRow.each(of: LoggedSteps(query, needsPlan ? .all : .run)) { row in
                var row = row
                row.take(own)
                add(row)
            }
        }
    }
}

/// A query, a stream, a segment or a step, on all slices that ran it.
struct DetailRow {
    let query: LoggedSteps
    /// −1: all of them; so for the next two.
    var stream = -1
    var segment = -1
    var step = -1
    let slices: ArraySlice<SliceTrace>
    /// By the number of a line of the plan, if that was unpacked.
    let parents: [Int]
    /// Of STL_ALERT_EVENT_LOG, those of the step, each once.
    var alert = ""

    mutating func take(_ alerts: [AlertEvent]) {
        guard step >= 0 else { return }
        var events: [String] = []
        for alert in alerts where alert.segment == segment && alert.step == step && !events.contains(alert.event) {
            events.append(alert.event)
        }
        alert = events.joined(separator: "; ")
    }

    static func each(of query: LoggedSteps, _ body: (DetailRow) -> Void) {
        var parents = [0]
        PlanRow.each(of: query) { parents.append($0.parent) }
        func hand(_ stream: Int, _ segment: Int, _ step: Int, _ slices: ArraySlice<SliceTrace>) {
            body(
                DetailRow(
                    query: query, stream: stream, segment: segment, step: step, slices: slices, parents: parents))
        }
        let all = query.record.trace.slices
        hand(-1, -1, -1, all[...])
        var lastStream = -1
        SegmentRow.each(of: query) { segment in
            let stream = query.stream(ofSegment: segment.segment)
            if stream != lastStream {
                hand(stream, -1, -1, all.filter { query.stream(ofSegment: $0.segment) == stream }[...])
            }
            lastStream = stream
            hand(stream, segment.segment, -1, segment.slices)
            for step in 0..<(segment.slices.first?.steps.count ?? 0) {
                hand(stream, segment.segment, step, segment.slices)
            }
        }
    }

    static let fields: [Field<DetailRow>] = [
        Field("user_id", .integer) { .int($0.query.record.userID.rawValue) },
        Field("query_id", .bigint) { .int($0.query.record.number) },
        Field("child_query_sequence", .integer, .int(1)), Field("stream_id", .integer) { .int($0.stream) },
        Field("segment_id", .integer) { .int($0.segment) }, Field("step_id", .integer) { .int($0.step) },
        Field("step_name", .longText) { .text($0.own?.kind.tableName ?? "") },
        Field("table_id", .integer) { $0.own?.table.map { .int($0.rawValue) } ?? .null },
        Field("table_name", .char(length: 136)) { $0.tableName },
        Field("is_rrscan", .char(length: 1)) { $0.step < 0 ? .null : .flag($0.any(\.isRangeRestricted)) },
        Field("start_time", .timestamp) { .timestamp($0.start) }, Field("end_time", .timestamp) { .timestamp($0.end) },
        Field("duration", .bigint) { .int($0.end - $0.start) }, Field("alert", .longText) { .text($0.alert) },
        Field("input_bytes", .bigint) { .int($0.inputBytes) }, Field("input_rows", .bigint) { .int($0.inputRows) },
        Field("output_bytes", .bigint) { .int($0.outputBytes) }, Field("output_rows", .bigint) { .int($0.outputRows) },
        Field("blocks_read", .bigint) { .int($0.sum(\.blocksRead)) },
        Field("blocks_write", .bigint) { .int($0.sum { ($0.spilledBytes + (1 << 20) - 1) >> 20 }) },
        Field("local_read_io", .bigint) { .int($0.sum(\.blocksRead)) }, Field("remote_read_io", .bigint, .int(0)),
        Field("source", .longText) { .text($0.own?.sourceName ?? "") },
        Field("data_skewness", .integer) { .int($0.dataSkew) }, Field("time_skewness", .integer) { .int($0.timeSkew) },
        Field("is_active", .char(length: 1), .text("f")),
        Field("spilled_block_local_disk", .bigint) { .int($0.sum { ($0.spilledBytes + (1 << 20) - 1) >> 20 }) },
        Field("spilled_block_remote_disk", .bigint, .int(0)), Field("step_attribute", .char(length: 64), .text("")),
        Field("metrics_level", .char(length: 64)) { .text($0.level) },
        Field("plan_parent_id", .integer) { $0.planNode.map { .int($0.parent) } ?? .null },
        Field("plan_node_id", .integer) { $0.planNode.map { .int($0.number) } ?? .null },
    ]

    private var own: StepTrace? { step < 0 ? nil : slices.lazy.compactMap { $0.steps.dropFirst(step).first }.first }
    private func sum(_ figure: (StepTrace) -> Int64) -> Int64 { slices.reduce(0) { $0 + sum($1, figure) } }
    private func any(_ test: (StepTrace) -> Bool) -> Bool {
        slices.contains { $0.steps[range($0)].contains(where: test) }
    }

    private func sum(_ slice: SliceTrace, _ figure: (StepTrace) -> Int64) -> Int64 {
        range(slice).reduce(0) { $0 + figure(slice.steps[$1]) }
    }

    /// Of the level.
    private func range(_ slice: SliceTrace) -> Range<Int> {
        guard step >= 0 else { return slice.steps.indices }
        return step < slice.steps.count ? step..<step + 1 : 0..<0
    }

    private var level: String {
        step >= 0 ? "step" : segment >= 0 ? "segment" : stream >= 0 ? "stream" : "child query"
    }

    private var tableName: SQLValue {
        guard let table = own?.table, let name = query.record.tableNames[table] else { return .text("") }
        return .text("\(query.record.database).\(name.schema).\(name.name)", max: 136)
    }

    private var start: Int64 { query.runStart + (slices.map(\.startNs).min() ?? 0) / 1_000 }
    private var end: Int64 { query.runStart + (slices.map(\.endNs).max() ?? 0) / 1_000 }

    // A step takes what the one before it hands on, a scan what it reads; what is greater than a segment takes what its
    // scans take, and hands on what its last steps do.
    private var inputRows: Int64 { step >= 0 ? sum(\.inputRows) : sum { $0.kind == .scan ? $0.inputRows : 0 } }
    private var inputBytes: Int64 { sum { $0.kind == .scan ? $0.bytes : 0 } }
    private var outputRows: Int64 { step >= 0 ? sum(\.rows) : last(\.rows) }
    private var outputBytes: Int64 { step >= 0 ? sum(\.bytes) : last(\.bytes) }

    private func last(_ figure: (StepTrace) -> Int64) -> Int64 {
        let greatest = slices.map(\.segment).max() ?? 0
        return slices.reduce(0) { sum, slice in
            slice.segment == greatest ? sum + (slice.steps[range(slice)].last.map(figure) ?? 0) : sum
        }
    }

    /// How far the mean lies below the greatest, in percent.
    private static func skew(_ values: [Int64]) -> Int {
        guard let greatest = values.max(), greatest > 0 else { return 0 }
        let mean = Double(values.reduce(0, +)) / Double(values.count)
        return Int((100 * (1 - mean / Double(greatest))).rounded())
    }

    private var dataSkew: Int { step < 0 ? 0 : DetailRow.skew(slices.map { sum($0, \.rows) }) }
    private var timeSkew: Int { segment < 0 ? 0 : DetailRow.skew(slices.map { $0.endNs - $0.startNs }) }

    private var planNode: (number: Int, parent: Int)? {
        guard let number = own?.planNode, parents.indices.contains(number) else { return nil }
        return (number, parents[number])
    }
}

extension StepTrace {
    fileprivate var inputRows: Int64 { kind == .scan ? (source == .table ? rowsPreFilter : rowsOut) : rowsIn }

    fileprivate var sourceName: String {
        switch source {
        case .table: "local"
        case .files: "S3"
        case .network: "network"
        case .transient, .constants, .systemView, nil: ""
        }
    }
}

extension StepKind {
    /// As the step's own STL table is called.
    fileprivate var tableName: String {
        switch self {
        case .hashjoin: "hashjoin"
        case .mergejoin: "mergejoin"
        case .nestloop: "nestloop"
        default: label
        }
    }
}
