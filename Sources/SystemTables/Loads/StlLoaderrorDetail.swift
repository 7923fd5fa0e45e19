import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Fields of records that COPY refused, up to the one that it could not read.
    /// - Source: Redshift developer guide, "STL_LOADERROR_DETAIL".
    static let stlLoaderrorDetail = SystemView(
        "stl_loaderror_detail",
        [
            .int("userid"), .int("slice"), .int("session"), .int("query"), .char("filename", 256),
            .big("line_number"), .int("field"), .char("colname", 1_024), .char("value", 1_024), .int("is_null"),
            .char("type", 10), .char("col_length", 10),
        ]
    ) { state in
        state.loadErrors.flatMap { error in
            error.fields.enumerated().map { number, field -> [SQLValue] in
                [
                    .int(error.user.rawValue), .int(error.slice), .int(error.session), .clamped(error.query),
                    .text(error.file, max: 256), .int(error.line), .int(number), .text(field.column, max: 1_024),
                    .text(field.value, max: 1_024), .bit(field.isNull), .text(field.type, max: 10),
                    .text(field.columnLength, max: 10),
                ]
            }
        }
    }
}
