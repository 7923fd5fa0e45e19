import Catalog
import SQLSyntax
import SQLTypes

/// Distribution and sort key, from a table's attributes and its columns' own.
/// - Source: Redshift developer guide, "CREATE TABLE": DISTKEY alone implies DISTSTYLE KEY; nothing at all is AUTO.
struct TableKeys {
    let distribution: Distribution
    let sortKey: SortKey

    init(distribution: Distribution, sortKey: SortKey) {
        self.distribution = distribution
        self.sortKey = sortKey
    }

    /// - Parameter ordinals: a key may name a column by its place in the list (CREATE TABLE AS).
    init(
        _ attributes: TableAttributes, declared: [SQLSyntax.ColumnDefinition], names: [String], ordinals: Bool
    ) throws(SQLError) {
        distribution = try Self.distribution(attributes, declared, names, ordinals)
        sortKey = try Self.sortKey(attributes, declared, names, ordinals)
    }

    private static func distribution(
        _ attributes: TableAttributes, _ declared: [SQLSyntax.ColumnDefinition], _ names: [String], _ ordinals: Bool
    ) throws(SQLError) -> Distribution {
        let marked = declared.indices.filter { declared[$0].isDistributionKey }
        if marked.count > 1 || (marked.count == 1 && attributes.distributionKey != nil) {
            let second = marked.count > 1 ? declared[marked[1]].name.position : attributes.distributionPosition
            throw SQLError(
                .invalidTableDefinition, "only one DISTKEY column can be specified", position: second.character)
        }
        var key = marked.first
        if let column = attributes.distributionKey { key = try position(column, names, ordinals) }
        switch (attributes.distributionStyle, key) {
        case (nil, nil), (.auto, nil): return Distribution(isAutomatic: true, .even)
        case (nil, let key?), (.key, let key?): return Distribution(.key(column: key))
        case (.key, nil):
            throw SQLError(
                .invalidTableDefinition, "DISTKEY column must be specified with DISTSTYLE KEY",
                position: attributes.distributionPosition.character)
        case (.even, nil): return Distribution(.even)
        case (.all, nil): return Distribution(.all)
        case (let style?, _):
            throw SQLError(
                .invalidTableDefinition, "DISTKEY cannot be specified with DISTSTYLE \(style.rawValue)",
                position: attributes.distributionPosition.character)
        }
    }

    private static func sortKey(
        _ attributes: TableAttributes, _ declared: [SQLSyntax.ColumnDefinition], _ names: [String], _ ordinals: Bool
    ) throws(SQLError) -> SortKey {
        let marked = declared.indices.filter { declared[$0].isSortKey }
        guard let sort = attributes.sortKey else { return marked.isEmpty ? .auto : .compound(marked) }
        if !marked.isEmpty {
            throw SQLError(
                .invalidTableDefinition, "SORTKEY can be specified either for columns or for the table, not both",
                position: attributes.sortPosition.character)
        }
        func positions(_ columns: [KeyColumn], _ limit: Int) throws(SQLError) -> [Int] {
            var result: [Int] = []
            for column in columns {
                let place = try position(column, names, ordinals)
                if result.contains(place) {
                    throw SQLError(
                        .duplicateColumn, "column \"\(names[place])\" appears more than once in the sort key",
                        position: attributes.sortPosition.character)
                }
                result.append(place)
            }
            if result.count > limit {
                throw SQLError(
                    .tooManyColumns, "a sort key can have at most \(limit) columns",
                    position: attributes.sortPosition.character)
            }
            return result
        }
        switch sort {
        case .compound(let columns): return .compound(try positions(columns, Planner.compoundLimit))
        case .interleaved(let columns): return .interleaved(try positions(columns, Planner.interleavedLimit))
        case .auto: return .auto
        case .none: return .none
        }
    }

    private static func position(_ column: KeyColumn, _ names: [String], _ ordinals: Bool) throws(SQLError) -> Int {
        switch column {
        case .name(let name):
            guard let position = names.firstIndex(of: name.name) else {
                throw SQLError.undefinedColumn(name.name, at: name.position)
            }
            return position
        case .ordinal(let ordinal, let place):
            guard ordinals, names.indices.contains(ordinal - 1) else {
                throw SQLError(
                    .invalidColumnReference, "column \(ordinal) of the key is not in the select list",
                    position: place.character)
            }
            return ordinal - 1
        }
    }
}
