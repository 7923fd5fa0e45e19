import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// The whole text of queries, in pieces. - Source: Redshift developer guide, "STL_QUERYTEXT".
    static let stlQuerytext = SystemView(log: "stl_querytext", TextField.query) { scan, add in
        for query in scan.queries { TextPiece.each(of: query.summary, add) }
    }

    /// Of definitions: CREATE, ALTER and DROP of schemas, tables and views.
    /// - Source: Redshift developer guide, "STL_DDLTEXT".
    static let stlDdltext = SystemView(log: "stl_ddltext", TextField.statement) { scan, add in
        for query in scan.statements where query.summary.queryType == .ddl && !query.usesNodes {
            TextPiece.each(of: query.summary, add)
        }
    }

    /// Of all that is neither a query nor a definition. - Source: Redshift developer guide, "STL_UTILITYTEXT".
    static let stlUtilitytext = SystemView(log: "stl_utilitytext", TextField.statement) { scan, add in
        for query in scan.statements where query.summary.queryType == .utility && !query.usesNodes && !query.isListing {
            TextPiece.each(of: query.summary, add)
        }
    }

    /// All three together. - Source: Redshift developer guide, "SVL_STATEMENTTEXT".
    static let svlStatementtext = SystemView(log: "svl_statementtext", TextField.all) { scan, add in
        for query in scan.statements where (query.usesNodes || !query.summary.queryType.isQuery) && !query.isListing {
            TextPiece.each(of: query.summary, add)
        }
    }

    /// Of all statements, those that never leave the leader among them.
    /// - Source: Redshift developer guide, "SYS_QUERY_TEXT".
    static let sysQueryText = SystemView(log: "sys_query_text", TextField.monitoring) { scan, add in
        for query in scan.statements where !query.summary.isPart {
            TextPiece.each(of: query.summary, bytes: 4_000, add)
        }
    }
}

extension LoggedQuery {
    /// The plan by which a SHOW statement is answered, which stands in the log by itself.
    fileprivate var isListing: Bool { summary.isPart && !usesNodes }
}

/// A piece of a statement's text.
struct TextPiece {
    let statement: QueryRecord
    /// From 0.
    let number: Int
    let text: SQLValue

    /// Line ends are written as `\n`, as in Redshift, and no character is cut.
    static func each(of statement: QueryRecord, bytes limit: Int = 200, _ body: (TextPiece) -> Void) {
        var piece: [UInt8] = []
        var number = 0
        func hand() {
            body(TextPiece(statement: statement, number: number, text: .string(piece)))
            number += 1
            piece.removeAll(keepingCapacity: true)
        }
        for scalar in statement.trace.text.unicodeScalars {
            let character =
                scalar == "\n" ? Array("\\n".utf8) : Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if piece.count + character.count > limit { hand() }
            piece += character
        }
        if !piece.isEmpty || number == 0 { hand() }
    }
}

/// Columns of views of texts.
enum TextField {
    private static func of(_ field: Field<QueryRecord>) -> Field<TextPiece> { field.of { $0.statement } }
    private static let sequence = Field<TextPiece>("sequence", .integer) { .int($0.number) }
    private static let text = Field<TextPiece>("text", .char(length: 200)) { $0.text }

    static let query: [Field<TextPiece>] = [
        of(StatementField.user), of(StatementField.transactionNumber), of(StatementField.process),
        of(StatementField.queryNumber), sequence, text, Field("user_query_id", .bigint) { .int($0.statement.number) },
        Field("child_query_sequence", .integer, .int(1)), Field("query_uuid", .char(length: 36), .text("")),
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
