import Catalog
import QueryPlan
import SQLSyntax
import SQLTypes

/// CREATE TABLE AS: the query's columns; keys that are not stated come from the query.
/// - Source: Redshift developer guide, "CTAS usage notes".
extension Planner {
    func createTableAs(_ create: CreateTableAsStatement) throws(SQLError) -> PlannedStatement {
        let name = try newName(create.name, isTemporary: create.isTemporary)
        if context.catalog.hasRelation(name) {
            if create.ifNotExists { return .alreadyExists(name.name) }
            throw Self.duplicateTable(create.name)
        }
        let planner = QueryPlanner(context)
        let bound = try planner.binder.bind(create.query)
        let registry = planner.binder.registry
        if create.columns.count > bound.output.count {
            throw SQLError(
                .syntaxError, "CREATE TABLE AS specifies too many column names",
                position: create.columns[bound.output.count].position.character)
        }
        var columns: [Catalog.ColumnDefinition] = []
        for (index, item) in bound.output.enumerated() {
            let given = index < create.columns.count ? create.columns[index] : Identifier(item.name)
            if columns.contains(where: { $0.name == given.name }) { throw Self.duplicateColumn(given) }
            try Self.checkName(given)
            let type = registry.type(item.column)
            columns.append(
                Catalog.ColumnDefinition(
                    name: given.name, type: type, encoding: .automatic(for: type, isSortKey: false)))
        }
        let stated = try TableKeys(create.attributes, declared: [], names: columns.map(\.name), ordinals: true)
        let inherited = InheritedKeys(bound, registry)
        let attributes = create.attributes
        let hasDistribution = attributes.distributionStyle != nil || attributes.distributionKey != nil
        let distribution = hasDistribution ? stated.distribution : inherited.distribution
        let sortKey = attributes.sortKey != nil ? stated.sortKey : inherited.sortKey
        for key in sortKey.columns { columns[key].encoding = .automatic(for: columns[key].type, isSortKey: true) }
        let table = TableDefinition(
            id: .notYetCreated, name: name, columns: columns, distribution: distribution, sortKey: sortKey,
            isTemporary: name.isTemporary)
        let plan = try planner.plan(bound, into: table, columns: bound.output.map(\.column))
        return .createTableAs(table, plan)
    }
}

/// What a table made from a query takes over from the tables that are read.
///
///     scan, joins            the outer table's DISTKEY and sort key, if the list has the columns
///     … ORDER BY             the DISTKEY; sorted by the ORDER BY columns
///     LIMIT, GROUP BY        EVEN, no sort key
struct InheritedKeys {
    var distribution = Distribution(.even)
    var sortKey = SortKey.none

    init(_ bound: BoundQuery, _ registry: ColumnRegistry) {
        var node = bound.root
        var order: [Int]?
        while true {
            switch node {
            case .project(_, let input), .filter(_, let input): node = input
            case .sort(let keys, let input):
                order = keys.map(\.column)
                node = input
            case .scan(let relation):
                inherit(registry.relations[relation], bound.output.map(\.column), order)
                return
            default:
                if let order { sortKey = Self.compound(order, bound.output.map(\.column)) }
                return
            }
        }
    }

    private mutating func inherit(_ relation: Relation, _ output: [Int], _ order: [Int]?) {
        guard let table = relation.table else { return }
        func place(_ column: Int) -> Int? { output.firstIndex(of: relation.firstColumn + column) }
        switch table.distribution.effective {
        case .key(let column):
            distribution = place(column).map { Distribution(.key(column: $0)) } ?? Distribution(.even)
        case .all: distribution = Distribution(.all)
        case .even: distribution = Distribution(isAutomatic: table.distribution.isAutomatic, .even)
        }
        if let order {
            sortKey = Self.compound(order, output)
        } else {
            sortKey = Self.compound(table.sortKey.columns.map { relation.firstColumn + $0 }, output)
        }
    }

    /// The longest prefix of the columns that the list has.
    private static func compound(_ columns: [Int], _ output: [Int]) -> SortKey {
        var result: [Int] = []
        for column in columns {
            guard let place = output.firstIndex(of: column) else { break }
            result.append(place)
        }
        return result.isEmpty ? .none : .compound(result)
    }
}
