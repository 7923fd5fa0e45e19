import Catalog
import QueryPlan
import SQLTypes

extension SystemView {
    /// Lines in which COPY put another character in the place of one that is not UTF-8: the first hundred of a slice and load.
    /// - Source: Redshift developer guide, "STL_REPLACEMENTS".
    static let stlReplacements = SystemView(
        "stl_replacements",
        [
            .int("userid"), .int("query"), .int("slice"), .int("tbl"), .time("starttime"), .int("session"),
            .char("filename", 256), .big("line_number"), .char("colname", 127), .char("raw_line", 1_024),
        ]
    ) { state in
        state.events().replacements.map { line in
            [
                line.source.userValue, line.source.queryValue, .int(line.slice), .int(line.table.rawValue),
                .timestamp(line.startTime), .int(line.source.session), .text(line.file, max: 256), .int(line.line),
                .text(line.column, max: 127), .text(line.rawLine, max: 1_024),
            ]
        }
    }
}
