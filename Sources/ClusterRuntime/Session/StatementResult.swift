package import QueryPlan
package import SQLTypes
package import VectorEngine

/// What a statement gives: rows that are still coming, rows that are all here (SHOW, EXPLAIN), or just a command tag.
package struct StatementResult: Sendable {
    enum Source: Sendable {
        case nothing
        case rows([Batch])
        case query(RunningQuery)
    }

    /// Empty for a command.
    package private(set) var columns: [OutputColumn]
    /// As PostgreSQL names what was done: `SELECT`, `INSERT 0 5`, `CREATE TABLE`, …
    package let tag: String
    /// Rows that a command wrote or loaded; nil for others.
    package let affectedRows: Int64?
    package private(set) var notices: [Notice]
    /// The session's, in which TIMESTAMPTZ is shown.
    package private(set) var zone = SessionTimeZone.utc
    /// `extra_float_digits` of the session.
    package private(set) var extraFloatDigits = 0
    /// Parameters that clients are told of, and that are no longer as they were told last.
    package private(set) var changedParameters: [ParameterStatus] = []
    private let source: Source
    /// Of `rows`: how many batches have been handed out.
    private var position = 0

    init(
        tag: String, columns: [OutputColumn] = [], affectedRows: Int64? = nil, notices: [Notice] = [],
        source: Source = .nothing
    ) {
        self.tag = tag
        self.columns = columns
        self.affectedRows = affectedRows
        self.notices = notices
        self.source = source
    }

    /// One column of text.
    init(tag: String, column: String, lines: [String], notices: [Notice] = []) {
        let type = SQLType.varchar(length: SQLType.maximumVarcharLength)
        let vector = Vector.of(lines.map { SQLValue($0) }, type: type)
        self.init(
            tag: tag, columns: [OutputColumn(name: column, type: type)], notices: notices,
            source: .rows(lines.isEmpty ? [] : [Batch(columns: [vector], count: lines.count)]))
    }

    /// Columns of text.
    init(tag: String, columns: [String], rows: [[String?]]) {
        let type = SQLType.varchar(length: SQLType.maximumVarcharLength)
        let vectors = columns.indices.map { column in
            Vector.of(rows.map { row in row[column].map { SQLValue($0) } ?? .null }, type: type)
        }
        self.init(
            tag: tag, columns: columns.map { OutputColumn(name: $0, type: type) },
            source: .rows(rows.isEmpty ? [] : [Batch(columns: vectors, count: rows.count)]))
    }

    /// The result as the session's settings want it shown.
    func showing(_ settings: SettingsDigest, notices: [Notice], changes: [ParameterStatus]) -> StatementResult {
        var copy = self
        copy.zone = settings.dateTime.zone
        copy.extraFloatDigits = settings.extraFloatDigits
        copy.notices = notices
        copy.changedParameters = changes
        return copy
    }

    /// The same rows under names in capitals.
    func inUppercase() -> StatementResult {
        var copy = self
        copy.columns = columns.map { OutputColumn(name: $0.name.uppercased(), type: $0.type) }
        return copy
    }

    func with(notices: [Notice]) -> StatementResult {
        var copy = self
        copy.notices = notices
        return copy
    }

    package var returnsRows: Bool {
        if case .nothing = source { false } else { true }
    }

    /// The next rows; nil after the last.
    package mutating func next() async throws(SQLError) -> Batch? {
        switch source {
        case .nothing: return nil
        case .query(let query): return try await query.next()
        case .rows(let batches):
            guard position < batches.count else { return nil }
            position += 1
            return batches[position - 1]
        }
    }

    /// The rows of a result that is all here; nil: it is not, or they are not wanted so.
    package var rowsAtHand: [Batch]? {
        if case .rows(let batches) = source, position == 0 { batches } else { nil }
    }

    /// The query behind the rows, if there is one.
    package var query: RunningQuery? {
        if case .query(let query) = source { query } else { nil }
    }
}
