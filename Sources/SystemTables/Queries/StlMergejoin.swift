import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Merge join steps; `tbl` is the saved inner side.
    /// - Source: Redshift developer guide, "STL_MERGEJOIN".
    static let stlMergejoin = SystemView(
        steps: "stl_mergejoin",
        StepField.common + [
            StepField.table,
            StepField.checksum,
        ]
    ) { $0.kind == .mergejoin }
}
