import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Steps that leave out rows which come twice: SELECT DISTINCT, UNION.
    /// - Source: Redshift developer guide, "STL_UNIQUE".
    static let stlUnique = SystemView(
        steps: "stl_unique",
        StepField.common + [
            StepField.aggregateType,
            StepField.isDiskBased,
            StepField.slots,
            StepField.workMemory,
            Field("max_buffers_used", .bigint, .int(0)),
            StepField.resizes,
            StepField.occupied,
            StepField.flushable,
            Field("used_unique_prefetching", .char(length: 1), .text("f")),
            StepField.bytes,
        ]
    ) { $0.kind == .unique }
}
