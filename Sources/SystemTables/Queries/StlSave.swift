import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that were saved for a later stream.
    /// - Source: Redshift developer guide, "STL_SAVE".
    static let stlSave = SystemView(
        steps: "stl_save",
        StepField.common + [
            StepField.bytes,
            StepField.table,
            StepField.isDiskBased,
            StepField.workMemory,
        ]
    ) { $0.kind == .save }
}
