package import SQLTypes

/// Where operators put what they have no memory for: bytes in, a ticket out, the same bytes back. One for each query and
/// node, used by all of its slices. What it holds is gone with it, and with the process.
package protocol SpillStore: Sendable {
    /// - Throws: `diskFull`, `ioError`.
    func write(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> SpillTicket
    /// `target` has the ticket's size. - Throws: `dataCorrupted` if these are not the bytes that were written.
    func read(_ ticket: SpillTicket, into target: UnsafeMutableRawBufferPointer) throws(SQLError)
    /// Nobody will read it again.
    func free(_ ticket: SpillTicket)
}

/// Finds bytes in a spill store again. Kept in memory, so that nothing in the file has to be trusted.
package struct SpillTicket: Hashable, Sendable {
    package let offset: Int64
    package let byteCount: Int
    package let checksum: UInt32

    package init(offset: Int64, byteCount: Int, checksum: UInt32) {
        self.offset = offset
        self.byteCount = byteCount
        self.checksum = checksum
    }
}

/// What an operator that can spill works with: where to, how much it holds, and how to learn that the query is over.
/// Belongs to one task; an operator's parts (the aggregations of its partitions, say) share it.
package final class SpillWorkspace {
    package let account: MemoryAccount
    private let store: (any SpillStore)?
    let checkpoint: () throws(SQLError) -> Void
    /// So many rows (or groups) an operator holds however little memory there is: writing fewer at a time is no use.
    let rowsMinimum: Int
    private lazy var encoder = SpillEncoder()
    private var parts: [SpillWorkspace] = []
    private var ownSpilledBytes: Int64 = 0
    /// Bytes written so far; what is written twice counts twice.
    package var spilledBytes: Int64 { parts.reduce(ownSpilledBytes) { $0 + $1.spilledBytes } }

    /// - Parameters:
    ///   - store: nil: there is nowhere to spill to, and memory that is refused ends the query.
    ///   - checkpoint: throws if the query is over.
    package init(
        account: MemoryAccount, store: (any SpillStore)?, rowsMinimum: Int = 2 * Batch.targetRows,
        checkpoint: @escaping () throws(SQLError) -> Void
    ) {
        self.rowsMinimum = rowsMinimum
        self.account = account
        self.store = store
        self.checkpoint = checkpoint
    }

    /// Unlimited memory, nowhere to spill to.
    package convenience init() {
        self.init(account: MemoryAccount(UnlimitedMemory()), store: nil) { () throws(SQLError) in }
    }

    /// For a part of an operator that lives beside others: counted apart, out of the same share.
    func part() -> SpillWorkspace {
        let part = SpillWorkspace(
            account: account.part(), store: store, rowsMinimum: rowsMinimum, checkpoint: checkpoint)
        parts.append(part)
        return part
    }

    func writer() throws(SQLError) -> SpillRunWriter {
        guard let store else {
            throw SQLError(
                .outOfMemory, "out of memory",
                detail: "The query holds \(account.bytes) bytes here, may hold no more, and has nowhere to spill to.")
        }
        return SpillRunWriter(store, encoder: encoder) { self.ownSpilledBytes += Int64($0) }
    }
}
