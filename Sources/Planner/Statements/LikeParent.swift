import Catalog
import SQLSyntax
import SQLTypes

/// What CREATE TABLE … (LIKE parent) takes over: columns with their types, NOT NULL and encodings, distribution and sort
/// key; not the constraints, and defaults only if they are asked for.
/// - Source: Redshift developer guide, "CREATE TABLE", LIKE.
struct LikeParent {
    let columns: [Catalog.ColumnDefinition]
    let keys: TableKeys
    private let name: QualifiedName

    /// - Parameter firstColumn: position of the parent's first column in the new table.
    init(
        _ parent: TableDefinition, at name: QualifiedName, firstColumn: Int, _ includesDefaults: Bool
    ) throws(SQLError) {
        self.name = name
        columns = parent.columns.map { column in
            var column = column
            if !includesDefaults { column.defaultText = nil }
            // A column that the parent fills by itself is an ordinary one here, NOT NULL as it was.
            column.identity = nil
            return column
        }
        func moved(_ columns: [Int]) -> [Int] { columns.map { $0 + firstColumn } }
        var distribution = parent.distribution
        if let key = distribution.keyColumn { distribution.effective = .key(column: key + firstColumn) }
        let sortKey: SortKey =
            switch parent.sortKey {
            case .none, .auto: parent.sortKey
            case .compound(let columns): .compound(moved(columns))
            case .interleaved(let columns): .interleaved(moved(columns))
            }
        keys = TableKeys(distribution: distribution, sortKey: sortKey)
    }

    /// Keys are the parent's: the statement may not state others.
    func expectNoKeys(
        in create: CreateTableStatement, _ declared: [SQLSyntax.ColumnDefinition]
    ) throws(SQLError) {
        let attributes = create.attributes
        let marked = declared.first { $0.isDistributionKey || $0.isSortKey }
        let isStated =
            attributes.distributionStyle != nil || attributes.distributionKey != nil || attributes.sortKey != nil
            || attributes.backup != nil || attributes.isEncodeAuto
        guard isStated || marked != nil else { return }
        let place =
            marked?.name.position
            ?? (attributes.distributionPosition != .unknown
                ? attributes.distributionPosition
                : attributes.sortPosition != .unknown ? attributes.sortPosition : name.position)
        throw SQLError(
            .invalidTableDefinition, "table attributes cannot be specified for a table created with LIKE",
            position: place.character)
    }
}
