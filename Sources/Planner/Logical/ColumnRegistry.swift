import Catalog
import QueryPlan
import SQLTypes

/// A table or view as it occurs in FROM; the same table twice is two relations.
struct Relation {
    enum Source {
        case table(TableDefinition)
        case virtual(VirtualTableDefinition)
    }
    let source: Source
    /// The name by which the query calls it.
    let alias: String
    /// The number of its first column; the others follow in the order of the table.
    let firstColumn: Int
    let columnCount: Int
    /// Behind the table's own columns it has those of `SystemColumn`, in their order.
    let hasRowAddress: Bool
    /// nil: never analysed.
    let statistics: TableStatistics?

    var table: TableDefinition? { if case .table(let table) = source { table } else { nil } }
    var isVirtual: Bool { table == nil }
    var isLeaderOnly: Bool { if case .virtual(let view) = source { view.isLeaderOnly } else { false } }
    var name: String {
        switch source {
        case .table(let table): table.name.name
        case .virtual(let view): view.name.name
        }
    }
    /// Those that a query can name.
    var namedColumns: Range<Int> {
        firstColumn..<firstColumn + columnCount - (hasRowAddress ? SystemColumn.allCases.count : 0)
    }
    /// The column's position in the table, as a scan lists it.
    func position(of column: Int) -> Int {
        let place = column - namedColumns.upperBound
        return place < 0 ? column - firstColumn : SystemColumn.allCases[place].rawValue
    }
    func column(_ column: SystemColumn) -> Int {
        namedColumns.upperBound + (SystemColumn.allCases.firstIndex(of: column) ?? 0)
    }
    var columns: Range<Int> { firstColumn..<firstColumn + columnCount }
}

/// Gives out the numbers of a statement's columns and knows what each of them is.
///
/// A derived table's plain columns keep the number of what they come from, so that keys, statistics and distribution
/// are seen through it.
final class ColumnRegistry {
    enum Origin {
        case table(relation: Int, position: Int)
        /// Computed by a projection.
        case expression(BoundExpression)
        case aggregate(LogicalAggregate.Call)
        /// Literal rows.
        case constant
    }
    struct Column {
        var name: String
        var type: SQLType
        var origin: Origin
    }

    private(set) var columns: [Column] = []
    private(set) var relations: [Relation] = []
    struct Field {
        var name: String
        var column: Int
    }
    /// Columns whose value is a row: what its fields are.
    var records: [Int: [Field]] = [:]
    /// WITH queries that are computed once, by number.
    var sharedQueries: [BoundQuery] = []
    /// Of those that are recursive: the number of the query that stands for the rows of the round before.
    var recursions: [Int: Int] = [:]
    /// How often each of them is named.
    var sharedUses: [Int] = []
    /// Relations that row policies look up.
    var lookups: Set<Int> = []
    /// Columns that masking policies compute.
    var masks: Set<Int> = []
    /// What WITH calls them.
    var sharedNames: [Int: String] = [:]

    func add(name: String, type: SQLType, origin: Origin) -> Int {
        columns.append(Column(name: name, type: type, origin: origin))
        return columns.count - 1
    }

    /// The relation's number.
    func add(
        _ source: Relation.Source, alias: String, statistics: TableStatistics?, hasRowAddress: Bool = false
    ) -> Int {
        let first = columns.count
        let number = relations.count
        switch source {
        case .table(let table):
            for (position, column) in table.columns.enumerated() {
                columns.append(
                    Column(name: column.name, type: column.type, origin: .table(relation: number, position: position)))
            }
        case .virtual(let view):
            for (position, column) in view.columns.enumerated() {
                columns.append(
                    Column(name: column.name, type: column.type, origin: .table(relation: number, position: position)))
            }
        }
        if hasRowAddress {
            for column in SystemColumn.allCases {
                let origin = Origin.table(relation: number, position: column.rawValue)
                columns.append(Column(name: "\(column)", type: column.type, origin: origin))
            }
        }
        relations.append(
            Relation(
                source: source, alias: alias, firstColumn: first, columnCount: columns.count - first,
                hasRowAddress: hasRowAddress, statistics: statistics))
        return number
    }

    func setOrigin(of column: Int, _ origin: Origin) { columns[column].origin = origin }

    /// Another occurrence of the same table.
    func addCopy(ofRelation number: Int) -> Int {
        let relation = relations[number]
        return add(
            relation.source, alias: relation.alias, statistics: relation.statistics,
            hasRowAddress: relation.hasRowAddress)
    }

    func type(_ column: Int) -> SQLType { columns[column].type }

    func expression(_ column: Int) -> BoundExpression { .column(column, columns[column].type) }

    /// The expression with every computed column replaced by what computes it, down to columns of tables and
    /// aggregates.
    /// - Parameter withMasks: false: what masking policies compute stays a column.
    func expanded(_ expression: BoundExpression, withMasks: Bool = true) -> BoundExpression {
        if case .column(let number, _) = expression {
            guard case .expression(let inner) = columns[number].origin, withMasks || !masks.contains(number) else {
                return expression
            }
            return expanded(inner, withMasks: withMasks)
        }
        return expression.withOperands(expression.operands.map { expanded($0, withMasks: withMasks) })
    }
}
