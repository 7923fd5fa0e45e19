import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The whole text of queries, in pieces. - Source: Redshift developer guide, "STL_QUERYTEXT".
    static let stlQuerytext = SystemView(log: "stl_querytext", TextField.query) { scan, add in
        for query in scan.queries { TextPiece.each(of: query.summary, add) }
    }
}
