import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Of all that is neither a query nor a definition. - Source: Redshift developer guide, "STL_UTILITYTEXT".
    static let stlUtilitytext = SystemView(log: "stl_utilitytext", TextField.statement) { scan, add in
        for query in scan.statements where query.summary.queryType == .utility && !query.usesNodes && !query.isListing {
            TextPiece.each(of: query.summary, add)
        }
    }
}
