import Catalog
import SQLTypes
import SystemTables

/// Catalogs of all sorts of objects, one for each seed; seed 0's is empty.
enum RandomCatalog {
    static func state(seed: UInt64, tables: Int? = nil, columns: Int? = nil) -> SystemState {
        var random = SplitMix64(seed: seed)
        let catalog = catalog(tables: tables ?? (seed == 0 ? 0 : 1 + random.below(12)), columns: columns, &random)
        var state = SystemState(
            shape: ClusterShape(nodes: 2, slicesPerNode: 2), catalog: catalog, searchPath: ["pg_temp_7", "public"],
            database: "dev", user: "awsuser", sessions: [], queries: [], loadErrors: [], partitions: { [] },
            blocks: { [] })
        state.functions = { listing }
        state.settings = [
            .init(name: "datestyle", value: "ISO", type: "string", isChangeable: true, isStandard: true)
        ]
        return state
    }

    private static let listing = FunctionListing([
        (
            "lower",
            FunctionSignature("lower") { types in
                types.count == 1 && types[0].isString ? .init(arguments: [.varchar(length: 9)], result: types[0]) : nil
            }
        ),
        (
            "sum",
            FunctionSignature("sum", kind: .aggregate) { types in
                types.count == 1 && types[0].isNumeric ? .init(arguments: types, result: .bigint) : nil
            }
        ),
    ])

    static let types: [SQLType] = [
        .boolean, .smallint, .integer, .bigint, .decimal(precision: 12, scale: 2), .real, .double, .char(length: 3),
        .varchar(length: 40), .date, .time, .timetz, .timestamp, .timestamptz, .intervalYearToMonth,
        .intervalDayToSecond, .varbyte(length: 16),
    ]

    private static func catalog(tables: Int, columns: Int?, _ random: inout SplitMix64) -> CatalogSnapshot {
        var catalog = CatalogSnapshot()
        catalog.schemas.formUnion(["sales", "Ümläut \"x\"", "pg_temp_7", "pg_temp_8"])
        let schemas = ["public", "sales", "Ümläut \"x\"", "pg_temp_7", "pg_temp_8"]
        for number in 0..<tables {
            let schema = schemas[random.below(schemas.count)]
            let table = table(number, schema: schema, columns: columns, in: catalog, &random)
            catalog.put(table)
            if random.below(3) == 0 { catalog.comments[.table(table.id)] = "table \(number)" }
            if random.below(3) == 0 { catalog.comments[.column(table.id, table.columns[0].name)] = "first" }
            catalog.rowCounts[table.id] = Int64(random.below(1_000))
            if random.below(2) == 0 {
                catalog.statistics[table.id] = TableStatistics(
                    rowCount: Double(random.below(1_000)), columns: table.columns.map { _ in nil })
            }
        }
        for number in 0..<tables where random.below(2) == 0 {
            let name = TableName(schema: schemas[random.below(schemas.count)], name: "v\(number)")
            // What is temporary is read by views of the same session only.
            func mayRead(_ other: TableName) -> Bool { !other.isTemporary || other.schema == name.schema }
            let read = catalog.tables.values.filter { mayRead($0.name) }.map(\.id).sorted()
                .filter { _ in random.below(3) == 0 }
            let views = catalog.views.keys.sorted().filter(mayRead).filter { _ in random.below(4) == 0 }
            let isLate = random.below(5) == 0
            catalog.put(
                ViewDefinition(
                    name: name,
                    columns: isLate ? [] : [.init("a", .integer), .init("b", types[random.below(types.count)])],
                    columnNames: [], text: "SELECT 1", searchPath: ["public"], tables: isLate ? [] : read,
                    views: isLate ? [] : views))
            if random.below(2) == 0 { catalog.comments[.view(name)] = "view \(number)" }
        }
        catalog.comments[.database] = "a database"
        return catalog
    }

    private static func table(
        _ number: Int, schema: String, columns: Int?, in catalog: CatalogSnapshot, _ random: inout SplitMix64
    ) -> TableDefinition {
        let columns = (0..<(columns ?? 1 + random.below(6))).map { position in
            ColumnDefinition(
                name: "c\(position)", type: types[random.below(types.count)], isNullable: random.below(2) == 0,
                defaultText: random.below(4) == 0 ? "1 + 1" : nil,
                identity: random.below(8) == 0 ? .init(seed: 1, step: 1, isByDefault: false) : nil, encoding: .raw)
        }
        var constraints: [TableConstraint] = []
        if random.below(2) == 0 { constraints.append(.primaryKey(name: nil, columns: [0])) }
        if random.below(3) == 0 {
            constraints.append(.unique(name: "u", columns: Array(columns.indices.prefix(2))))
        }
        if random.below(3) == 0, let target = catalog.tables.keys.min(), !TableName.isTemporary(schema: schema) {
            if catalog.tables[target]?.isTemporary == false {
                constraints.append(
                    .foreignKey(name: nil, columns: [0], references: target, referencedColumns: [0]))
            }
        }
        return TableDefinition(
            id: TableID(TableID.firstUserTable.rawValue + Int32(number)),
            name: TableName(schema: schema, name: "t\(number)"), columns: columns,
            distribution: Distribution(.even), sortKey: random.below(2) == 0 ? .none : .interleaved([0]),
            constraints: constraints, isTemporary: TableName.isTemporary(schema: schema))
    }
}
