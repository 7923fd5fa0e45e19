import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Each step of each segment on each slice, as measured.
    /// - Source: Redshift developer guide, "SVL_QUERY_REPORT".
    static let svlQueryReport = SystemView(
        "svl_query_report",
        [
            Column("userid", .integer), Column("query", .integer), Column("slice", .integer),
            Column("segment", .integer),
            Column("step", .integer), Column("start_time", .timestamp), Column("end_time", .timestamp),
            Column("elapsed_time", .bigint), Column("rows", .bigint), Column("bytes", .bigint),
            Column("label", .char(length: 256)), Column("is_diskbased", .char(length: 1)), Column("workmem", .bigint),
            Column("is_rrscan", .char(length: 1)), Column("is_delayed_scan", .char(length: 1)),
            Column("rows_pre_filter", .bigint),
        ]
    ) { state in
        var rows: [[SQLValue]] = []
        for query in state.queries {
            for slice in query.trace.slices { add(slice, of: query, to: &rows) }
        }
        return rows
    }

    private static func add(_ slice: SliceTrace, of query: SystemState.Query, to rows: inout [[SQLValue]]) {
        for (number, step) in slice.steps.enumerated() {
            let place: [SQLValue] = [
                .int(query.session.userID.rawValue), .int(query.trace.query), .int(slice.slice), .int(slice.segment),
                .int(number),
            ]
            let time: [SQLValue] = [
                .timestamp(query.startTime + slice.startNs / 1_000), .timestamp(query.startTime + slice.endNs / 1_000),
                .int((slice.endNs - slice.startNs) / 1_000),
            ]
            let figures: [SQLValue] = [
                .int(step.rowsOut), .int(step.bytesLocal + step.bytesRemote), .text(step.label, max: 256),
                .text(step.spilledBytes > 0 ? "t" : "f"), .int(step.memoryBytes),
                .text(step.blocksSkipped > 0 ? "t" : "f"), .text("f"), .int(step.rowsStored),
            ]
            rows.append(place + time + figures)
        }
    }
}
