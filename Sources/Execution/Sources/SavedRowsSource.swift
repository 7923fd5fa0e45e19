import SQLTypes
import VectorEngine

/// Hands out rows that earlier streams saved on this slice, table after table.
final class SavedRowsSource: BatchSource {
    private var readers: [SavedRowsReader]
    private var position = 0

    init(_ tables: [SavedRows]) { readers = tables.map { SavedRowsReader($0) } }

    func next() throws(SQLError) -> SourceResult {
        while position < readers.count {
            if let batch = try readers[position].next() { return .batch(batch) }
            position += 1
        }
        return .ended
    }

    func close() { readers = [] }
}
