import Catalog
import QueryPlan
import SQLTypes

/// Columns of views of texts.
enum TextField {
    static func of(_ field: Field<QueryRecord>) -> Field<TextPiece> { field.of { $0.statement } }
    static let sequence = Field<TextPiece>("sequence", .integer) { .int($0.number) }
    static let text = Field<TextPiece>("text", .char(length: 200)) { $0.text }

    static let query: [Field<TextPiece>] = [
        of(StatementField.user), of(StatementField.transactionNumber), of(StatementField.process),
        of(StatementField.queryNumber), sequence, text, Field("user_query_id", .bigint) { .int($0.statement.number) },
        Field("child_query_sequence", .integer, .int(1)),
        Field("query_uuid", .char(length: 36)) { UniqueName.ofQuery($0.statement.number) },
    ]

    static let statement: [Field<TextPiece>] = [
        of(StatementField.user), of(StatementField.transactionNumber), of(StatementField.process),
        of(StatementField.queryLabel), of(StatementField.start), of(StatementField.end), sequence, text,
    ]

    static let all: [Field<TextPiece>] = [
        of(StatementField.user), of(StatementField.transactionNumber), of(StatementField.process),
        of(StatementField.queryLabel), of(StatementField.start), of(StatementField.end), sequence,
        Field("type", .varchar(length: 10)) {
            .text($0.statement.usesNodes ? "QUERY" : $0.statement.queryType.name)
        }, text,
    ]

    static let monitoring: [Field<TextPiece>] = [
        Field("user_id", .integer) { .int($0.statement.userID.rawValue) },
        Field("query_id", .bigint) { .int($0.statement.number) },
        Field("transaction_id", .bigint) { .int($0.statement.transaction) },
        Field("session_id", .integer) { .int($0.statement.session) },
        Field("start_time", .timestamp) { .timestamp($0.statement.startTime) }, sequence,
        Field("text", .char(length: 4_000)) { $0.text },
    ]
}
