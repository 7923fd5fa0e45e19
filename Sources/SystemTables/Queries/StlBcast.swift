import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that went to all nodes.
    /// - Source: Redshift developer guide, "STL_BCAST".
    static let stlBcast = SystemView(
        steps: "stl_bcast",
        StepField.common + [
            StepField.bytes,
            StepField.packets,
        ]
    ) { $0.kind == .bcast }
}
