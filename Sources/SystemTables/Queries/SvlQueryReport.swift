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
            Field("label", .char(length: 256)) { $0.step.fullLabel($0.query.record.tableNames) },
            StepField.isDiskBased, StepField.workMemory, StepField.isRangeRestricted, StepField.isDelayed,
            Field("rows_pre_filter", .bigint) { .int($0.step.rowsPreFilter) },
        ])
}

extension StepTrace {
    /// `scan tbl=100448 name=sales`, `hash tbl=242`, `dist`.
    func fullLabel(_ names: [TableID: TableName]) -> SQLValue {
        if let table {
            let name = kind == .scan ? names[table].map { " name=\($0.name)" } ?? "" : ""
            return .text("\(label) tbl=\(table.rawValue)\(name)", max: 256)
        }
        guard transientTable == nil, source != .constants else { return .text("\(label) tbl=\(tableNumber)") }
        return StepTrace.plainLabels[Int(kind.rawValue)]
    }

    /// By the kind's number: most steps have no table, and share theirs.
    private static let plainLabels: [SQLValue] = (0...Int(StepKind.allCases.map(\.rawValue).max() ?? 0)).map {
        .text(StepKind(rawValue: UInt8($0))?.label ?? "")
    }
}
