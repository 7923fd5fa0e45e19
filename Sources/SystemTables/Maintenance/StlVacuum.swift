import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Beginnings and ends of VACUUM, one table each. - Source: Redshift developer guide, "STL_VACUUM".
    static let stlVacuum = SystemView(
        "stl_vacuum",
        [
            .int("userid"), .big("xid"), .int("table_id"), .char("status", 30), .big("rows"), .int("sortedrows"),
            .int("blocks"), .int("max_merge_partitions"), .time("eventtime"), .big("reclaimable_rows"),
            .big("reclaimable_space_mb"), .big("cutoff_xid"), .int("is_recluster"),
        ]
    ) { state in
        state.events().vacuums.filter { $0.phase != .failed }.map { vacuum in
            [
                vacuum.source.userValue, .int(vacuum.source.transaction), .int(vacuum.table.rawValue),
                .text(vacuum.status, max: 30), .int(vacuum.rows), .clamped(vacuum.sortedRows),
                .clamped(vacuum.blocks), .clamped(vacuum.sortPartitions), .timestamp(vacuum.time),
                .int(vacuum.deletedRows), .int(vacuum.reclaimableBytes >> 20), .int(vacuum.cutoff),
                .bit(vacuum.kind == .recluster),
            ]
        }
    }
}
