package import SQLTypes

/// Batches on disk, in the order in which they were written. Immutable; the space is given back when it is let go.
package final class SpillRun: Sendable {
    struct Frame: Sendable {
        var layout: SpillFrame
        /// nil: the batch has no bytes but those of its layout.
        var ticket: SpillTicket?
    }

    let frames: [Frame]
    package let rowCount: Int
    /// What all rows would take in memory, and the largest batch of them.
    package let memoryBytes: Int
    let largestFrameBytes: Int
    private let store: any SpillStore

    init(_ frames: [Frame], in store: any SpillStore) {
        self.frames = frames
        self.store = store
        rowCount = frames.reduce(0) { $0 + $1.layout.count }
        memoryBytes = frames.reduce(0) { $0 + $1.layout.memoryBytes }
        largestFrameBytes = frames.reduce(0) { Swift.max($0, $1.layout.memoryBytes) }
    }

    deinit { for frame in frames { frame.ticket.map { store.free($0) } } }

    func read(_ index: Int) throws(SQLError) -> Batch {
        let frame = frames[index]
        guard let ticket = frame.ticket else { return frame.layout.batch(Buffer(count: 0, of: UInt8.self) { _ in }) }
        let bytes = try Buffer(count: ticket.byteCount, of: UInt8.self) { (target) throws(SQLError) in
            try store.read(ticket, into: UnsafeMutableRawBufferPointer(target))
        }
        return frame.layout.batch(bytes)
    }
}

/// Collects rows to frames of about `Batch.targetRows` and writes them. Belongs to one task.
final class SpillRunWriter {
    private let store: any SpillStore
    private let onWrite: (Int) -> Void
    private var frames: [SpillRun.Frame] = []
    private var waiting: [Batch] = []
    private var waitingRows = 0
    private let encoder: SpillEncoder
    private var hasFinished = false

    /// - Parameters:
    ///   - encoder: scratch memory; writers of one task may share it.
    ///   - onWrite: is told how many bytes have gone to disk.
    init(_ store: any SpillStore, encoder: SpillEncoder, onWrite: @escaping (Int) -> Void) {
        self.store = store
        self.encoder = encoder
        self.onWrite = onWrite
    }

    deinit { if !hasFinished { for frame in frames { frame.ticket.map { store.free($0) } } } }

    func append(_ batch: Batch) throws(SQLError) {
        var start = 0
        while start < batch.count {
            let end = Swift.min(start + Batch.targetRows - waitingRows, batch.count)
            // A wide type may come narrow in some batches: those are not joined to others.
            if let last = waiting.last, !zip(last.columns, batch.columns).allSatisfy({ $0.kind == $1.kind }) {
                try flush()
                continue
            }
            waiting.append(end - start == batch.count ? batch : batch.slice(start..<end))
            waitingRows += end - start
            start = end
            if waitingRows == Batch.targetRows { try flush() }
        }
    }

    /// Writes what has been collected, however little it is.
    func flush() throws(SQLError) {
        guard waitingRows > 0 else { return }
        let batch = Batch.concatenated(waiting, kinds: waiting[0].columns.map(\.kind))
        waiting.removeAll(keepingCapacity: true)
        waitingRows = 0
        let layout = encoder.encode(batch)
        var ticket: SpillTicket?
        if encoder.bytes.count > 0 {
            let bytes = UnsafeRawBufferPointer(start: encoder.bytes.pointer, count: encoder.bytes.count)
            ticket = try store.write(bytes)
            onWrite(bytes.count)
        }
        frames.append(SpillRun.Frame(layout: layout, ticket: ticket))
    }

    func finish() throws(SQLError) -> SpillRun {
        try flush()
        hasFinished = true
        return SpillRun(frames, in: store)
    }
}

/// The rows of some runs, one run after the other. Belongs to one task.
package final class SpillRunSource: BatchSource {
    private var runs: [SpillRun]
    private var run = 0
    private var frame = 0

    package init(_ runs: [SpillRun]) { self.runs = runs }

    package func next() throws(SQLError) -> SourceResult { try nextBatch().map { .batch($0) } ?? .ended }

    /// nil: all are read.
    func nextBatch() throws(SQLError) -> Batch? {
        while run < runs.count {
            if frame < runs[run].frames.count {
                defer { frame += 1 }
                return try runs[run].read(frame)
            }
            run += 1
            frame = 0
        }
        return nil
    }

    package func close() { runs = [] }
}
