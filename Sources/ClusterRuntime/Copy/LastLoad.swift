import Catalog
import QueryPlan

/// How the files of a table's last COPY were dealt to the slices, as the log of loads has it: also that of another process.
struct LastLoad: Sendable {
    /// By slice; a part of a file counts as one.
    var filesPerSlice: [Int]

    /// nil: the log knows of no COPY that went well.
    init?(of table: TableID, in history: EventHistory, slices: Int) {
        guard let load = history.loads.last(where: { $0.table == table && $0.isCompleted }) else { return nil }
        filesPerSlice = Array(repeating: 0, count: slices)
        for file in history.loadedFiles where file.source.query == load.source.query {
            if filesPerSlice.indices.contains(file.slice) { filesPerSlice[file.slice] += 1 }
        }
    }
}
