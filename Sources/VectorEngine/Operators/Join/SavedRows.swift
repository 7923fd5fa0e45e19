/// Rows that one slice kept for a later stream: the part of a hash table, or what a nested loop reads. Immutable.
package struct SavedRows: Sendable {
    /// Who made them; parts are joined in this order, so that results do not depend on who was first.
    package let slice: Int
    package let batches: [Batch]
    /// Rows that were kept on disk, and come before the batches.
    package let runs: [SpillRun]
    package let rowCount: Int
    /// What counts the memory of the batches, as long as these live.
    private let accounts: [MemoryAccount]

    package init(slice: Int, batches: [Batch], runs: [SpillRun] = [], accounts: [MemoryAccount] = []) {
        self.slice = slice
        self.batches = batches
        self.runs = runs
        self.accounts = accounts
        rowCount = batches.reduce(0) { $0 + $1.count } + runs.reduce(0) { $0 + $1.rowCount }
    }

    /// All parts as one, in their order but for what is on disk, which comes first.
    package static func joined(_ parts: [SavedRows]) -> SavedRows {
        SavedRows(
            slice: parts.first?.slice ?? 0, batches: parts.flatMap(\.batches), runs: parts.flatMap(\.runs),
            accounts: parts.flatMap(\.accounts))
    }
}
