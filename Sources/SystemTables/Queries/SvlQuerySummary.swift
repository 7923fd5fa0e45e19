import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Each step of each segment, summed over the slices. - Source: Redshift developer guide, "SVL_QUERY_SUMMARY".
    static let svlQuerySummary = SystemView(
        "svl_query_summary",
        [
            Column("userid", .integer), Column("query", .integer), Column("stm", .integer), Column("seg", .integer),
            Column("step", .integer), Column("maxtime", .bigint), Column("avgtime", .bigint), Column("rows", .bigint),
            Column("bytes", .bigint), Column("rate_row", .double), Column("rate_byte", .double),
            Column("label", .varchar(length: 256)), Column("is_diskbased", .char(length: 1)),
            Column("workmem", .bigint),
            Column("is_rrscan", .char(length: 1)), Column("is_delayed_scan", .char(length: 1)),
            Column("rows_pre_filter", .bigint),
        ]
    ) { state in
        state.queries.flatMap { query in
            let segments = Dictionary(grouping: query.trace.slices, by: \.segment)
            return segments.keys.sorted().flatMap { segment in
                rows(query, segment: segment, segments[segment] ?? [])
            }
        }
    }

    private static func rows(_ query: SystemState.Query, segment: Int, _ slices: [SliceTrace]) -> [[SQLValue]] {
        let times = slices.map { ($0.endNs - $0.startNs) / 1_000 }
        let longest = times.max() ?? 0
        let mean = times.isEmpty ? 0 : times.reduce(0, +) / Int64(times.count)
        let count = slices.map(\.steps.count).max() ?? 0
        return (0..<count).map { number -> [SQLValue] in
            let steps = slices.compactMap { number < $0.steps.count ? $0.steps[number] : nil }
            let rows: Int64 = steps.reduce(0) { $0 + $1.rowsOut }
            let bytes: Int64 = steps.reduce(0) { $0 + $1.bytesLocal + $1.bytesRemote }
            let seconds = Double(longest) / 1_000_000
            let stream = query.stream(ofSegment: segment)
            let place: [SQLValue] = [
                .int(query.session.userID.rawValue), .int(query.trace.query), .int(stream), .int(segment), .int(number),
            ]
            let figures: [SQLValue] = [
                .int(longest), .int(mean), .int(rows), .int(bytes), .double(seconds > 0 ? Double(rows) / seconds : 0),
                .double(seconds > 0 ? Double(bytes) / seconds : 0),
            ]
            let memory: Int64 = steps.reduce(0) { $0 + $1.memoryBytes }
            let stored: Int64 = steps.reduce(0) { $0 + $1.rowsStored }
            let rest: [SQLValue] = [
                .text(steps.first?.label ?? ""), .text(steps.contains { $0.spilledBytes > 0 } ? "t" : "f"),
                .int(memory),
                .text(steps.contains { $0.blocksSkipped > 0 } ? "t" : "f"), .text("f"), .int(stored),
            ]
            return place + figures + rest
        }
    }
}
