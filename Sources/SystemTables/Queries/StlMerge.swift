import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The leader puts sorted streams of the slices together.
    /// - Source: Redshift developer guide, "STL_MERGE".
    static let stlMerge = SystemView(
        steps: "stl_merge",
        StepField.common
    ) { $0.kind == .merge }
}
