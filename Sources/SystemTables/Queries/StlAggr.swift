import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Aggregate steps. A slot is a place for a group.
    /// - Source: Redshift developer guide, "STL_AGGR".
    static let stlAggr = SystemView(
        steps: "stl_aggr",
        StepField.common + [
            StepField.bytes,
            StepField.slots,
            StepField.occupied,
            StepField.longestSlot,
            StepField.table,
            StepField.isDiskBased,
            StepField.workMemory,
            StepField.aggregateType,
            StepField.resizes,
            StepField.flushable,
        ]
    ) { $0.kind == .aggr }
}
