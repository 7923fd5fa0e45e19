import Catalog
import SQLTypes

extension SystemView {
    /// STV_BLOCKLIST with the names of tables. - Source: Redshift developer guide, "SVV_DISKUSAGE".
    static let svvDiskusage = SystemView(
        meetingUserTables: "svv_diskusage",
        [
            Column("db_id", .integer), Column("name", .char(length: 72)), Column("slice", .integer),
            Column("col", .integer), Column("tbl", .integer), Column("blocknum", .integer),
            Column("num_values", .integer), Column("minvalue", .bigint), Column("maxvalue", .bigint),
            Column("sb_pos", .integer), Column("pinned", .integer), Column("on_disk", .integer),
            Column("modified", .integer), Column("hdr_modified", .integer), Column("unsorted", .integer),
            Column("tombstone", .integer), Column("preferred_diskno", .integer), Column("temporary", .integer),
            Column("newblock", .integer),
        ]
    ) { state in
        let places = [
            "slice", "col", "tbl", "blocknum", "num_values", "minvalue", "maxvalue", "sb_pos", "pinned", "on_disk",
            "modified", "hdr_modified", "unsorted", "tombstone", "preferred_diskno", "temporary", "newblock",
        ].compactMap { name in stvBlocklist.definition.columns.firstIndex { $0.name == name } }
        return stvBlocklist.rows(state, columns: places).compactMap { row -> [SQLValue]? in
            guard case .integer(let number) = row[2], let id = Int32(exactly: number),
                let table = state.catalog.tables[TableID(id)]
            else { return nil }
            return [.int(state.databaseNumber), .text(table.name.name, max: 72)] + row
        }
    }
}
