package import Catalog
package import QueryPlan
package import SQLTypes

/// A system table or view: its columns, and its rows as a pure function of the state. One a file, listed in
/// `SystemViews`.
package struct SystemView: Sendable {
    package typealias Column = VirtualTableDefinition.Column

    /// What `*` stands for, then the hidden columns: the rows' own, then the constant ones.
    package let definition: VirtualTableDefinition
    /// In pg_class; below 100,000, and the same in every cluster.
    package var oid: ObjectID { SystemViews.numbers[definition.name] }
    /// pg_class calls it a view, not a table.
    package let isView: Bool
    /// Each row has a value for every column but the constant ones, of the column's type.
    private let rows: Rows
    /// The same in all rows: behind them.
    private let constants: [Constant]

    private enum Rows: Sendable {
        /// All columns of all rows.
        case all(@Sendable (SystemState) -> [[SQLValue]])
        /// Some columns, by their place, of the rows within the bounds at least.
        case some(@Sendable (SystemState, [Int], ColumnBounds) -> [[SQLValue]])
    }

    private enum Constant: Sendable {
        case value(SQLValue)
        /// `tableoid`: not known before all views are.
        case tableNumber
    }

    init(
        _ name: String, schema: String = "pg_catalog", _ columns: [Column],
        rows: @escaping @Sendable (SystemState) -> [[SQLValue]]
    ) {
        let onSlices = SystemView.isOnSlices(name)
        self.init(
            TableName(schema: schema, name: name), columns, [], isView: !onSlices || !name.hasPrefix("st"),
            isLeaderOnly: !onSlices, rows: .all(rows))
    }

    /// A view of the log: rows and columns that nobody asks for are not made.
    init(
        _ name: String, _ columns: [Column],
        rows: @escaping @Sendable (SystemState, [Int], ColumnBounds) -> [[SQLValue]]
    ) {
        self.init(
            TableName(schema: "pg_catalog", name: name), columns, [], isView: !name.hasPrefix("st"),
            isLeaderOnly: !SystemView.isOnSlices(name), rows: .some(rows))
    }

    private static func isOnSlices(_ name: String) -> Bool {
        ["stl_", "stv_", "svl_", "svcs_", "sys_"].contains { name.hasPrefix($0) } || name == "svv_query_state"
    }

    /// A view of the catalog that Redshift makes out of tables on the slices: it may be joined with user tables.
    init(
        meetingUserTables name: String, _ columns: [Column], rows: @escaping @Sendable (SystemState) -> [[SQLValue]]
    ) {
        self.init(
            TableName(schema: "pg_catalog", name: name), columns, [], isView: true, isLeaderOnly: false,
            rows: .all(rows))
    }

    /// A table of PostgreSQL's catalog.
    /// - Parameters:
    ///   - hidden: at the end of each row, after `columns`: `oid`, for a table that has one.
    ///   - neutral: hidden columns of later releases of PostgreSQL that tools ask for, with what they say where there is
    ///     nothing to say.
    init(
        catalog name: String, _ columns: [Column], hidden: [Column] = [], neutral: [(Column, SQLValue)] = [],
        rows: @escaping @Sendable (SystemState) -> [[SQLValue]]
    ) {
        let name = TableName(schema: "pg_catalog", name: name)
        self.init(
            name, columns + hidden.map(\.hidden),
            neutral.map { ($0.0, .value($0.1)) } + [
                (Column("tableoid", .oid), .tableNumber), (Column("xmin", .catalog(.xid)), .value(.integer(1))),
            ], isView: false, isLeaderOnly: true, rows: .all(rows))
    }

    private init(
        _ name: TableName, _ columns: [Column], _ constant: [(column: Column, value: Constant)], isView: Bool,
        isLeaderOnly: Bool, rows: Rows
    ) {
        definition = VirtualTableDefinition(
            name: name, columns: columns + constant.map(\.column.hidden), isLeaderOnly: isLeaderOnly,
            isSuperuserOnly: SystemView.superuserOnly.contains(name.name))
        constants = constant.map(\.value)
        self.isView = isView
        self.rows = rows
    }

    /// Also of views that are still to come.
    /// - Source: Redshift developer guide, the pages of these views, "is visible only to superusers".
    private static let superuserOnly: Set<String> = [
        "pg_shadow", "pg_statistic_indicator", "pg_user_info", "stl_analyze", "stl_commit_stats", "stl_connection_log",
        "stl_tr_conflict", "stl_usage_control", "stl_userlog", "stl_vacuum", "stv_blocklist",
        "stv_cursor_configuration",
        "stv_db_isolation_level", "stv_locks", "stv_node_storage_capacity", "stv_partitions",
        "stv_startup_recovery_state", "stv_tbl_perm", "stv_tbl_trans", "stv_wlm_classification_config",
        "stv_wlm_qmr_config", "stv_wlm_service_class_config", "stv_wlm_service_class_state", "svl_query_queue_info",
        "svl_user_info", "svl_vacuum_percentage", "svv_alter_table_recommendations", "svv_datashare_objects",
        "svv_diskusage", "svv_identity_providers", "svv_interleaved_columns", "svv_table_info", "svv_vacuum_progress",
        "svv_vacuum_summary", "sys_connection_log",
    ]

    /// All rows, without the constant columns.
    func rows(_ state: SystemState) -> [[SQLValue]] {
        rows(state, columns: Array(0..<definition.columns.count - constants.count))
    }

    /// All rows with these columns only, by their place in the definition.
    /// - Parameter bounds: rows outside may be missing.
    package func rows(
        _ state: SystemState, columns: [Int], within bounds: ColumnBounds = ColumnBounds()
    ) -> [[SQLValue]] {
        let all: [[SQLValue]]
        switch rows {
        case .some(let rows): return rows(state, columns, bounds)
        case .all(let rows): all = rows(state)
        }
        let own = definition.columns.count - constants.count
        let constants = constants.map { constant in
            switch constant {
            case .value(let value): value
            case .tableNumber: SQLValue.oid(oid)
            }
        }
        return all.map { row in
            assert(row.count == own, "\(definition.name): \(row.count) values for \(own) columns")
            return columns.map { $0 < own ? row[$0] : constants[$0 - own] }
        }
    }
}

extension VirtualTableDefinition.Column {
    fileprivate var hidden: VirtualTableDefinition.Column { .init(name, type, isHidden: true) }
}
