import Catalog
import QueryPlan
import SQLTypes
import VectorEngine

/// The rows of a result, to be compared with those of the same query on another cluster. Their order does not count, and
/// floating-point numbers may differ in their last digits: they are summed in another order there.
struct ResultRows: Sendable {
    /// More are not compared.
    static let countMax = 1_000_000
    /// Relative: what a sum of a million doubles may be off.
    static let tolerance = 1e-9

    let columns: [OutputColumn]
    private(set) var rows: [[SQLValue]] = []
    private let memory: HeldMemory

    /// - Parameter node: whose memory the rows are held in.
    init(columns: [OutputColumn], in node: NodeMemory) {
        self.columns = columns
        memory = HeldMemory(node)
    }

    var count: Int { rows.count }

    mutating func append(_ batch: Batch) throws(SQLError) {
        guard rows.count + batch.count <= ResultRows.countMax else {
            throw SQLError(
                .programLimitExceeded,
                "results of more than \(FigureText.count(ResultRows.countMax)) rows are not compared",
                hint: "Assert the same of aggregates of them.")
        }
        for row in 0..<batch.count {
            let values = zip(batch.columns, columns).map { column, output in column.value(at: row, as: output.type) }
            try memory.hold(bytes: values.heldBytes)
            rows.append(values)
        }
    }

    /// Rows in an order of their own: by what is exact first.
    func ordered() throws(SQLError) -> ResultRows {
        let inexact = columns.indices.filter { columns[$0].type == .double || columns[$0].type == .real }
        let exact = columns.indices.filter { !inexact.contains($0) }
        var copy = self
        let keys = HeldMemory(memory.node)
        var keyed: [(key: [UInt8], numbers: [Double], row: [SQLValue])] = []
        keyed.reserveCapacity(rows.count)
        for row in rows {
            var key: [UInt8] = []
            for column in exact {
                key += row[column].isNull ? [0] : [1] + row[column].text(as: columns[column].type) + [0]
            }
            try keys.hold(bytes: key.capacity + 8 * inexact.count + 96)
            keyed.append((key, inexact.map { row[$0].doubleValue }, row))
        }
        copy.rows = keyed.sorted { left, right in
            if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
            for (a, b) in zip(left.numbers, right.numbers) where a != b && !(a.isNaN && b.isNaN) {
                return b.isNaN || a < b
            }
            return false
        }.map(\.row)
        return copy
    }

    /// Both `ordered()`; nil: they are the same.
    func difference(from other: ResultRows, _ shape: ClusterShape, _ otherShape: ClusterShape) -> AssertionReport
        .Finding?
    {
        let hint =
            "LIMIT without an ORDER BY that leaves no ties, random values, and window functions over ties depend on "
            + "where rows lie."
        guard rows.count == other.rows.count else {
            return AssertionReport.Finding(
                false, figure: Double(other.rows.count), limit: Double(rows.count),
                "on \(otherShape.text) the query gives \(FigureText.count(other.rows.count)) rows, on \(shape.text) "
                    + FigureText.count(rows.count), hint: hint)
        }
        for (own, others) in zip(rows, other.rows) where !isSame(own, others) {
            return AssertionReport.Finding(
                false, "on \(otherShape.text) the query gives other rows than on \(shape.text)",
                detail: "The first difference: \(text(others)) on \(otherShape.text), \(text(own)) on \(shape.text).",
                hint: hint)
        }
        return nil
    }

    private func isSame(_ row: [SQLValue], _ other: [SQLValue]) -> Bool {
        zip(zip(row, other), columns).allSatisfy { values, column in
            let (a, b) = values
            guard column.type == .double || column.type == .real, !a.isNull, !b.isNull else {
                return a.isNull == b.isNull && (a.isNull || a.text(as: column.type) == b.text(as: column.type))
            }
            let (x, y) = (a.doubleValue, b.doubleValue)
            if x == y || x.isNaN && y.isNaN { return true }
            return abs(x - y) <= ResultRows.tolerance * max(abs(x), abs(y))
        }
    }

    private func text(_ row: [SQLValue]) -> String {
        "(\(zip(row, columns).map { value, column in value.literalText(as: column.type) }.joined(separator: ", ")))"
    }
}

extension SQLValue {
    /// NaN for what is no floating-point number.
    fileprivate var doubleValue: Double {
        switch self {
        case .double(let value): value
        case .real(let value): Double(value)
        default: .nan
        }
    }
}
