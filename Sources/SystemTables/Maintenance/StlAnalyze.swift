import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Tables that were analyzed, by the statement or by a load. - Source: Redshift developer guide, "STL_ANALYZE".
    static let stlAnalyze = SystemView(
        "stl_analyze",
        [
            .int("userid"), .big("xid"), .char("database", 30), .int("table_id"), .char("status", 15),
            Column("rows", .double), Column("modified_rows", .double), .int("threshold_percent"),
            .char("is_auto", 1), .time("starttime"), .time("endtime"), .time("prevtime"),
            .int("num_predicate_cols"), .int("num_new_predicate_cols"), .char("is_background", 1),
            .char("auto_analyze_phase", 100), .char("schema_name", 128), .char("table_name", 136),
        ]
    ) { state in
        state.events().analyzes.map { analyze in
            let columns = analyze.status == "Full" ? 0 : analyze.columnCount
            return [
                analyze.source.userValue, .int(analyze.source.transaction), .text(analyze.source.database, max: 30),
                .int(analyze.table.rawValue), .text(analyze.status, max: 15), .double(analyze.rows),
                .double(analyze.modifiedRows), .clamped(analyze.thresholdPercent), .flag(analyze.isAutomatic),
                .timestamp(analyze.startTime), .timestamp(analyze.endTime), .timestamp(analyze.previousTime),
                .clamped(columns), .int(0), .flag(false), .text(""), .text(analyze.schemaName, max: 128),
                .text(analyze.tableName, max: 136),
            ]
        }
    }
}
