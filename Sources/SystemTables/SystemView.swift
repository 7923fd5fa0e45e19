package import Catalog
package import SQLTypes

/// A system table or view: its columns, and its rows as a pure function of the state. One a file, listed in
/// `SystemViews`.
package struct SystemView: Sendable {
    package typealias Column = VirtualTableDefinition.Column

    package let definition: VirtualTableDefinition
    /// Each row has a value for every column, of the column's type.
    package let rows: @Sendable (SystemState) -> [[SQLValue]]

    init(
        _ name: String, schema: String = "pg_catalog", _ columns: [Column],
        rows: @escaping @Sendable (SystemState) -> [[SQLValue]]
    ) {
        definition = VirtualTableDefinition(name: TableName(schema: schema, name: name), columns: columns)
        self.rows = rows
    }
}

/// All system views.
package enum SystemViews {
    package static let all: [SystemView] = [
        .informationSchemaColumns, .informationSchemaSchemata, .informationSchemaTables, .informationSchemaViews,
        .pgTableDef, .pgTables, .pgViews,
        .stlExplain, .stlLoadErrors, .stlQuery,
        .stvBlocklist, .stvDbIsolationLevel, .stvInflight, .stvLocks, .stvRecents, .stvSessions, .stvSlices,
        .stvTblPerm,
        .svlQueryReport, .svlQuerySummary,
        .svvColumns, .svvTableInfo, .svvTables, .svvTransactions,
    ]

    package static let definitions: [VirtualTableDefinition] = all.map(\.definition)

    /// By folded name; nil if there is no such view.
    package static func view(named name: String) -> SystemView? { byName[name] }

    /// Names are unique across schemas: a scan names its view without one.
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.definition.name.name, $0) })
}

// MARK: Column types of the documentation

extension SQLValue {
    static func int(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    static func int(_ value: Int32) -> SQLValue { .integer(Int64(value)) }
    static func int(_ value: Int64) -> SQLValue { .integer(value) }
    static func text(_ value: String) -> SQLValue { SQLValue(value) }

    /// At most `bytes` bytes of UTF-8, cut between characters: what CHAR(bytes) holds.
    static func text(_ value: String, max bytes: Int) -> SQLValue {
        var cut = Array(value.utf8.prefix(bytes))
        guard cut.count < value.utf8.count else { return .string(cut) }
        while let last = cut.last, last & 0xC0 == 0x80 { cut.removeLast() }
        if let last = cut.last, last >= 0xC0 { cut.removeLast() }
        return .string(cut)
    }

    /// `value` with `scale` digits after the point, rounded.
    static func decimal(_ value: Double, scale: Int) -> SQLValue {
        var factor = 1.0
        for _ in 0..<scale { factor *= 10 }
        let scaled = (value * factor).rounded()
        guard scaled.isFinite, abs(scaled) < 1e18 else { return .null }
        return .decimal(Decimal(unscaled: Int128(scaled), scale: scale))
    }
}
