import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Steps that compute expressions.
    /// - Source: Redshift developer guide, "STL_PROJECT".
    static let stlProject = SystemView(
        steps: "stl_project",
        StepField.common + [
            StepField.checksum
        ]
    ) { $0.kind == .project }
}
