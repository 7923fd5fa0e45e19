import Blueshift

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs statements one after the other on a session and prints what comes: rows as they arrive, notices, tags, timings and
/// errors. Shared by `sql`, `shell` and `\i`.
final class StatementRunner {
    let cluster: Cluster
    let session: Session
    let output = BufferedOutput(descriptor: STDOUT_FILENO)
    var format: ResultFormat
    var isExpanded = false
    var isTiming = false
    /// Print `CREATE TABLE`, `COPY`, … after statements that give no rows.
    var printsTags: Bool
    private let progress = ProgressBar()

    init(cluster: Cluster, format: ResultFormat, printsTags: Bool) {
        self.cluster = cluster
        self.format = format
        self.printsTags = printsTags
        session = cluster.session()
    }

    /// False if the statement failed; the error has been printed.
    func run(_ statement: String) async -> Bool {
        let clock = ContinuousClock()
        let start = clock.now
        defer { output.flush() }
        do {
            try await print(session.execute(statement, progress: progressReport))
        } catch {
            progress.clear()
            output.flush()
            printToStandardError(errorReport(error, statement: statement))
            return false
        }
        output.flush()
        if isTiming { printToStandardError("Time: \(millisecondsText(clock.now - start)) ms") }
        return true
    }

    /// Draws COPY's progress, if a person is there to see it.
    var progressReport: (@Sendable (LoadProgress) -> Void)? {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        return { [progress] in progress.show($0) }
    }

    /// Takes COPY's progress line away.
    func clearProgress() { progress.clear() }

    private func print(_ rows: Rows) async throws(SQLError) {
        progress.clear()
        var count = 0
        if rows.columns.isEmpty {
            for try await _ in rows { count += 1 }
        } else {
            var writer = format.makeWriter(to: output, isExpanded: isExpanded)
            var iterator = rows.makeAsyncIterator()
            // A query that fails before its first row prints nothing but its error.
            var next = try await iterator.next()
            writer.begin(rows.columns)
            let zone = rows.timeZone
            while let row = next {
                count += 1
                writer.row(row, zone: zone)
                // Nobody reads any more: the rest need not be computed.
                if output.isBroken { return session.cancel() }
                next = iterator.nextAtHand()
                if next != nil { continue }
                do {
                    next = try await iterator.next()
                } catch {
                    writer.fail()
                    throw error
                }
            }
            writer.end(rowCount: count)
        }
        for notice in rows.notices {
            output.flush()
            printToStandardError("\(notice.severity):  \(notice.message)")
        }
        if printsTags && rows.columns.isEmpty { output.line(rows.commandTag) }
    }
}
