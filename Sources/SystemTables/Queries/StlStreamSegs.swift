import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Which segments ran together. - Source: Redshift developer guide, "STL_STREAM_SEGS".
    static let stlStreamSegs = SystemView(log: "stl_stream_segs", SegmentRow.streams) { scan, add in
        for query in scan.queries { SegmentRow.each(of: LoggedSteps(query, .run), add) }
    }
}
