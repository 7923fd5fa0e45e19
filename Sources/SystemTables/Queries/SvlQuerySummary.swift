import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Steps, summed up over the slices. - Source: Redshift developer guide, "SVL_QUERY_SUMMARY".
    static let svlQuerySummary = SystemView(
        log: "svl_query_summary",
        StepSummary.fields
    ) { scan, add in
        for query in scan.queries { StepSummary.each(of: LoggedSteps(query, .run), add) }
    }
}

/// One step on all slices that ran it.
struct StepSummary {
    let query: LoggedSteps
    let segment: Int
    let number: Int
    /// The segment's runs, by slice.
    let slices: ArraySlice<SliceTrace>

    static let fields: [Field<StepSummary>] = [
        Field("userid", .integer) { .int($0.query.record.userID.rawValue) },
        Field("query", .integer) { .int($0.query.record.number) },
        Field("stm", .integer) { .int($0.query.stream(ofSegment: $0.segment)) },
        Field("seg", .integer) { .int($0.segment) },
        Field("step", .integer) { .int($0.number) },
        Field("maxtime", .bigint) { .int($0.longest) },
        Field("avgtime", .bigint) { .int($0.mean) },
        Field("rows", .bigint) { .int($0.sum(\.rows)) },
        Field("bytes", .bigint) { .int($0.sum(\.bytes)) },
        Field("rate_row", .double) { .double($0.rate($0.sum(\.rows))) },
        Field("rate_byte", .double) { .double($0.rate($0.sum(\.bytes))) },
        Field("label", .varchar(length: 256)) {
            $0.first?.fullLabel($0.query.record.tableNames) ?? .text("")
        },
        Field("is_diskbased", .char(length: 1)) { .flag($0.contains(\.isDiskBased)) },
        Field("workmem", .bigint) { .int($0.sum(\.memoryBytes)) },
        Field("is_rrscan", .char(length: 1)) { .flag($0.contains(\.isRangeRestricted)) },
        Field("is_delayed_scan", .char(length: 1), .text("f")),
        Field("rows_pre_filter", .bigint) { .int($0.sum(\.rowsPreFilter)) },
    ]

    static func each(of query: LoggedSteps, _ body: (StepSummary) -> Void) {
        // By segment, then by slice.
        let all = query.record.trace.slices
        var start = 0
        while start < all.count {
            let end = all[start...].firstIndex { $0.segment != all[start].segment } ?? all.count
            let slices = all[start..<end]
            let count: Int = slices.reduce(0) { max($0, $1.steps.count) }
            for number in 0..<count {
                body(StepSummary(query: query, segment: all[start].segment, number: number, slices: slices))
            }
            start = end
        }
    }

    /// Microseconds of the segment on the slice that took longest.
    var longest: Int64 { (nanoseconds.max() ?? 0) / 1_000 }
    var mean: Int64 { nanoseconds.reduce(0, +) / Int64(max(1, slices.count)) / 1_000 }
    private var nanoseconds: [Int64] { slices.map { $0.endNs - $0.startNs } }
    func sum(_ figure: (StepTrace) -> Int64) -> Int64 {
        slices.reduce(0) { $1.steps.indices.contains(number) ? $0 + figure($1.steps[number]) : $0 }
    }
    func contains(_ test: (StepTrace) -> Bool) -> Bool {
        slices.contains { $0.steps.indices.contains(number) && test($0.steps[number]) }
    }
    var first: StepTrace? { slices.lazy.compactMap { $0.steps.dropFirst(number).first }.first }
    /// For each second that the segment took.
    func rate(_ count: Int64) -> Double { longest > 0 ? Double(count) * 1_000_000 / Double(longest) : 0 }
}
