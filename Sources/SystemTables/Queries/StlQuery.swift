import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Statements that ran on the compute nodes and have ended. - Source: Redshift developer guide, "STL_QUERY".
    static let stlQuery = SystemView(
        statements: "stl_query",
        [
            StatementField.user, StatementField.queryNumber, StatementField.queryLabel,
            StatementField.transactionNumber,
            StatementField.process,
            Field("database", .char(length: 32)) { .text($0.database, max: 32) },
            Field("querytxt", .char(length: 4_000)) { .text($0.trace.text, max: 4_000) },
            StatementField.start, StatementField.end, StatementField.isAborted,
            Field("insert_pristine", .integer, .int(0)), Field("concurrency_scaling_status", .integer, .int(0)),
        ])
}
