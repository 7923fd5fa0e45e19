import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Scan steps: of tables, of what other slices sent, of saved rows, of files.
    /// - Source: Redshift developer guide, "STL_SCAN".
    static let stlScan = SystemView(
        steps: "stl_scan",
        StepField.common + [
            StepField.bytes,
            Field("fetches", .bigint, .int(0)),
            Field("type", .integer) { .int($0.step.scanType) },
            StepField.table,
            StepField.isRangeRestricted,
            StepField.isDelayed,
            Field("rows_pre_filter", .bigint) { .int($0.step.rowsPreFilter) },
            Field("rows_pre_user_filter", .bigint) { .int($0.step.rowsPreUserFilter) },
            Field("perm_table_name", .char(length: 136)) { .text($0.permanentTable, max: 136) },
            Field("is_rlf_scan", .char(length: 1), .text("f")),
            Field("is_rlf_scan_reason", .integer, .int(0)),
            Field("num_em_blocks", .integer, .int(0)),
            StepField.checksum,
            Field("runtime_filtering", .char(length: 1)) { .flag($0.step.isRuntimeFiltered) },
            Field("scan_region", .integer, .int(0)),
            Field("num_sortkey_as_predicate", .integer, .int(0)),
            Field("row_fetcher_state", .integer, .int(0)),
            Field("consumed_scan_ranges", .bigint, .int(0)),
            Field("work_stealing_reason", .bigint, .int(0)),
            Field("is_vectorized_scan", .char(length: 1), .text("")),
            Field("is_vectorized_scan_reason", .integer, .int(0)),
            Field("row_fetcher_reason", .bigint, .int(0)),
            Field("topology_signature", .bigint, .int(0)),
            Field("use_tpm_partition", .char(length: 1), .text("")),
            Field("is_rrscan_expr", .char(length: 1), .text("")),
            Field("scanned_mega_value", .char(length: 1), .text("")),
        ]
    ) { $0.kind == .scan }
}

extension StepTrace {
    /// As the guide numbers what is scanned.
    fileprivate var scanType: Int {
        switch source {
        case .network: 1
        case .table: 2
        case .files: 21
        case .transient, .constants, .systemView, nil: 3
        }
    }

    /// Keys of later joins kept rows from being read.
    fileprivate var isRuntimeFiltered: Bool { algorithm == "runtime filter" }
}

extension StepRow {
    /// The words for what is no table are those that Redshift's own scripts leave out.
    fileprivate var permanentTable: String {
        if let table = step.table { return query.record.tableNames[table]?.name ?? "" }
        return step.source == .files ? "S3" : "Internal Worktable"
    }
}
