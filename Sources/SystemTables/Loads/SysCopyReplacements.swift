import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// - Source: Redshift developer guide, "SYS_COPY_REPLACEMENTS".
    static let sysCopyReplacements = SystemView(
        "sys_copy_replacements",
        [
            .int("user_id"), .big("query_id"), .int("table_id"), .char("file_name", 256), .char("column_name", 127),
            .big("line_number"), .char("raw_line", 1_024),
        ]
    ) { state in
        state.events().replacements.map { line in
            [
                line.source.userValue, .int(line.source.query), .int(line.table.rawValue),
                .text(line.file, max: 256), .text(line.column, max: 127), .int(line.line),
                .text(line.rawLine, max: 1_024),
            ]
        }
    }
}
