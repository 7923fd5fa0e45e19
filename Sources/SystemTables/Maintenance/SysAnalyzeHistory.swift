import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_ANALYZE_HISTORY"; the schema's name is in its sample only.
    static let sysAnalyzeHistory = SystemView(
        "sys_analyze_history",
        [
            .int("user_id"), .big("transaction_id"), .char("database_name", 30), .char("schema_name", 128),
            .char("table_name", 128), .int("table_id"), .char("is_automatic", 1), .char("status", 15),
            .time("start_time"), .time("end_time"), Column("rows", .double), Column("modified_rows", .double),
            .int("analyze_threshold_percent"), .time("last_analyze_time"),
        ]
    ) { state in
        state.events().analyzes.map { analyze in
            [
                analyze.source.userValue, .int(analyze.source.transaction), .text(analyze.source.database, max: 30),
                .text(analyze.schemaName, max: 128), .text(analyze.tableName, max: 128),
                .int(analyze.table.rawValue), .flag(analyze.isAutomatic), .text(analyze.status, max: 15),
                .timestamp(analyze.startTime), .timestamp(analyze.endTime), .double(analyze.rows),
                .double(analyze.modifiedRows), .clamped(analyze.thresholdPercent),
                .timestamp(analyze.previousTime),
            ]
        }
    }
}
