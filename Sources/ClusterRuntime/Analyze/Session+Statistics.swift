import Catalog
import SQLSyntax
import SQLTypes
import Storage

// DECLARE, PIN and RESET STATISTICS: what the planner is to believe of a table, whatever its rows are.

extension DatabaseSession {
    /// - Parameter columns: positions of the columns that are declared, in their order.
    func declare(
        _ statement: StatisticsStatement, of id: TableID, _ columns: [Int], _ write: WriteRun
    ) async throws(SQLError) -> StatementResult {
        guard let table = write.version.catalog.tables[id] else {
            throw SQLError.internalError("statistics of a table that is gone")
        }
        let known = write.version.catalog.statistics[id]
        switch statement.action {
        case .reset:
            try await apply([.setStatistics(id, nil), .pinStatistics(id, false)], by: write.number)
        case .pin:
            guard known != nil else {
                throw SQLError(
                    .objectNotInPrerequisiteState, "table \"\(table.name.name)\" has no statistics to pin",
                    hint: "ANALYZE it first, or use DECLARE STATISTICS.",
                    position: statement.table.position.character)
            }
            try await apply([.pinStatistics(id, true)], by: write.number)
        case .declare(let rows, let declared):
            var statistics =
                known
                ?? TableStatistics(
                    rowCount: Double(write.version.catalog.rowCounts[id] ?? 0), columns: [])
            while statistics.columns.count < table.columns.count { statistics.columns.append(nil) }
            if let rows { statistics.scale(to: rows.doubleValue) }
            for (position, column) in zip(columns, declared) {
                let type = table.columns[position].type
                var bounds: (SQLValue, SQLValue)?
                if let given = column.bounds {
                    bounds = (
                        try await evaluate(given.minimum, as: type, write.run),
                        try await evaluate(given.maximum, as: type, write.run)
                    )
                }
                statistics.columns[position] = ColumnStatistics(
                    column, bounds, type: type, rows: statistics.rowCount, known: statistics.columns[position])
            }
            try await apply([.setStatistics(id, statistics), .pinStatistics(id, true)], by: write.number)
        }
        return StatementResult(tag: statement.name)
    }
}

extension StatisticsStatement {
    var name: String {
        switch action {
        case .declare: "DECLARE STATISTICS"
        case .pin: "PIN STATISTICS"
        case .reset: "RESET STATISTICS"
        }
    }
}

extension TableStatistics {
    /// A column whose values were distinct in more than a tenth of the rows is taken to go on so; fewer values stay so many.
    /// - Source: PostgreSQL's ANALYZE (`compute_scalar_stats`), which then keeps the share instead of the number.
    fileprivate mutating func scale(to rows: Double) {
        let factor = rowCount > 0 ? rows / rowCount : 1
        for position in columns.indices {
            guard let known = columns[position] else { continue }
            let grows = known.distinctCount > rowCount / 10
            columns[position]?.distinctCount = min(rows, grows ? known.distinctCount * factor : known.distinctCount)
        }
        rowCount = rows
    }
}

extension ColumnStatistics {
    /// What is declared, over what is known, over what would be likely. Frequent values and a histogram are those of rows
    /// that are not production's: they go.
    fileprivate init(
        _ declared: StatisticsStatement.Column, _ bounds: (SQLValue, SQLValue)?, type: SQLType, rows: Double,
        known: ColumnStatistics?
    ) {
        self.init(
            distinctCount: declared.distinct?.doubleValue ?? known?.distinctCount ?? rows / 10,
            nullFraction: declared.nullPercent.map { $0.doubleValue / 100 } ?? known?.nullFraction ?? 0,
            averageWidth: declared.width?.doubleValue ?? known?.averageWidth ?? Double(type.likelyWidth),
            minimum: bounds.map(\.0) ?? known?.minimum, maximum: bounds.map(\.1) ?? known?.maximum)
    }
}

extension SQLType {
    /// Bytes of a value where nobody has looked.
    fileprivate var likelyWidth: Int {
        switch self {
        case .boolean: 1
        case .smallint: 2
        case .integer, .real, .date: 4
        case .decimal(let precision, _): precision <= 18 ? 8 : 16
        case .char(let length), .varchar(let length): max(1, min(length, 32) / 2)
        default: 8
        }
    }
}
