import SQLTypes
import VectorEngine

/// Hands out rows that earlier streams saved on this slice, table after table.
final class SavedRowsSource: BatchSource {
    private var tables: [SavedRows]
    /// The next one, what of it is on disk, and the next batch of the rest.
    private var table = 0
    private var spilled: SpillRunSource?
    private var position = 0

    init(_ tables: [SavedRows]) { self.tables = tables }

    func next() throws(SQLError) -> SourceResult {
        while table < tables.count {
            let rows = tables[table]
            let spilled = self.spilled ?? SpillRunSource(rows.runs)
            self.spilled = spilled
            if case .batch(let batch) = try spilled.next() { return .batch(batch) }
            if position < rows.batches.count {
                defer { position += 1 }
                return .batch(rows.batches[position])
            }
            table += 1
            position = 0
            self.spilled = nil
        }
        return .ended
    }

    func close() { tables = [] }
}
