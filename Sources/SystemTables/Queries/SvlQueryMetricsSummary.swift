import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The same of whole queries. - Source: Redshift developer guide, "SVL_QUERY_METRICS_SUMMARY".
    static let svlQueryMetricsSummary = SystemView(log: "svl_query_metrics_summary", MetricsRow.summary) { scan, add in
        let names = scan.queueNames
        for query in scan.queries {
            let steps = LoggedSteps(query, .run)
            add(MetricsRow(steps, names, .query, steps.record.trace.slices[...]))
        }
    }
}
