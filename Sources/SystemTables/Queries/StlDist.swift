import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that went to the slices which their keys, or their turn, said.
    /// - Source: Redshift developer guide, "STL_DIST".
    static let stlDist = SystemView(
        steps: "stl_dist",
        StepField.common + [
            StepField.bytes,
            StepField.packets,
        ]
    ) { $0.kind == .dist }
}
