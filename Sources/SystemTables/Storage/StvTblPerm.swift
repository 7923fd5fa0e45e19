import Catalog
import SQLTypes

extension SystemView {
    /// Rows of each table on each slice; the copies of an ALL table are on the first slice of each node.
    /// - Source: Redshift developer guide, "STV_TBL_PERM".
    static let stvTblPerm = SystemView(
        "stv_tbl_perm",
        [
            Column("slice", .integer), Column("id", .integer), Column("name", .char(length: 72)),
            Column("rows", .bigint),
            Column("sorted_rows", .bigint), Column("temp", .integer), Column("db_id", .integer),
            Column("insert_pristine", .integer), Column("delete_pristine", .integer), Column("backup", .integer),
            Column("dist_style", .integer), Column("block_count", .integer),
        ]
    ) { state in
        state.partitions().compactMap { partition -> [SQLValue]? in
            guard let table = state.catalog.tables[partition.table] else { return nil }
            return [
                .int(partition.slice), .int(partition.table.rawValue), .text(table.name.name, max: 72),
                .int(partition.rows),
                .int(partition.sortedRows), .int(table.isTemporary ? 1 : 0), .int(databaseID), .int(0), .int(0),
                .int(1),
                .int(table.distribution.code), .int(partition.blocks),
            ]
        }
    }

    /// A cluster has one user database so far; ids of databases start here.
    static let databaseID = 100
}

extension Distribution {
    /// `dist_style`, as in releffectivediststyle. - Source: Redshift developer guide, "PG_CLASS_INFO".
    var code: Int {
        switch effective {
        case .even: isAutomatic ? 11 : 0
        case .key: isAutomatic ? 12 : 1
        case .all: isAutomatic ? 10 : 8
        }
    }

    /// As SVV_TABLE_INFO writes it.
    func text(_ columns: [ColumnDefinition]) -> String {
        let plain =
            switch effective {
            case .even: "EVEN"
            case .key(let column): "KEY(\(column < columns.count ? columns[column].name : "?"))"
            case .all: "ALL"
            }
        return isAutomatic ? "AUTO(\(plain))" : plain
    }
}
