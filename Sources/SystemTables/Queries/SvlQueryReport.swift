import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Each step of each segment on each slice, as measured.
    /// - Source: Redshift developer guide, "SVL_QUERY_REPORT".
    static let svlQueryReport = SystemView(
        steps: "svl_query_report",
        [
            StepField.user, StepField.queryNumber, StepField.sliceNumber, StepField.segment, StepField.stepNumber,
            Field("start_time", .timestamp) { .timestamp($0.start) },
            Field("end_time", .timestamp) { .timestamp($0.end) },
            Field("elapsed_time", .bigint) { .int($0.end - $0.start) },
            StepField.rows, StepField.bytes,
            Field("label", .char(length: 256)) { .text($0.step.fullLabel($0.query.record.tableNames), max: 256) },
            StepField.isDiskBased, StepField.workMemory, StepField.isRangeRestricted, StepField.isDelayed,
            Field("rows_pre_filter", .bigint) { .int($0.step.rowsPreFilter) },
        ])
}

extension StepTrace {
    /// `scan tbl=100448 name=sales`, `hash tbl=242`, `dist`.
    func fullLabel(_ names: [TableID: TableName]) -> String {
        if let table {
            let name = names[table].map { " name=\($0.name)" } ?? ""
            return "\(label) tbl=\(table.rawValue)\(kind == .scan ? name : "")"
        }
        return transientTable != nil || source == .constants ? "\(label) tbl=\(tableNumber)" : label
    }
}
