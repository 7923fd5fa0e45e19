import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Nested loop steps; `tbl` is the saved inner side.
    /// - Source: Redshift developer guide, "STL_NESTLOOP".
    static let stlNestloop = SystemView(
        steps: "stl_nestloop",
        StepField.common + [
            StepField.table,
            StepField.checksum,
        ]
    ) { $0.kind == .nestloop }
}
