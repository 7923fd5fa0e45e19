import Catalog
import SQLTypes

extension SystemView {
    /// Tables with at least one row. - Source: Redshift developer guide, "SVV_TABLE_INFO".
    static let svvTableInfo = SystemView(
        meetingUserTables: "svv_table_info",
        [
            Column("database", .identifier), Column("schema", .identifier), Column("table_id", .integer),
            Column("table", .identifier),
            Column("encoded", .varchar(length: 32)), Column("diststyle", .varchar(length: 256)),
            Column("sortkey1", .varchar(length: 256)), Column("max_varchar", .integer),
            Column("sortkey1_enc", .char(length: 32)),
            Column("sortkey_num", .integer), Column("size", .bigint),
            Column("pct_used", .decimal(precision: 10, scale: 4)),
            Column("empty", .bigint), Column("unsorted", .decimal(precision: 5, scale: 2)),
            Column("stats_off", .decimal(precision: 5, scale: 2)),
            Column("tbl_rows", .decimal(precision: 38, scale: 0)),
            Column("skew_sortkey1", .decimal(precision: 19, scale: 2)),
            Column("skew_rows", .decimal(precision: 19, scale: 2)),
            Column("estimated_visible_rows", .decimal(precision: 38, scale: 0)),
            Column("risk_event", .varchar(length: 256)),
            Column("vacuum_sort_benefit", .decimal(precision: 12, scale: 2)), Column("create_time", .timestamp),
        ]
    ) { state in
        let partitions = Dictionary(grouping: state.partitions(), by: \.table)
        let blocks = blocksOfColumns(state)
        let capacity = state.disks().reduce(0) { $0 + $1.capacity }
        return state.tables.compactMap { table in
            let own = partitions[table.id] ?? []
            // Each node of an ALL table has all rows.
            let isReplicated = table.distribution.effective == .all
            let counted = isReplicated ? own.filter { $0.slice < state.shape.slicesPerNode } : own
            let rows = counted.reduce(0) { $0 + $1.rows }
            guard rows > 0 else { return nil }
            return row(
                table, own, counted, blocks[table.id] ?? [:], capacity, state)
        }
    }

    /// By table and column; of tables with a sort key only.
    private static func blocksOfColumns(_ state: SystemState) -> [TableID: [Int: Int]] {
        guard state.catalog.tables.values.contains(where: { !$0.sortKey.columns.isEmpty }) else { return [:] }
        var counts: [TableID: [Int: Int]] = [:]
        for block in state.blocks() { counts[block.table, default: [:]][block.column, default: 0] += 1 }
        return counts
    }

    /// The widest column that is not in the sort key to the key's first one.
    private static func sortKeySkew(_ table: TableDefinition, _ blocks: [Int: Int]) -> SQLValue {
        let key = table.sortKey.columns
        guard let first = key.first, let own = blocks[first], own > 0,
            let widest = table.columns.indices.filter({ !key.contains($0) }).compactMap({ blocks[$0] }).max()
        else { return .null }
        return .decimal(Double(widest) / Double(own), scale: 2)
    }

    private static func row(
        _ table: TableDefinition, _ partitions: [SystemState.Partition], _ counted: [SystemState.Partition],
        _ columnBlocks: [Int: Int], _ capacity: Int64, _ state: SystemState
    ) -> [SQLValue] {
        let blocks = partitions.reduce(0) { $0 + $1.blocks }
        let rows = counted.reduce(0) { $0 + $1.rows }
        let sorted = counted.reduce(0) { $0 + $1.sortedRows }
        let visible = rows - counted.reduce(0) { $0 + $1.deletedRows }
        let isEncoded = table.columns.contains { $0.encoding != .raw }
        let hasSortKey = !table.sortKey.columns.isEmpty
        let first = table.sortKey.columns.first.map { table.columns[$0] }
        let name: [SQLValue] = [
            .text(state.database), .text(table.name.schema), .int(table.id.rawValue), .text(table.name.name),
            .text(isEncoded ? "Y" : "N"), .text(table.distribution.text(table.columns)),
            sortKeyText(table.sortKey, first), .int(table.columns.map(\.type.varcharLength).max() ?? 0),
        ]
        let unsorted: SQLValue =
            hasSortKey ? .decimal(100 * Double(rows - sorted) / Double(rows), scale: 2) : .null
        let figures: [SQLValue] = [
            first.map { .text($0.encoding.shownName) } ?? .null,
            .int(table.sortKey.columns.count), .int(blocks), share(of: blocks, capacity), .int(0), unsorted,
            .decimal(statisticsOff(table, state), scale: 2), .decimal(Double(rows), scale: 0),
            sortKeySkew(table, columnBlocks), skew(table, partitions, state), .decimal(Double(visible), scale: 0),
            .null,
            // At best all of a scan's time is spent on what is not sorted.
            unsorted, state.creationTime(of: table),
        ]
        return name + figures
    }

    /// Of the cluster's place, in percent; null where that is not known.
    private static func share(of blocks: Int64, _ capacity: Int64) -> SQLValue {
        guard capacity > 0 else { return .null }
        return .decimal(100 * Double(blocks) / Double(capacity), scale: 4)
    }

    private static func sortKeyText(_ key: SortKey, _ first: ColumnDefinition?) -> SQLValue {
        switch key {
        case .none: .null
        case .auto: .text("AUTO(SORTKEY)")
        case .interleaved: .text("INTERLEAVED")
        case .compound: first.map { .text($0.name) } ?? .null
        }
    }

    /// Rows that came and went since ANALYZE. 0: as it left the table; 100: never analysed, or nothing left of what was.
    private static func statisticsOff(_ table: TableDefinition, _ state: SystemState) -> Double {
        guard let known = state.catalog.statistics[table.id]?.rowCount else { return 100 }
        let modified = state.catalog.modifiedRows[table.id] ?? ModifiedRows()
        return modified.percent(known: known, now: Double(state.catalog.rowCounts[table.id] ?? 0))
    }

    /// Null for ALL. An empty slice counts as one with a row: the worst skew must not be missing from what looks for it.
    private static func skew(
        _ table: TableDefinition, _ partitions: [SystemState.Partition], _ state: SystemState
    ) -> SQLValue {
        let distribution = TableDistribution(of: table, partitions, shape: state.shape)
        guard table.distribution.effective != .all else { return .null }
        let most = distribution.slices.map(\.storedRows).max() ?? 0
        return .decimal(distribution.skewRows ?? Double(most), scale: 2)
    }
}

extension TableDistribution {
    /// - Parameter partitions: of that table.
    fileprivate init(of table: TableDefinition, _ partitions: [SystemState.Partition], shape: ClusterShape) {
        let slices = partitions.map { partition in
            Slice(
                slice: partition.slice, node: shape.node(ofSlice: partition.slice),
                rows: partition.rows - partition.deletedRows, deletedRows: partition.deletedRows,
                bytes: partition.bytes, blocks: partition.blocks)
        }
        self.init(table: table.id, style: table.distribution, shape: shape, slices: slices)
    }
}

extension SQLType {
    fileprivate var varcharLength: Int { if case .varchar(let length) = self { length } else { 0 } }
}
