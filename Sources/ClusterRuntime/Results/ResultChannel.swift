import Execution
import SQLTypes
import Synchronization
import VectorEngine

/// Rows on their way from the leader's last segment to the client: a bounded buffer. A slow client stops the leader's
/// slice, its mailboxes fill, and the compute slices run out of credit: back-pressure reaches the scans.
///
/// The end of the rows is announced by the query's driver, when every slice has reported, not by the leader's segment:
/// the client must not take rows for complete of which a slice failed to send some.
final class ResultChannel: ResultSink, Sendable {
    /// Buffered bytes at which the producer stops; one batch always fits.
    static let capacityBytes = 4 << 20

    private struct State {
        var batches = Fifo<Batch>()
        var bytes = 0
        var rowCount: Int64 = 0
        var byteCount: Int64 = 0
        /// Set by `finish`; then nothing is added.
        var end: Result<Void, SQLError>?
        var isAbandoned = false
        var isProducerWaiting = false
        var producer: (@Sendable () -> Void)?
        var consumer: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    // MARK: Producer: the leader's slice

    /// How the task that fills the channel is woken.
    func attach(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.producer = wake } }

    func consume(_ batch: Batch) throws(SQLError) -> SinkResult {
        let bytes = batch.wireByteCount
        let (result, consumer) = state.withLock { state -> (SinkResult, CheckedContinuation<Void, Never>?) in
            guard !state.isAbandoned else { return (.done, nil) }
            state.batches.append(batch)
            state.bytes += bytes
            state.rowCount += Int64(batch.count)
            state.byteCount += Int64(bytes)
            let consumer = state.consumer
            state.consumer = nil
            state.isProducerWaiting = state.bytes >= ResultChannel.capacityBytes
            return (state.isProducerWaiting ? .blocked : .wantsMore, consumer)
        }
        consumer?.resume()
        return result
    }

    /// The producer has been told to stop and has not been woken since.
    var isFull: Bool { state.withLock { $0.isProducerWaiting } }

    func inputEnded() throws(SQLError) {}

    /// The client wants no more rows: what ends the query then is no failure.
    var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    // MARK: The query's driver

    /// All rows are in, or the query has failed.
    func finish(_ end: Result<Void, SQLError>) {
        let consumer = state.withLock { state in
            if state.end == nil { state.end = end }
            state.producer = nil
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume()
    }

    /// Rows that were put in so far.
    var rowCount: Int64 { state.withLock { $0.rowCount } }

    /// Their bytes, about as many as they take on the wire.
    var byteCount: Int64 { state.withLock { $0.byteCount } }

    /// Nothing will come any more, and nothing is left.
    var isExhausted: Bool { state.withLock { $0.end != nil && $0.batches.isEmpty } }

    /// How the rows end; nil: more may come. An abandoned result has no rows to be taken for complete.
    var ended: Result<Void, SQLError>? {
        state.withLock { $0.isAbandoned ? .failure(.resultIsGone) : $0.end }
    }

    // MARK: Consumer: one at a time

    /// The next rows; nil after the last.
    func next() async throws(SQLError) -> Batch? {
        while true {
            switch take() {
            case .batch(let batch): return batch
            case .ended: return nil
            case .failed(let error): throw error
            case .wait: await waitForRows()
            }
        }
    }

    /// All rows of a producer that has ended.
    func takeAll() -> [Batch] {
        state.withLock { state in
            var batches: [Batch] = []
            while let batch = state.batches.popFirst() { batches.append(batch) }
            state.bytes = 0
            return batches
        }
    }

    /// The client wants no more rows: those that are here go, others are refused.
    func abandon() {
        let producer = state.withLock { state in
            state.isAbandoned = true
            while state.batches.popFirst() != nil {}
            state.bytes = 0
            state.isProducerWaiting = false
            return state.producer
        }
        producer?()
    }

    private enum Taken { case batch(Batch), ended, failed(SQLError), wait }

    private func take() -> Taken {
        let (taken, producer) = state.withLock { state -> (Taken, (@Sendable () -> Void)?) in
            if state.isAbandoned { return (.failed(.resultIsGone), nil) }
            if case .failure(let error) = state.end { return (.failed(error), nil) }
            guard let batch = state.batches.popFirst() else { return (state.end == nil ? .wait : .ended, nil) }
            state.bytes -= batch.wireByteCount
            let mayGoOn = state.isProducerWaiting && state.bytes < ResultChannel.capacityBytes / 2
            if mayGoOn { state.isProducerWaiting = false }
            return (.batch(batch), mayGoOn ? state.producer : nil)
        }
        producer?()
        return taken
    }

    private func waitForRows() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                assert(state.consumer == nil, "two readers of one result")
                if !state.batches.isEmpty || state.end != nil { return true }
                state.consumer = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

extension SQLError {
    /// Who reads on has not noticed what has ended the result.
    fileprivate static let resultIsGone = SQLError(
        .invalidCursorName, "the rows of this query are gone",
        detail: "Another statement of its session, or the end of its transaction, has ended it.")
}
