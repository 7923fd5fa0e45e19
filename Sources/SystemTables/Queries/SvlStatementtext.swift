import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// All three together. - Source: Redshift developer guide, "SVL_STATEMENTTEXT".
    static let svlStatementtext = SystemView(log: "svl_statementtext", TextField.all) { scan, add in
        for query in scan.statements where (query.usesNodes || !query.summary.queryType.isQuery) && !query.isListing {
            TextPiece.each(of: query.summary, add)
        }
    }
}
