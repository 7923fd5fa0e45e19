import SQLTypes

extension SystemView {
    /// Cursors that are open. Their queries run as far as rows are fetched: rows and bytes are those that have come.
    /// - Source: Redshift developer guide, "STV_ACTIVE_CURSORS".
    static let stvActiveCursors = SystemView(
        "stv_active_cursors",
        [
            .int("userid"), .varchar("name", 256), .big("xid"), .int("pid"), .time("starttime"), .big("row_count"),
            .big("byte_count"), .big("fetched_rows"),
        ]
    ) { state in
        state.live().sessions.compactMap { session -> [SQLValue]? in
            guard let cursor = session.cursor else { return nil }
            return [
                .int(state.userNumber(session.user)), .text(cursor.name, max: 256), .int(cursor.transaction),
                .int(session.process), .timestamp(cursor.startTime), .int(cursor.rows), .int(cursor.bytes),
                .int(cursor.fetchedRows),
            ]
        }
    }
}
