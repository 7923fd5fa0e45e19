import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Hash steps: the build sides of hash joins. A slot is a place for a key.
    /// - Source: Redshift developer guide, "STL_HASH".
    static let stlHash = SystemView(
        steps: "stl_hash",
        StepField.common + [
            StepField.bytes,
            StepField.slots,
            StepField.occupied,
            Field("maxlength", .integer) { $0.step.longestSlot },
            StepField.table,
            StepField.isDiskBased,
            StepField.workMemory,
            Field("num_parts", .integer) { $0.step.isDiskBased ? .null : .int(0) },
            Field("est_rows", .bigint) { .int($0.step.estimatedRows) },
            Field("num_blocks_permitted", .integer, .int(0)),
            StepField.resizes,
            StepField.checksum,
            Field("runtime_filter_size", .integer, .int(0)),
            Field("max_runtime_filter_size", .integer, .int(0)),
        ]
    ) { $0.kind == .hash }
}

extension StepTrace {
    /// Rows of the key that has most: known only if each key has one.
    fileprivate var longestSlot: SQLValue {
        rowsIn == 0 ? .int(0) : occupied >= rowsIn ? .int(1) : .null
    }
}
