import Catalog
import QueryPlan
import SQLTypes
import VectorEngine

/// SHOW DISTRIBUTION: one row for each slice, and a summary for whoever reads along.
struct DistributionReport: Sendable {
    /// A value of the distribution key, and how many rows have it.
    struct HeavyKey: Sendable {
        var text: String
        var rows: Int64
    }

    static let columns: [OutputColumn] = [
        OutputColumn(name: "slice", type: .integer), OutputColumn(name: "node", type: .integer),
        OutputColumn(name: "rows", type: .bigint), OutputColumn(name: "of_mean", type: ratio),
        .text("rows per slice"), OutputColumn(name: "bytes", type: .bigint),
        OutputColumn(name: "blocks", type: .bigint), OutputColumn(name: "deleted_rows", type: .bigint),
        .text("heaviest_key"), OutputColumn(name: "key_rows", type: .bigint),
    ]
    private static let ratio = SQLType.decimal(precision: 19, scale: 2)
    private static let barCells = 30

    let table: TableDefinition
    let distribution: TableDistribution
    /// By slice; of KEY tables only.
    let heaviest: [Int: HeavyKey]

    var batch: Batch {
        let most = Double(distribution.fullest?.rows ?? 0)
        let holders = Set(distribution.holders.map(\.slice))
        let rows = distribution.slices.map { slice -> [SQLValue] in
            let heavy = heaviest[slice.slice]
            let mean = distribution.meanRows
            let share: SQLValue =
                holders.contains(slice.slice) && mean > 0
                ? .decimal(Decimal(unscaled: Int128((Double(slice.rows) / mean * 100).rounded()), scale: 2)) : .null
            return [
                .integer(Int64(slice.slice)), .integer(Int64(slice.node)), .integer(slice.rows), share,
                SQLValue(FigureText.bar(Double(slice.rows), of: most, width: Self.barCells)), .integer(slice.bytes),
                .integer(slice.blocks), .integer(slice.deletedRows), heavy.map { SQLValue($0.text) } ?? .null,
                heavy.map { .integer($0.rows) } ?? .null,
            ]
        }
        let vectors = Self.columns.enumerated().map { column, output in
            Vector.of(rows.map { $0[column] }, type: output.type)
        }
        return Batch(columns: vectors, count: rows.count)
    }

    /// What the figures come to, in a sentence or two.
    var summary: String {
        let rows = FigureText.count(distribution.rows)
        let holders = distribution.holders.count
        var text = "\(table.name.name): \(rows) row\(distribution.rows == 1 ? "" : "s"), DISTSTYLE \(style)"
        if case .all = distribution.style.effective {
            return text + ", a copy on each node, in the keeping of the node's first slice"
        }
        text += ", on \(holders) slice\(holders == 1 ? "" : "s")"
        guard let fullest = distribution.fullest, let imbalance = distribution.imbalance else { return text }
        text += "; the fullest, slice \(fullest.slice), has \(FigureText.count(fullest.rows)), "
        return text + "\(FigureText.decimal(imbalance, places: 2)) times the mean"
    }

    private var style: String { distribution.style.styleText(table.columns) }
}

extension Distribution {
    /// `KEY (listid)`, `AUTO (ALL)`, …
    func styleText(_ columns: [ColumnDefinition]) -> String {
        let plain =
            switch effective {
            case .even: "EVEN"
            case .key(let column): "KEY (\(columns.indices.contains(column) ? columns[column].name : "?"))"
            case .all: "ALL"
            }
        return isAutomatic ? "AUTO (\(plain))" : plain
    }
}
