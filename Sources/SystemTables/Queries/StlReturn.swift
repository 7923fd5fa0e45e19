import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that the slices sent to the leader.
    /// - Source: Redshift developer guide, "STL_RETURN".
    static let stlReturn = SystemView(
        steps: "stl_return",
        StepField.common + [
            StepField.bytes,
            StepField.packets,
            StepField.checksum,
        ]
    ) { $0.kind == .return }
}
