import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Queries in short. - Source: Redshift developer guide, "SVL_QLOG".
    static let svlQlog = SystemView(
        statements: "svl_qlog",
        [
            StatementField.user, StatementField.queryNumber, StatementField.transactionNumber, StatementField.process,
            StatementField.start, StatementField.end, Field("elapsed", .bigint) { .int($0.endTime - $0.startTime) },
            StatementField.isAborted, StatementField.queryLabel,
            Field("substring", .char(length: 60)) { .text($0.trace.text, max: 60) },
            Field("source_query", .integer, .null), Field("concurrency_scaling_status_txt", .longText, .text("")),
            Field("from_sp_call", .integer, .null),
        ])
}
