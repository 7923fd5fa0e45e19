import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Sort steps.
    /// - Source: Redshift developer guide, "STL_SORT".
    static let stlSort = SystemView(
        steps: "stl_sort",
        StepField.common + [
            StepField.bytes,
            StepField.table,
            StepField.isDiskBased,
            StepField.workMemory,
            StepField.checksum,
        ]
    ) { $0.kind == .sort }
}
