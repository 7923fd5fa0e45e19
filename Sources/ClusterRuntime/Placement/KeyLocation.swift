package import Catalog
package import Execution
package import SQLTypes

/// Where the rows of a table are in which a column has one value: why there, and what a scan found there.
package struct KeyLocation: Sendable {
    /// What one slice did of `SELECT count(*) FROM table WHERE column = value`.
    package struct Finding: Hashable, Sendable {
        package var slice: Int
        package var node: Int
        package var rows: Int64 = 0
        package var rowGroups = 0
        package var blocksRead: Int64 = 0
        package var blocksSkipped: Int64 = 0
        /// Those in which the scan had to look, ascending.
        package var read: [RowGroup] = []
    }

    package struct RowGroup: Hashable, Sendable {
        package var number: Int64
        package var rows: Int
        package var isSorted: Bool
        /// Of the column, as the session shows them; nil: nothing but nulls, or not known.
        package var minimum: String?
        package var maximum: String?
    }

    package var table: TableName
    package var column: String
    package var type: SQLType
    /// As the session shows it; `NULL`.
    package var value: String
    /// `KEY (listid)`, `EVEN`, …
    package var style: String
    package var shape: ClusterShape
    /// nil: the column is not the table's distribution key.
    package var placement: KeyPlacement?
    /// Why there is no placement, in a sentence.
    package var reason: String?
    /// All slices of the cluster.
    package var findings: [Finding]
    /// The number of the query that looked.
    package var query: Int64

    package var rows: Int64 { findings.reduce(0) { $0 + $1.rows } }

    // Of the placement, for those who know no more than this value.
    package var hash: UInt64? { placement?.hash }
    package var routingEntry: Int? { placement?.routingEntry }
    package var slice: Int? { placement?.slice }
    package var node: Int? { placement?.node }
}

extension KeyLocation {
    /// Row groups that are listed for a slice, at most.
    private static let listedMax = 4

    /// What `blueshift where` prints.
    package var lines: [String] {
        var lines = ["\(table).\(column) = \(value), DISTSTYLE \(style)", ""]
        lines += why
        lines.append("")
        lines += found
        let read = findings.filter { !$0.read.isEmpty }
        if !read.isEmpty { lines += [""] + rowGroups(read) }
        return lines
    }

    private var why: [String] {
        guard let placement else { return [reason ?? ""] }
        let digits = String(placement.hash, radix: 16, uppercase: true)
        let hash = "0x" + String(repeating: "0", count: 16 - digits.count) + digits
        let entries = placement.sliceEntries
        let (first, last) = (
            FigureText.count(Int64(entries.lowerBound)), FigureText.count(Int64(entries.upperBound - 1))
        )
        return [
            "hash           \(hash)   of the value as \(type)",
            "routing entry  \(FigureText.count(Int64(placement.routingEntry)))   the upper 16 bits of the hash (hash >> 48)",
            "slice          \(placement.slice)   which has the entries \(first) to \(last) of the routing table",
            "node           \(placement.node)   of \(shape.nodes), with \(shape.slicesPerNode) slices each",
        ]
    }

    private var found: [String] {
        let titles = ["slice", "node", "rows", "row groups", "read", "blocks read", "skipped"]
        let rows = findings.map { finding in
            [
                String(finding.slice), String(finding.node), FigureText.count(finding.rows),
                String(finding.rowGroups), String(finding.read.count), FigureText.count(finding.blocksRead),
                FigureText.count(finding.blocksSkipped),
            ]
        }
        return ["Query \(query) looked for them and found \(FigureText.count(self.rows)):", ""]
            + Self.table([titles] + rows)
    }

    private func rowGroups(_ findings: [Finding]) -> [String] {
        let titles = ["slice", "row group", "rows", "sorted", "\(column) from", "to"]
        var rows: [[String]] = [titles]
        var left = 0
        for finding in findings {
            for group in finding.read.prefix(Self.listedMax) {
                rows.append([
                    String(finding.slice), String(group.number), FigureText.count(Int64(group.rows)),
                    group.isSorted ? "yes" : "no", group.minimum ?? "-", group.maximum ?? "-",
                ])
            }
            left += max(0, finding.read.count - Self.listedMax)
        }
        let rest = left > 0 ? ["  and \(left) more"] : []
        let (all, read) = (self.findings.reduce(0) { $0 + $1.rowGroups }, findings.reduce(0) { $0 + $1.read.count })
        let ruledOut = read < all ? "\(all - read) of \(all) row groups" : "no row group"
        return ["Zone maps ruled out \(ruledOut); read were:", ""] + Self.table(rows) + rest
    }

    /// Columns to the right, two blanks between them.
    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
            return "  " + cells.joined(separator: "  ")
        }
    }
}
