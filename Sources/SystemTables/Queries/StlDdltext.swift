import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Of definitions: CREATE, ALTER and DROP of schemas, tables and views.
    /// - Source: Redshift developer guide, "STL_DDLTEXT".
    static let stlDdltext = SystemView(log: "stl_ddltext", TextField.statement) { scan, add in
        for query in scan.statements where query.summary.queryType == .ddl && !query.usesNodes {
            TextPiece.each(of: query.summary, add)
        }
    }
}
