import Catalog
import QueryPlan
import SQLTypes

/// One segment, on all slices that ran it.
struct SegmentRow {
    let query: LoggedSteps
    let segment: Int
    let slices: ArraySlice<SliceTrace>

    static let user = Field<SegmentRow>("userid", .integer) { .int($0.query.record.userID.rawValue) }
    static let queryNumber = Field<SegmentRow>("query", .integer) { .int($0.query.record.number) }
    static let number = Field<SegmentRow>("segment", .integer) { .int($0.segment) }

    static let streams: [Field<SegmentRow>] = [
        user, queryNumber, Field("stream", .integer) { .int($0.query.stream(ofSegment: $0.segment)) }, number,
        Field("query_uuid", .char(length: 36), .text("")),
    ]

    static let compilation: [Field<SegmentRow>] = [
        user, Field("xid", .bigint) { .int($0.query.record.transaction) },
        Field("pid", .integer) { .int($0.query.record.session) }, queryNumber, number,
        Field("locus", .integer) { .int($0.slices.first?.slice == SliceTrace.leaderSlice ? 2 : 1) },
        Field("starttime", .timestamp) { .timestamp($0.start) },
        Field("endtime", .timestamp) { .timestamp($0.start + $0.compileTime) },
        // As in Redshift: 1 is a run that made its segments' code, 0 one that took what an earlier run had made.
        Field("compile", .integer) { .int($0.query.record.reusesPlan ? 0 : 1) },
    ]

    static func each(of query: LoggedSteps, _ body: (SegmentRow) -> Void) {
        // By segment, then by slice.
        let all = query.record.trace.slices
        var start = 0
        while start < all.count {
            let end = all[start...].firstIndex { $0.segment != all[start].segment } ?? all.count
            body(SegmentRow(query: query, segment: all[start].segment, slices: all[start..<end]))
            start = end
        }
    }

    /// Microseconds since 2000-01-01 00:00:00 UTC; of the first slice.
    var start: Int64 { query.runStart + (slices.map(\.startNs).min() ?? 0) / 1_000 }
    var end: Int64 { query.runStart + (slices.map(\.endNs).max() ?? 0) / 1_000 }
    /// Microseconds of the slice that took longest.
    var compileTime: Int64 { (slices.map(\.compileNs).max() ?? 0) / 1_000 }
}
