import Catalog
import SQLTypes

/// How much is stored. psql 15 asks for it, whatever release the server says it is.
enum SizeFunctions {
    static let all: [SystemFunction] =
        ["pg_relation_size", "pg_table_size", "pg_total_relation_size"].map { name in
            SystemFunction(name, [.catalog(.regclass)], .bigint) { catalog, arguments in
                let lookup = catalog()
                guard lookup.relation(arguments.integer(0)) != nil else { return .null }
                return .integer(lookup.size(ofTable: arguments.integer(0)) ?? 0)
            }
        } + [indexes, database, pretty]

    /// An index is a name only.
    private static let indexes = SystemFunction("pg_indexes_size", [.catalog(.regclass)], .bigint) {
        catalog, arguments in
        catalog().relation(arguments.integer(0)) == nil ? .null : .integer(0)
    }

    private static let database = SystemFunction("pg_database_size", [([.oid], .bigint), ([.name], .bigint)]) {
        catalog, arguments throws(SQLError) in
        let state = catalog().state
        if case .string = arguments[0], arguments.text(0) != state.database {
            throw SQLError(.invalidCatalogName, "database \"\(arguments.text(0))\" does not exist")
        }
        return .integer(state.partitions().reduce(0) { $0 + $1.bytes })
    }

    /// `10 bytes`, `12 kB`, … with one unit's figures kept up to 10,240 of it, halves rounded up.
    /// - Source: PostgreSQL, "pg_size_pretty".
    private static let pretty = SystemFunction("pg_size_pretty", [.bigint], .longText, volatility: .immutable) {
        _, arguments in
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var size = arguments.integer(0).magnitude
        let sign = arguments.integer(0) < 0 ? "-" : ""
        var unit = 0
        while size >= 10 * 1_024, unit < units.count - 1 {
            size = (size + 512) / 1_024
            unit += 1
        }
        return .text("\(sign)\(size) \(units[unit])")
    }
}
