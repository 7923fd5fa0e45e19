import Catalog
import SQLTypes

@testable import Planner

/// Builds catalogs in few words.
struct CatalogBuilder {
    var catalog = CatalogSnapshot()
    private var next: Int32 = 100_000

    /// Columns as `name type[!] nd=… w=… null=… min=… max=…`; `!` is NOT NULL.
    mutating func table(
        _ name: String, rows: Double?, dist: String? = nil, style: Distribution.Style = .even, sort: [String] = [],
        primaryKey: [String] = [], _ columns: [TestColumn]
    ) {
        let definitions = columns.map { column in
            ColumnDefinition(
                name: column.name, type: column.type, isNullable: column.isNullable,
                encoding: .automatic(for: column.type, isSortKey: false))
        }
        func position(_ name: String) -> Int { columns.firstIndex { $0.name == name } ?? -1 }
        let table = TableDefinition(
            id: TableID(next), name: TableName(schema: "public", name: name), columns: definitions,
            distribution: Distribution(dist.map { .key(column: position($0)) } ?? style),
            sortKey: sort.isEmpty ? .none : .compound(sort.map(position)),
            constraints: primaryKey.isEmpty ? [] : [.primaryKey(name: nil, columns: primaryKey.map(position))])
        next += 1
        catalog.put(table)
        guard let rows else { return }
        catalog.statistics[table.id] = TableStatistics(
            rowCount: rows,
            columns: columns.map { column in
                guard let distinct = column.distinct else { return nil }
                return ColumnStatistics(
                    distinctCount: distinct < 0 ? rows : distinct, nullFraction: column.nulls,
                    averageWidth: column.width ?? Double(column.type.storage.width ?? 8), minimum: column.minimum,
                    maximum: column.maximum)
            })
    }
}

struct TestColumn {
    var name: String
    var type: SQLType
    var isNullable = true
    var distinct: Double?
    var width: Double?
    var nulls = 0.0
    var minimum: SQLValue?
    var maximum: SQLValue?

    /// - Parameter nd: distinct values; -1: as many as rows; nil: no statistics for the column.
    init(
        _ name: String, _ type: SQLType, nd: Double? = nil, w: Double? = nil, nulls: Double = 0,
        range: (SQLValue, SQLValue)? = nil
    ) {
        self.name = name
        self.type = type
        distinct = nd
        width = w
        self.nulls = nulls
        minimum = range?.0
        maximum = range?.1
    }
}

enum TestFunctions {
    static let directory = FunctionDirectory(
        [
            FunctionSignature("datediff", "date_diff") { types in
                types.count == 3
                    ? .init(arguments: [.varchar(length: 16), .timestamp, .timestamp], result: .bigint) : nil
            },
            FunctionSignature("dateadd", "date_add") { types in
                types.count == 3
                    ? .init(arguments: [.varchar(length: 16), .bigint, .timestamp], result: .timestamp) : nil
            },
            FunctionSignature("extract", "date_part_integer") { types in
                types.count == 2 ? .init(arguments: [.varchar(length: 16), types[1]], result: .integer) : nil
            },
            FunctionSignature("concat") { types in
                types.count == 2 && types.allSatisfy(\.isString)
                    ? .init(arguments: types, result: .varchar(length: 256)) : nil
            },
            FunctionSignature("substring") { types in
                types.count == 3 && types[0].isString ? .init(arguments: types, result: types[0]) : nil
            },
            FunctionSignature("upper") { types in
                types.count == 1 && types[0].isString ? .init(arguments: types, result: types[0]) : nil
            },
            FunctionSignature("abs") { types in
                types.count == 1 && types[0].isNumeric ? .init(arguments: types, result: types[0]) : nil
            },
            FunctionSignature("random", volatility: .volatile) { types in
                types.isEmpty ? .init(arguments: [], result: .double) : nil
            },
        ],
        evaluate: { (name, arguments, _) throws(SQLError) -> SQLValue in
            switch (name, arguments.first) {
            case ("abs", .integer(let value)): return .integer(abs(value))
            default: throw SQLError.unsupported(name)
            }
        })
}
