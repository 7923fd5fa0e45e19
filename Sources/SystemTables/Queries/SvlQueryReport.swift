import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Each step of each segment on each slice, as measured.
    /// - Source: Redshift developer guide, "SVL_QUERY_REPORT".
    static let svlQueryReport = SystemView("svl_query_report", [
        Column("userid", .integer), Column("query", .integer), Column("slice", .integer), Column("segment", .integer),
        Column("step", .integer), Column("start_time", .timestamp), Column("end_time", .timestamp),
        Column("elapsed_time", .bigint), Column("rows", .bigint), Column("bytes", .bigint),
        Column("label", .char(length: 256)), Column("is_diskbased", .char(length: 1)), Column("workmem", .bigint),
        Column("is_rrscan", .char(length: 1)), Column("is_delayed_scan", .char(length: 1)),
        Column("rows_pre_filter", .bigint),
    ]) { state in
        state.queries.flatMap { query in
            query.trace.slices.flatMap { slice in
                slice.steps.enumerated().map { number, step in
                    [
                        .int(userID), .int(query.trace.query), .int(slice.slice), .int(slice.segment), .int(number),
                        .timestamp(query.startTime + slice.startNs / 1_000), .timestamp(query.startTime + slice.endNs / 1_000),
                        .int((slice.endNs - slice.startNs) / 1_000), .int(step.rowsOut),
                        .int(step.bytesLocal + step.bytesRemote), .text(step.label, max: 256),
                        .text(step.spilledBytes > 0 ? "t" : "f"), .int(step.memoryBytes),
                        .text(step.blocksSkipped > 0 ? "t" : "f"), .text("f"), .int(step.rowsStored),
                    ]
                }
            }
        }
    }
}
