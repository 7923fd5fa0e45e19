package import ClusterRuntime

/// One client's conversation with a cluster: settings, a transaction, one statement at a time.
public final class Session: Sendable {
    private let session: DatabaseSession

    init(_ session: DatabaseSession) { self.session = session }

    /// The session itself, for the command and the server.
    package var runtime: DatabaseSession { session }

    /// Runs SQL. Rows come as they are made, no faster than they are read; a command has done its work when this
    /// returns.
    ///
    /// A text of several statements runs them all, and gives the last one's result. The next `execute` ends a result
    /// that is still being read. Cancelling the task that waits here, or that reads the rows, cancels the statement.
    /// - Parameters:
    ///   - sql: one statement or several, with `;` between them.
    ///   - parameters: the values of `$1`, `$2`, …
    @discardableResult
    public func execute(_ sql: String, _ parameters: (any SQLEncodable)?...) async throws(SQLError) -> Rows {
        try await execute(sql, parameters: parameters, progress: nil)
    }

    /// The same with the parameters as an array.
    /// - Parameters:
    ///   - sql: one statement or several, with `;` between them.
    ///   - parameters: the values of `$1`, `$2`, …
    ///   - progress: told how far a COPY is, about once per batch, on the threads that load: it must be quick.
    @discardableResult
    public func execute(
        _ sql: String, parameters: [(any SQLEncodable)?] = [], progress: (@Sendable (LoadProgress) -> Void)?
    ) async throws(SQLError) -> Rows {
        let values = parameters.map { value in
            value.map { SQLParameter($0.sqlValue, $0.sqlType) } ?? SQLParameter(.null, .unknown)
        }
        var callback: (@Sendable (LoadMeter.Figures) -> Void)?
        if let progress { callback = { figures in progress(LoadProgress(figures)) } }
        return Rows(try await session.execute(sql, parameters: values, progress: callback))
    }

    /// Runs a query and collects its rows.
    public func rows(_ sql: String, _ parameters: (any SQLEncodable)?...) async throws(SQLError) -> [Row] {
        try await execute(sql, parameters: parameters, progress: nil).collect()
    }

    /// The plan of a statement, as EXPLAIN prints it.
    public func explain(_ sql: String) async throws(SQLError) -> String {
        let rows = try await execute("EXPLAIN " + sql).collect()
        var lines: [String] = []
        for row in rows { lines.append(try row.decode(String.self)) }
        return lines.joined(separator: "\n")
    }

    /// Where the rows of a table are in which a column has a value. Asks for them with a query.
    /// - Parameters:
    ///   - column: `table.column` or `schema.table.column`, as SQL writes it.
    ///   - value: as text, which is cast to the column's type; nil: NULL.
    public func location(of column: String, equalTo value: String?) async throws(SQLError) -> KeyLocation {
        KeyLocation(try await session.locate(column, equalTo: value))
    }

    /// Ends the statement that runs, and the result that is being read: whoever waits for them gets `queryCanceled`.
    /// May be called from anywhere; nothing happens if nothing runs.
    public func cancel() { session.cancel() }

    /// What the last query, load or insert did, measured. Complete when its rows have been read.
    public var lastTrace: Trace? {
        get async { await session.lastTrace.map { Trace($0) } }
    }

    /// Rolls back what is not committed, and ends the session.
    public func close() async { await session.close() }
}

/// How far a COPY is, all slices together.
public struct LoadProgress: Hashable, Sendable {
    /// The table that is loaded, as the statement names it.
    public let table: String
    /// Records parsed so far.
    public let rows: Int64
    /// Bytes of the files as they are stored, compressed or not.
    public let bytesRead: Int64
    /// What `bytesRead` will be in the end.
    public let bytesTotal: Int64
    /// Files that were read to their end.
    public let filesDone: Int
    /// Files that the COPY found.
    public let filesTotal: Int
    /// All files are read; their rows may not be written yet.
    public var isFinished: Bool { filesDone == filesTotal }

    init(_ figures: LoadMeter.Figures) {
        table = figures.table
        rows = figures.rows
        bytesRead = figures.storedBytes
        bytesTotal = figures.storedBytesTotal
        filesDone = figures.filesDone
        filesTotal = figures.filesTotal
    }
}
