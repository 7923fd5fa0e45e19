import SQLTypes
import VectorEngine

/// Hands out rows that earlier streams saved on this slice, table after table.
final class SavedRowsSource: BatchSource {
    private var batches: [Batch]
    private var position = 0

    init(_ tables: [SavedRows]) { batches = tables.flatMap(\.batches) }

    func next() -> SourceResult {
        guard position < batches.count else { return .ended }
        defer { position += 1 }
        return .batch(batches[position])
    }

    func close() {
        batches = []
        position = 0
    }
}
