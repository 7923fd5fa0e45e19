import ClusterRuntime
import QueryPlan
import VectorEngine

/// A column of a result.
public struct Column: Hashable, Sendable {
    /// As the query names it.
    public let name: String
    /// The type of its values.
    public let type: SQLType

    /// A column of that name and type.
    public init(name: String, type: SQLType) {
        self.name = name
        self.type = type
    }
}

/// What a statement tells besides its result.
public struct StatementNotice: Hashable, Sendable {
    /// INFO, NOTICE or WARNING.
    public let severity: String
    /// What there is to say, in a sentence.
    public let message: String
    /// More about it; nil if there is nothing more.
    public let detail: String?

    init(_ notice: Notice) {
        severity = notice.severity.rawValue
        message = notice.message
        detail = notice.detail
    }
}

/// The result of a statement: a stream of rows, or just word of what was done.
///
/// Rows are made as they are read: a slow reader slows the cluster down instead of filling memory. Read them once; a
/// result that is dropped or left in the middle cancels its query.
public struct Rows: AsyncSequence, Sendable {
    public typealias Element = Row
    public typealias Failure = SQLError

    /// Empty for a command.
    public let columns: [Column]
    /// What was done, as PostgreSQL says it: `SELECT`, `INSERT 0 5`, `CREATE TABLE`, `COPY`.
    public var commandTag: String { result.tag }
    /// Rows that a command wrote or loaded; nil if it does not write rows.
    public var affectedRows: Int64? { result.affectedRows }
    /// Of the statement, and of those before it in the same text.
    public var notices: [StatementNotice] {
        result.notices.map { StatementNotice($0) }
    }

    /// The session's time zone, in which text shows TIMESTAMPTZ.
    public var timeZone: SessionTimeZone { result.zone }

    private let result: StatementResult
    private let index: ColumnIndex

    init(_ result: StatementResult) {
        self.result = result
        columns = result.columns.map { Column(name: $0.name, type: $0.type) }
        index = ColumnIndex(columns)
    }

    /// Reads the rows: once.
    public func makeAsyncIterator() -> Iterator { Iterator(result, index) }

    /// All rows that are left.
    public func collect() async throws(SQLError) -> [Row] {
        var iterator = makeAsyncIterator()
        var rows: [Row] = []
        while let row = try await iterator.next() { rows.append(row) }
        return rows
    }

    /// Reads rows batch by batch as they come.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        private var result: StatementResult
        private let index: ColumnIndex
        private var batch: Batch?
        private var position = 0

        init(_ result: StatementResult, _ index: ColumnIndex) {
            self.result = result
            self.index = index
        }

        /// The next row; nil after the last.
        /// - Throws: what ended the query early.
        public mutating func next() async throws(SQLError) -> Row? {
            while true {
                if let batch, position < batch.count {
                    position += 1
                    return Row(batch, position - 1, index)
                }
                batch = try await result.next()
                position = 0
                if batch == nil { return nil }
            }
        }

        /// The next row of those that are here already: nobody has to wait for it. nil: `next` tells whether there are more.
        package mutating func nextAtHand() -> Row? {
            guard let batch, position < batch.count else { return nil }
            position += 1
            return Row(batch, position - 1, index)
        }

        /// The same as `next()`, for `for try await`.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(SQLError) -> Row? {
            try await next()
        }
    }
}

/// A result's columns, by position and by name.
final class ColumnIndex: Sendable {
    let columns: [Column]
    private let byName: [String: Int]

    init(_ columns: [Column]) {
        self.columns = columns
        // Of columns with one name the first is meant.
        byName = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func position(of name: String) -> Int? { byName[name] ?? byName[name.lowercased()] }
}

/// One row of a result.
public struct Row: Sendable {
    private let batch: Batch
    private let position: Int
    private let index: ColumnIndex

    init(_ batch: Batch, _ position: Int, _ index: ColumnIndex) {
        self.batch = batch
        self.position = position
        self.index = index
    }

    /// The columns of the result that the row is of.
    public var columns: [Column] { index.columns }
    /// How many columns.
    public var count: Int { index.columns.count }

    /// A column's value, by its place from 0. There must be such a column.
    public subscript(column: Int) -> SQLValue {
        precondition(column >= 0 && column < count, "column \(column) of \(count)")
        return batch.columns[column].value(at: position, as: index.columns[column].type)
    }

    /// Appends a column's value as text, as the server would send it; false for NULL, which has none.
    package func appendText(of column: Int, zone: SessionTimeZone, to text: inout [UInt8]) -> Bool {
        batch.columns[column].appendText(at: position, as: index.columns[column].type, zone: zone, to: &text)
    }

    /// A column's value; nil if no column has the name.
    public subscript(name: String) -> SQLValue? { index.position(of: name).map { self[$0] } }

    /// All values, in order.
    public var values: [SQLValue] { (0..<count).map { self[$0] } }

    /// A column's value as a Swift type; an optional type takes NULL.
    /// - Throws: `undefinedColumn`, or `cannotCoerce` if the value is not of that type, is NULL, or does not fit.
    public func decode<T: SQLDecodable>(_ type: T.Type = T.self, column name: String) throws(SQLError) -> T {
        guard let position = index.position(of: name) else {
            throw SQLError(.undefinedColumn, "the result has no column \"\(name)\"")
        }
        return try decode(type, at: position)
    }

    /// The same by the column's place, from 0.
    public func decode<T: SQLDecodable>(_ type: T.Type = T.self, at column: Int) throws(SQLError) -> T {
        guard column >= 0, column < count else {
            throw SQLError(.undefinedColumn, "the result has \(count) columns, there is no column \(column)")
        }
        let value = self[column]
        guard let decoded = T(sqlValue: value) else {
            throw SQLError(
                .cannotCoerce,
                "column \"\(index.columns[column].name)\" of type \(index.columns[column].type) does not give "
                    + "a \(T.self)", detail: value.isNull ? "It is NULL; ask for an optional type." : nil)
        }
        return decoded
    }

    /// The first columns as Swift types, in order: `let (id, name) = try row.decode(Int.self, String.self)`.
    public func decode<each T: SQLDecodable>(_ types: repeat (each T).Type) throws(SQLError) -> (repeat each T) {
        var column = 0
        func next<U: SQLDecodable>(_ type: U.Type) throws(SQLError) -> U {
            defer { column += 1 }
            return try decode(type, at: column)
        }
        return (repeat try next(each types))
    }
}
