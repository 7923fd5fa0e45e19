import QueryPlan
import SQLTypes
import VectorEngine

/// Rows of a system table or view, computed when the first is asked for.
final class VirtualScanSource: BatchSource {
    private let scan: VirtualScan
    private let provider: any VirtualTableProvider
    private var rows: [[SQLValue]]?
    private var position = 0

    private let evaluation: EvaluationContext

    init(_ scan: VirtualScan, _ provider: any VirtualTableProvider, _ evaluation: EvaluationContext) {
        self.evaluation = evaluation
        self.scan = scan
        self.provider = provider
    }

    func next() throws(SQLError) -> SourceResult {
        let rows: [[SQLValue]]
        if let known = self.rows {
            rows = known
        } else {
            rows = try provider.rows(of: scan, within: scan.bounds(evaluation))
            self.rows = rows
        }
        guard position < rows.count else {
            self.rows = []
            return .ended
        }
        let end = min(position + Batch.targetRows, rows.count)
        defer { position = end }
        let part = rows[position..<end]
        assert(part.allSatisfy { $0.count == scan.types.count }, "\(scan.name): a row of other columns than asked for")
        let columns = scan.types.enumerated().map { column, type in Vector.of(part.map { $0[column] }, type: type) }
        return .batch(Batch(columns: columns, count: part.count))
    }
}
