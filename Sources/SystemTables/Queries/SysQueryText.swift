import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Of all statements, those that never leave the leader among them.
    /// - Source: Redshift developer guide, "SYS_QUERY_TEXT".
    static let sysQueryText = SystemView(log: "sys_query_text", TextField.monitoring) { scan, add in
        for query in scan.statements where !query.summary.isPart {
            TextPiece.each(of: query.summary, bytes: 4_000, add)
        }
    }
}
