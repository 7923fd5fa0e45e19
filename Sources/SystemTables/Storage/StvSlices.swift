import Catalog
import SQLTypes

extension SystemView {
    /// Which node each slice is on. - Source: Redshift developer guide, "STV_SLICES".
    static let stvSlices = SystemView(
        "stv_slices",
        [
            Column("node", .integer), Column("slice", .integer), Column("localslice", .integer),
            Column("type", .char(length: 1)),
        ]
    ) { state in
        (0..<state.shape.slices).map { slice in
            let node = state.shape.node(ofSlice: slice)
            return [.int(node), .int(slice), .int(slice - state.shape.slices(ofNode: node).lowerBound), .text("D")]
        }
    }
}
