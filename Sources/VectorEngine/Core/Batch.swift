/// What flows between steps: some columns of the same `count` rows, about `Batch.targetRows` of them.
package struct Batch: Sendable {
    /// Rows that operators aim at. - Source: Boncz, Zukowski, Nes, "MonetDB/X100", CIDR 2005: as many as stay in cache.
    package static let targetRows = 2_048

    package var columns: [Vector]
    /// Kept apart from the columns: a batch may have none (`count(*)`).
    package var count: Int

    package init(columns: [Vector], count: Int) {
        assert(columns.allSatisfy { $0.count == count }, "columns of unequal length")
        self.columns = columns
        self.count = count
    }

    /// What an operator hands out that is still at work, but has looked at enough rows for nothing: nobody takes it, and the
    /// driver gets to see the clock and a cancellation.
    package static let stillWorking = Batch(columns: [], count: 0)

    package func slice(_ range: Range<Int>) -> Batch {
        Batch(columns: columns.map { $0.slice(range) }, count: range.count)
    }
}
