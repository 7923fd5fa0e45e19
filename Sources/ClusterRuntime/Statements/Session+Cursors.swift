package import QueryPlan
import SQLSyntax
import SQLTypes
import VectorEngine

// DECLARE, FETCH, CLOSE.

extension DatabaseSession {
    /// - Source: Redshift developer guide, "DECLARE": within a transaction block, one at a time.
    func execute(_ statement: CursorStatement, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        switch statement {
        case .declare(let name, let query):
            try await declare(name, query, run)
            return StatementResult(tag: "DECLARE CURSOR")
        case .fetch(let fetch, let name):
            let (rows, columns) = try await self.fetch(fetch, name, run)
            let count = rows.reduce(0) { $0 + $1.count }
            return StatementResult(
                tag: "FETCH \(count)", columns: columns, affectedRows: Int64(count), source: .rows(rows))
        case .move(let fetch, let name):
            let (rows, _) = try await self.fetch(fetch, name, run)
            let count = rows.reduce(0) { $0 + $1.count }
            return StatementResult(tag: "MOVE \(count)", affectedRows: Int64(count))
        case .close(let name):
            if let name { _ = try cursor(named: name) }
            await closeCursor()
            return StatementResult(tag: name == nil ? "CLOSE CURSOR ALL" : "CLOSE CURSOR")
        }
    }

    private func fetch(
        _ fetch: CursorStatement.Fetch, _ name: Identifier, _ run: StatementRun
    ) async throws(SQLError) -> ([Batch], [OutputColumn]) {
        var cursor = try cursor(named: name)
        run.control.onCancel { [cursor, weak control = run.control] in cursor.cancel(control?.error ?? .queryCanceled) }
        defer { run.control.disarm() }
        let limit: Int64? =
            switch fetch {
            case .next: 1
            case .all: nil
            case .forward(let count): count
            }
        let rows = try await cursor.fetch(limit)
        self.cursor = cursor
        activity.note(cursor: entry(cursor))
        return (rows, cursor.columns)
    }

    /// Its transaction is over.
    func closeCursor() async {
        guard let open = cursor else { return }
        cursor = nil
        activity.note(cursor: nil)
        await open.close()
    }

    private func declare(_ name: Identifier, _ query: Query, _ run: StatementRun) async throws(SQLError) {
        let place = name.position.character
        guard transaction != nil else {
            throw SQLError(
                .noActiveTransaction, "DECLARE CURSOR may only be used in transaction blocks", position: place)
        }
        if let open = cursor {
            guard open.name != name.name else {
                throw SQLError(.duplicateCursor, "cursor \"\(name.name)\" already exists", position: place)
            }
            throw SQLError(
                .featureNotSupported, "only one cursor at a time can be open in a session",
                detail: "Cursor \"\(open.name)\" is open.", hint: "CLOSE it first.", position: place)
        }
        // The query lives longer than its statement, and is not ended with it.
        var own = run
        own.control = QueryControl()
        own.timer = nil
        own.isCursor = true
        let result = try await self.run(.query(query), own)
        guard let running = result.query else {
            throw SQLError(.syntaxError, "a cursor needs a SELECT", position: query.position.character)
        }
        let cursor = Cursor(name: name.name, columns: result.columns, query: running, startTime: run.startTime)
        self.cursor = cursor
        activity.note(cursor: entry(cursor))
    }

    private func entry(_ cursor: Cursor) -> SessionActivity.CursorEntry {
        SessionActivity.CursorEntry(
            name: cursor.name, transaction: transaction?.number ?? 0, startTime: cursor.startTime,
            fetchedRows: cursor.fetchedRows
        ) { [weak query = cursor.query] in query?.figures ?? (0, 0) }
    }

    /// nil: there is no such cursor.
    package func columns(ofCursor name: String) -> [OutputColumn]? {
        cursor.flatMap { $0.name == name ? $0.columns : nil }
    }

    func cursor(named name: Identifier) throws(SQLError) -> Cursor {
        guard let cursor, cursor.name == name.name else {
            throw SQLError(
                .invalidCursorName, "cursor \"\(name.name)\" does not exist", position: name.position.character)
        }
        return cursor
    }
}
