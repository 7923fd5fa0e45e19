import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Window function steps.
    /// - Source: Redshift developer guide, "STL_WINDOW".
    static let stlWindow = SystemView(
        steps: "stl_window",
        StepField.common + [
            StepField.isDiskBased,
            StepField.workMemory,
        ]
    ) { $0.kind == .window }
}
