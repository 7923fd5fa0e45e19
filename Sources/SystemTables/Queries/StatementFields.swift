import Catalog
import QueryPlan
import SQLTypes

/// Columns that views of statements have in common.
enum StatementField {
    static let user = Field<QueryRecord>("userid", .integer) { .int($0.userID.rawValue) }
    static let queryNumber = Field<QueryRecord>("query", .integer) { .int($0.number) }
    static let queryLabel = Field<QueryRecord>("label", .char(length: 320)) { .text($0.label, max: 320) }
    static let transactionNumber = Field<QueryRecord>("xid", .bigint) { .int($0.transaction) }
    static let process = Field<QueryRecord>("pid", .integer) { .int($0.session) }
    static let start = Field<QueryRecord>("starttime", .timestamp) { .timestamp($0.startTime) }
    static let end = Field<QueryRecord>("endtime", .timestamp) { .timestamp($0.endTime) }
    /// 1: stopped by the system or cancelled by the user.
    static let isAborted = Field<QueryRecord>("aborted", .integer) { .int($0.error == nil ? 0 : 1) }
}
