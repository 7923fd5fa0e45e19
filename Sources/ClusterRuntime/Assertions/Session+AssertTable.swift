import Catalog
import Execution
import Planner
import QueryPlan
import SQLTypes
import Storage

// Assertions on where a table's rows lie.

extension DatabaseSession {
    func skew(
        of table: TableDefinition, atMost limit: Double, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> AssertionReport.Finding {
        let name = table.name.name
        guard let rows = version.distribution(of: table.id, shape: leader.shape), let fullest = rows.fullest,
            let skew = rows.imbalance
        else {
            return AssertionReport.Finding(
                false, limit: limit, "table \(name) is empty: nothing can be said of its skew",
                hint: "Load rows into it before the assertion.")
        }
        guard skew > limit else {
            return AssertionReport.Finding(
                true, figure: skew, limit: limit, slice: fullest.slice,
                "the skew of \(name) is \(FigureText.number(skew)), at most \(FigureText.limit(limit)) was asserted")
        }
        var finding = AssertionReport.Finding(
            false, figure: skew, limit: limit, slice: fullest.slice,
            "table \(name) is skewed: slice \(fullest.slice) has \(FigureText.number(skew, against: limit)) times the mean "
                + "of all slices, at most \(FigureText.limit(limit)) was asserted")
        var detail = [
            "Slice \(fullest.slice) has \(FigureText.count(fullest.rows)) of \(FigureText.count(rows.rows)) rows; the mean of "
                + "\(rows.holders.count) slices is \(FigureText.number(rows.meanRows, digits: 0)). "
                + "DISTSTYLE is \(rows.style.shownText(table.columns))."
        ]
        let empty = rows.holders.filter { $0.rows == 0 }.map(\.slice)
        if !empty.isEmpty { detail.append("Nothing is on \(FigureText.slices(empty)).") }
        if let key = table.distribution.keyColumn,
            let frequent = try await frequentValue(of: table, key, run, version)
        {
            finding.value = frequent.text
            detail.append(
                "The most frequent \(table.columns[key].name) is \(frequent.text), in "
                    + "\(FigureText.number(frequent.percent, digits: 1)) % of the rows, on slice \(frequent.slice).")
        }
        finding.detail = detail.joined(separator: " ")
        finding.hint = hint(forSkewOf: table, rows, version)
        return finding
    }

    /// - Parameter rows: of a table that is not empty.
    private func hint(
        forSkewOf table: TableDefinition, _ rows: TableDistribution, _ version: DatabaseVersion
    ) -> String {
        let name = table.shortSQLName
        if rows.rows < Int64(rows.holders.count) * 10 {
            return "So few rows cannot lie evenly on \(rows.holders.count) slices: load more, or keep a small table "
                + "whole on each node with ALTER TABLE \(name) ALTER DISTSTYLE ALL."
        }
        guard let key = table.distribution.keyColumn else {
            return "Rows that were loaded slice by slice, or deleted on some slices only, lie unevenly; "
                + "CREATE TABLE AS deals them out again."
        }
        if let better = version.catalog.statistics[table.id]?.evenColumn(besides: key, of: table, on: leader.shape) {
            let distinct = FigureText.number(better.distinct, digits: 0)
            return "Try ALTER TABLE \(name) ALTER DISTKEY \(table.sqlName(ofColumn: better.column)), which has "
                + "\(distinct) distinct values, or ALTER TABLE \(name) ALTER DISTSTYLE EVEN."
        }
        return "Distribute it on a column with more, and more even, values, or try "
            + "ALTER TABLE \(name) ALTER DISTSTYLE EVEN."
    }

    // MARK: Values

    struct FrequentValue {
        var text: String
        var isNull: Bool
        var rows: Int64
        var total: Int64
        /// To which the value leads if the column is the distribution key.
        var slice: Int
        var percent: Double { total > 0 ? 100 * Double(rows) / Double(total) : 0 }
    }

    /// nil: the table is empty.
    private func frequentValue(
        of table: TableDefinition, _ column: Int, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> FrequentValue? {
        let (name, key) = (table.sqlName, table.sqlName(ofColumn: column))
        let sql = """
            SELECT \(key), count(*) AS "n", (SELECT count(*) FROM \(name)) FROM \(name)
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
            """
        guard let row = try await rows(sql, run, version).first, row.count == 3,
            case .integer(let rows) = row[1], case .integer(let total) = row[2]
        else { return nil }
        let type = table.columns[column].type
        return FrequentValue(
            text: row[0].literalText(as: type), isNull: row[0].isNull, rows: rows, total: total,
            slice: leader.routing.slice(forHash: DistributionHash.hash(row[0], as: type)))
    }

    func mostFrequent(
        _ table: TableDefinition, _ column: Int, abovePercent limit: Double, _ run: StatementRun,
        _ version: DatabaseVersion
    ) async throws(SQLError) -> AssertionReport.Finding {
        let name = "\(table.name.name).\(table.columns[column].name)"
        guard let found = try await frequentValue(of: table, column, run, version) else {
            return AssertionReport.Finding(
                false, limit: limit, "table \(table.name.name) is empty: nothing can be said of its values",
                hint: "Load rows into it before the assertion.")
        }
        let isKey = table.distribution.keyColumn == column
        let isPassed = found.percent <= limit
        let share = FigureText.number(found.percent, against: limit)
        var finding = AssertionReport.Finding(
            isPassed, figure: found.percent, limit: limit, slice: isKey ? found.slice : nil, value: found.text,
            isPassed
                ? "the most frequent value of \(name) is \(found.text) with \(share) % of the rows, at most "
                    + "\(FigureText.limit(limit)) % was asserted"
                : "\(found.text) in \(name) has \(share) % of the rows, at most \(FigureText.limit(limit)) % was asserted"
        )
        guard !isPassed else { return finding }
        let place = isKey ? ", all of them on slice \(found.slice)" : ""
        finding.detail = "It is in \(FigureText.count(found.rows)) of \(FigureText.count(found.total)) rows\(place)."
        if found.isNull {
            finding.hint =
                isKey
                ? "Rows without a key all go to one slice: give them a value, or distribute on another column."
                : "Rows without a value would all go to one slice if this were the distribution key."
        } else {
            finding.hint =
                isKey
                ? "All rows of one value go to one slice: distribute on another column, or with DISTSTYLE EVEN."
                : "All rows of one value would go to one slice if this were the distribution key."
        }
        return finding
    }

    // MARK: Loads

    func copyUse(of table: TableDefinition) async -> AssertionReport.Finding {
        let name = table.name.name
        guard let load = LastLoad(of: table.id, in: leader.events.history, slices: leader.shape.slices) else {
            return AssertionReport.Finding(
                false, "no COPY into \(name) is known",
                hint: "The log of loads (STL_LOAD_COMMITS) has none: run one before the assertion.")
        }
        let idle = load.filesPerSlice.indices.filter { load.filesPerSlice[$0] == 0 }
        let files = load.filesPerSlice.reduce(0, +)
        let slices = load.filesPerSlice.count
        guard let first = idle.first else {
            return AssertionReport.Finding(
                true, figure: Double(files), limit: Double(slices),
                "the last COPY into \(name) gave each of \(slices) slices a file or a part of one, \(files) in all")
        }
        return AssertionReport.Finding(
            false, figure: Double(files), limit: Double(slices), slice: first,
            "the last COPY into \(name) left \(FigureText.slices(idle)) without a file",
            detail: "It read \(files == 1 ? "1 file" : "\(files) files or parts") on \(slices) slices.",
            hint: "Split the data into \(slices) files, or a multiple of it, of about the same size: "
                + "1 MB to 1 GB each when compressed.")
    }
}

extension TableStatistics {
    /// The column with the most distinct values, if they are many enough, and none too frequent, for even slices.
    fileprivate func evenColumn(
        besides key: Int, of table: TableDefinition, on shape: ClusterShape
    ) -> (column: Int, distinct: Double)? {
        var best: (column: Int, distinct: Double)?
        for (position, known) in columns.enumerated() where position != key && position < table.columns.count {
            guard let known, known.distinctCount >= 50 * Double(shape.slices),
                max(known.nullFraction, known.mostCommon.first?.fraction ?? 0) < 0.1 / Double(shape.slices)
            else { continue }
            if known.distinctCount > best?.distinct ?? 0 { best = (position, known.distinctCount) }
        }
        return best
    }
}
