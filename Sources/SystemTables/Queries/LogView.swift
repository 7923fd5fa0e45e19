import Catalog
import QueryPlan
import SQLTypes

/// A column of a view of the log, and what a `Row` has there.
struct Field<Row>: Sendable {
    let column: SystemView.Column
    let value: @Sendable (Row) -> SQLValue

    init(_ name: String, _ type: SQLType, _ value: @escaping @Sendable (Row) -> SQLValue) {
        column = SystemView.Column(name, type)
        self.value = value
    }

    init(_ name: String, _ type: SQLType, _ constant: SQLValue) { self.init(name, type) { _ in constant } }

    /// The same of what a row of another view has.
    func of<Other>(_ row: @escaping @Sendable (Other) -> Row) -> Field<Other> {
        Field<Other>(column.name, column.type) { [value] in value(row($0)) }
    }
}

/// What a query reads of the log: statements with numbers of a range.
struct LogScan {
    let state: SystemState
    let numbers: ClosedRange<Int64>
    /// Names of the columns that are asked for.
    let columns: [String]

    /// All statements, oldest first.
    var statements: [LoggedQuery] {
        numbers == Int64.min...Int64.max ? state.queries : state.queries.filter { numbers.contains($0.number) }
    }

    /// Those that ran on the compute nodes.
    var queries: [LoggedQuery] { state.queries.filter { $0.usesNodes && numbers.contains($0.number) } }

    /// Of the queues as they are now, by service class.
    var queueNames: [Int: String] {
        Dictionary(state.live().workload.queues.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}

extension SystemView {
    /// A view with rows of statements that have ended. A condition on its column `query` spares it the others.
    init<Row>(
        log name: String, _ fields: [Field<Row>],
        each: @escaping @Sendable (LogScan, (Row) -> Void) -> Void
    ) {
        let place = fields.firstIndex { ["query", "query_id"].contains($0.column.name) }
        self.init(name, fields.map(\.column)) { state, columns, bounds in
            let values = columns.map { fields[$0].value }
            var rows: [[SQLValue]] = []
            let scan = LogScan(
                state: state, numbers: place.flatMap { bounds[$0] } ?? Int64.min...Int64.max,
                columns: columns.map { fields[$0].column.name })
            each(scan) { row in rows.append(values.map { $0(row) }) }
            return rows
        }
    }

    /// A view with one row for each statement that `isShown`.
    init(
        statements name: String, _ fields: [Field<QueryRecord>],
        where isShown: @escaping @Sendable (QueryRecord) -> Bool = { $0.usesNodes }
    ) {
        self.init(log: name, fields) { scan, add in
            for query in scan.statements where isShown(query.summary) { add(query.summary) }
        }
    }

    /// A view with one row for each step of each segment on each slice that `isShown`.
    init(
        steps name: String, _ fields: [Field<StepRow>],
        where isShown: @escaping @Sendable (StepTrace) -> Bool = { _ in true }
    ) {
        self.init(log: name, fields) { scan, add in
            for query in scan.queries {
                let steps = LoggedSteps(query, .run)
                for slice in steps.record.trace.slices.indices {
                    for step in steps.record.trace.slices[slice].steps.indices
                    where isShown(steps.record.trace.slices[slice].steps[step]) {
                        add(StepRow(query: steps, place: slice, number: step))
                    }
                }
            }
        }
    }
}

/// A query whose trace, or plan, or both have been unpacked, for all of its rows.
final class LoggedSteps: Sendable {
    let record: QueryRecord
    /// Microseconds since 2000-01-01 00:00:00 UTC: from where the slices' times count.
    let runStart: Int64

    init(_ query: LoggedQuery, _ parts: LoggedQuery.Parts) {
        record = query.record(parts)
        runStart = record.endTime - record.trace.elapsedNs / 1_000
    }

    /// Where the hash table of that number was built. O(steps).
    func build(_ table: Int) -> StepReference? {
        for slice in record.trace.slices.indices.reversed() {
            let steps = record.trace.slices[slice].steps
            let place = steps.lastIndex {
                $0.transientTable == table && ($0.kind == .hash || $0.kind == .save)
            }
            if let place { return StepReference(segment: record.trace.slices[slice].segment, step: place) }
        }
        return nil
    }

    func stream(ofSegment segment: Int) -> Int {
        record.streams.indices.contains(segment) ? record.streams[segment] : 0
    }
}

/// One step of one segment on one slice: where it stands in the query's trace. A step has many figures, a view's columns
/// few of them: nothing is copied.
struct StepRow {
    let query: LoggedSteps
    /// In the trace's list of slices.
    let place: Int
    let number: Int

    var slice: SliceTrace {
        @inline(__always) _read { yield query.record.trace.slices[place] }
    }
    var step: StepTrace {
        @inline(__always) _read { yield query.record.trace.slices[place].steps[number] }
    }

    var start: Int64 { query.runStart + slice.startNs / 1_000 }
    var end: Int64 { query.runStart + slice.endNs / 1_000 }
}

extension StepTrace {
    /// What Redshift's step tables call `rows`: those that a source or an operator hands on, those that a step at the end of
    /// a segment takes.
    var rows: Int64 {
        switch kind {
        case .hash, .save, .dist, .bcast, .return, .insert, .rewrite, .unload, .delete: rowsIn
        default: rowsOut
        }
    }

    /// What they call `bytes`.
    var bytes: Int64 {
        switch kind {
        case .dist, .bcast, .return: bytesLocal + bytesRemote
        case .hash, .save: memoryBytes
        default: bytesOut
        }
    }

    var isDiskBased: Bool { spilledBytes > 0 }
    /// Zone maps spared it blocks.
    var isRangeRestricted: Bool { kind == .scan && blocksSkipped > 0 }
    /// As `tbl`: a user's table, a transient one (three digits, as in Redshift's samples), 0 for constants.
    var tableNumber: Int64 { table.map { Int64($0.rawValue) } ?? transientTable.map { Int64($0) + 240 } ?? 0 }
}

extension SQLValue {
    /// CHAR(1) of Redshift's logs: `t` or `f`.
    static func flag(_ value: Bool) -> SQLValue { .text(value ? "t" : "f") }
}
