import Catalog
import QueryPlan
package import SQLTypes
import Synchronization
package import VectorEngine

/// A query whose rows are being fetched. Released before its end, it is cancelled.
package final class RunningQuery: Sendable {
    package let number: Int64
    private let channel: ResultChannel
    private let control: QueryControl
    private let timer: StatementTimer?
    /// Runs until no slice works on the query any more, and its trace is kept.
    private let driving: Task<Void, Never>

    init(
        number: Int64, channel: ResultChannel, control: QueryControl, timer: StatementTimer?,
        driving: Task<Void, Never>
    ) {
        self.number = number
        self.channel = channel
        self.control = control
        self.timer = timer
        self.driving = driving
    }

    deinit { stop() }

    /// The next rows; nil after the last. Cancelling the calling task cancels the query.
    package func next() async throws(SQLError) -> Batch? {
        let result = await withTaskCancellationHandler {
            await fetch()
        } onCancel: {
            control.cancel()
        }
        return try result.get()
    }

    private func fetch() async -> Result<Batch?, SQLError> {
        do throws(SQLError) {
            return .success(try await channel.next())
        } catch {
            return .failure(error)
        }
    }

    /// Rows that have come so far, and their bytes.
    var figures: (rows: Int64, bytes: Int64) { (channel.rowCount, channel.byteCount) }

    /// All rows have been fetched, or the query has failed.
    var isOver: Bool { channel.isExhausted }

    package func cancel() { control.cancel() }
    func cancel(_ error: SQLError) { control.cancel(error) }

    /// Until the next fetch, `statement_timeout` does not count: the client has what it asked for.
    package func pause() { timer?.stop() }
    package func resume() { timer?.start() }

    /// Rows that are not fetched yet are not wanted. Returns when the query is over everywhere.
    package func close() async {
        stop()
        await driving.value
    }

    private func stop() {
        channel.abandon()
        control.cancel()
    }
}
