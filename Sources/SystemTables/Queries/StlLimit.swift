import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Limit steps.
    /// - Source: Redshift developer guide, "STL_LIMIT".
    static let stlLimit = SystemView(
        steps: "stl_limit",
        StepField.common + [
            StepField.checksum
        ]
    ) { $0.kind == .limit }
}
