/// Whether removing duplicates before rows are sent pays: it does not where nearly every row is a group of its own, which
/// the aggregation that follows finds out all the same.
///
/// Some rows are grouped; if there were hardly any duplicates among them, so many of the next ones pass ungrouped, and
/// then the question is asked again.
struct DuplicateRate {
    static let sampleRows = 4 * Batch.targetRows
    static let passingRows = 64 * Batch.targetRows

    private var sampled = 0
    private var left = 0

    /// True: the next rows need not be grouped.
    mutating func passes(_ rows: Int) -> Bool {
        guard left > 0 else { return false }
        left -= rows
        return true
    }

    /// True, once for each sample: of the rows grouped since the last time fewer than a sixteenth were duplicates. Whoever
    /// asks begins with an empty table then.
    /// - Parameter groups: of the table.
    mutating func isPointless(after rows: Int, groups: Int) -> Bool {
        guard sampled < DuplicateRate.sampleRows else { return false }
        sampled += rows
        guard sampled >= DuplicateRate.sampleRows, groups > sampled - sampled / 16 else { return false }
        sampled = 0
        left = DuplicateRate.passingRows
        return true
    }
}
