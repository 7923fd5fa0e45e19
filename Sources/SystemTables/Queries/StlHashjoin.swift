import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Hash join steps.
    /// - Source: Redshift developer guide, "STL_HASHJOIN".
    static let stlHashjoin = SystemView(
        steps: "stl_hashjoin",
        StepField.common + [
            StepField.table,
            Field("num_parts", .integer) { $0.step.isDiskBased ? .null : .int(0) },
            Field("join_type", .integer) { .int($0.step.joinType) },
            Field("hash_looped", .char(length: 1)) { .flag($0.step.isDiskBased) },
            Field("switched_parts", .char(length: 1), .text("f")),
            Field("used_prefetching", .char(length: 1), .text("f")),
            Field("hash_segment", .integer) { $0.build.map { .int($0.segment) } ?? .null },
            Field("hash_step", .integer) { $0.build.map { .int($0.step) } ?? .null },
            StepField.checksum,
            Field("distribution", .integer, .int(0)),
        ]
    ) { $0.kind == .hashjoin }
}

extension StepTrace {
    /// As the guide numbers them; the opposites of IN and EXISTS are among its internal numbers.
    fileprivate var joinType: Int {
        switch joinKind {
        case .inner, nil: 0
        case .left: 1
        case .full: 2
        case .right: 3
        case .semi, .buildSemi: 5
        case .anti, .nullAwareAnti, .buildAnti: 6
        }
    }
}

extension StepRow {
    /// Where the table that the step probes was built.
    fileprivate var build: StepReference? { step.transientTable.flatMap { query.build($0) } }
}
