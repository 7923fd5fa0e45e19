import Catalog
import SQLTypes

extension SystemView {
    /// Records that COPY refused. - Source: Redshift developer guide, "STL_LOAD_ERRORS".
    static let stlLoadErrors = SystemView(
        "stl_load_errors",
        [
            Column("userid", .integer), Column("slice", .integer), Column("tbl", .integer),
            Column("starttime", .timestamp),
            Column("session", .integer), Column("query", .integer), Column("filename", .char(length: 256)),
            Column("line_number", .bigint), Column("colname", .char(length: 127)), Column("type", .char(length: 10)),
            Column("col_length", .char(length: 10)), Column("position", .integer),
            Column("raw_line", .char(length: 1_024)),
            Column("raw_field_value", .char(length: 1_024)), Column("err_code", .integer),
            Column("err_reason", .char(length: 100)), Column("is_partial", .integer), Column("start_offset", .bigint),
            Column("copy_job_id", .bigint),
        ]
    ) { state in
        state.loadErrors.map { error -> [SQLValue] in
            [
                .int(error.user.rawValue), .int(error.slice), .int(error.table.rawValue), .timestamp(error.startTime),
                .int(error.session),
                .int(error.query), .text(error.file, max: 256), .int(error.line), .text(error.column, max: 127),
                .text(error.type, max: 10), .text(error.columnLength, max: 10), .int(error.position),
                .text(error.rawLine, max: 1_024), .text(error.rawValue, max: 1_024), .int(error.code),
                .text(error.reason, max: 100), .bit(error.isPartial), .int(error.startOffset), .int(0),
            ]
        }
    }
}
