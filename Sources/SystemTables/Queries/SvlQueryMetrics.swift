import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// What monitoring rules look at, by query, segment and step. - Source: Redshift developer guide, "SVL_QUERY_METRICS".
    static let svlQueryMetrics = SystemView(log: "svl_query_metrics", MetricsRow.all) { scan, add in
        let names = scan.queueNames
        for query in scan.queries {
            let steps = LoggedSteps(query, .run)
            add(MetricsRow(steps, names, .query, steps.record.trace.slices[...]))
            SegmentRow.each(of: steps) { segment in
                add(MetricsRow(steps, names, .segment(segment.segment), segment.slices))
                for number in 0..<(segment.slices.first?.steps.count ?? 0) {
                    add(MetricsRow(steps, names, .step(segment.segment, number), segment.slices))
                }
            }
        }
    }
}
