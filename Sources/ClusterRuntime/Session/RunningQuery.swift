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
    private let client: ClientPause
    /// Runs until no slice works on the query any more, and its trace is kept.
    private let driving: Task<Void, Never>

    init(
        number: Int64, channel: ResultChannel, control: QueryControl, timer: StatementTimer?, client: ClientPause,
        driving: Task<Void, Never>
    ) {
        self.client = client
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

    // MARK: Between two fetches

    /// The client has what it asked for. Until `resume` it has no statement under way: `statement_timeout` does not count,
    /// a cancel request has nothing to cancel, and its slots are others'.
    package func pause() {
        client.pause(number, control)
        timer?.stop()
    }

    /// The client asks for more rows. Returns when the query has its slots again.
    /// - Throws: what has ended the query meanwhile, or the session.
    func resume() async throws(SQLError) {
        try client.resume(control)
        timer?.start()
        await client.workload.resume(number)
        guard let end = channel.ended else { return }
        // Nobody else will say so any more.
        timer?.stop()
        client.activity.finish(control)
        try end.get()
    }

    var isPaused: Bool { client.isPaused }

    /// What has ended the query before the client had all rows; nil: nothing has.
    package var failure: SQLError? {
        if case .failure(let error) = channel.ended { error } else { nil }
    }

    /// Nobody will ask for its rows any more. Does not wait for its end.
    package func discard() { stop() }

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
