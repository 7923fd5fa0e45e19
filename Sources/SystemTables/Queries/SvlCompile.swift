import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// How long the slices took to make programs of each segment; every run makes its own.
    /// - Source: Redshift developer guide, "SVL_COMPILE".
    static let svlCompile = SystemView(log: "svl_compile", SegmentRow.compilation) { scan, add in
        for query in scan.queries { SegmentRow.each(of: LoggedSteps(query, .run), add) }
    }
}
