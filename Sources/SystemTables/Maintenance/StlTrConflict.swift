import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Transactions that error 1023 has ended. - Source: Redshift developer guide, "STL_TR_CONFLICT".
    static let stlTrConflict = SystemView(
        "stl_tr_conflict",
        [
            .big("xact_id"), .big("process_id"), .time("xact_start_ts"), .time("abort_time"), .big("table_id"),
        ]
    ) { state in
        state.events().conflicts.map { conflict in
            [
                .int(conflict.source.transaction), .int(conflict.source.session), .timestamp(conflict.startTime),
                .timestamp(conflict.time), .int(conflict.table.rawValue),
            ]
        }
    }
}
