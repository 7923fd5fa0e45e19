import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Rows that were written into tables.
    /// - Source: Redshift developer guide, "STL_INSERT".
    static let stlInsert = SystemView(
        steps: "stl_insert",
        StepField.common + [
            StepField.table,
            Field("inserted_mega_value", .char(length: 1), .text("f")),
        ]
    ) { $0.kind == .insert }
}
