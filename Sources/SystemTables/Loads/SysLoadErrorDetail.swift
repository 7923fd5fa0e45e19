import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Records that COPY refused. - Source: Redshift developer guide, "SYS_LOAD_ERROR_DETAIL".
    static let sysLoadErrorDetail = SystemView(
        "sys_load_error_detail",
        [
            .int("user_id"), .big("query_id"), .big("transaction_id"), .int("session_id"),
            .char("database_name", 64), .int("table_id"), .time("start_time"), .char("file_name", 256),
            .big("line_number"), .char("column_name", 127), .char("column_type", 10), .char("column_length", 10),
            .int("position"), .int("error_code"), .char("error_message", 512),
        ]
    ) { state in
        // The COPY that a record belongs to knows its transaction and database.
        let sources = Dictionary(
            state.events().loads.map { ($0.source.query, $0.source) }, uniquingKeysWith: { _, last in last })
        return state.loadErrors.map { error in
            let source = sources[error.query]
            return [
                .int(error.user.rawValue), .int(error.query), .int(source?.transaction ?? 0), .int(error.session),
                .text(source?.database ?? state.database, max: 64), .int(error.table.rawValue),
                .timestamp(error.startTime), .text(error.file, max: 256), .int(error.line),
                .text(error.column, max: 127), .text(error.type, max: 10), .text(error.columnLength, max: 10),
                .int(error.position), .int(error.code), .text(error.reason, max: 512),
            ]
        }
    }
}
