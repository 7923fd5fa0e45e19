import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that were deleted, by DELETE or UPDATE.
    /// - Source: Redshift developer guide, "STL_DELETE".
    static let stlDelete = SystemView(
        steps: "stl_delete",
        StepField.common + [
            StepField.table
        ]
    ) { $0.kind == .delete }
}
