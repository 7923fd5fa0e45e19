import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Plan lines of finished queries. - Source: Redshift developer guide, "SYS_QUERY_EXPLAIN".
    static let sysQueryExplain = SystemView(log: "sys_query_explain", PlanField.monitoring) { scan, add in
        for query in scan.queries { PlanRow.each(of: LoggedSteps(query, .plan), add) }
    }
}
