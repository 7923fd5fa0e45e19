import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Errors of the engine itself, not of SQL. - Source: Redshift developer guide, "STL_ERROR".
    static let stlError = SystemView(
        statements: "stl_error",
        [
            StatementField.user, Field("process", .char(length: 12), .text("padbmaster")),
            Field("recordtime", .timestamp) { .timestamp($0.endTime) }, StatementField.process,
            Field("errcode", .integer, .int(0)), Field("file", .char(length: 90), .text("")),
            Field("linenum", .integer, .int(0)),
            Field("context", .char(length: 100)) { .text($0.error?.detail ?? "", max: 100) },
            Field("error", .char(length: 512)) { .text($0.error?.message ?? "", max: 512) },
        ]
    ) { $0.error?.state == .internalError }
}
