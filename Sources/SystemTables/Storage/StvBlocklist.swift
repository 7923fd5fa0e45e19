import Catalog
import SQLTypes

extension SystemView {
    /// One row for each block, with its zone map as 64-bit integers: numbers and dates by value, others by their first
    /// eight bytes. The hidden columns that Redshift stores beside a table's own have no blocks here.
    /// - Source: Redshift developer guide, "STV_BLOCKLIST".
    static let stvBlocklist = SystemView(
        "stv_blocklist",
        [
            Column("slice", .integer), Column("col", .integer), Column("tbl", .integer), Column("blocknum", .integer),
            Column("num_values", .integer), Column("extended_limits", .integer), Column("minvalue", .bigint),
            Column("maxvalue", .bigint), Column("sb_pos", .integer), Column("pinned", .integer),
            Column("on_disk", .integer),
            Column("modified", .integer), Column("hdr_modified", .integer), Column("unsorted", .integer),
            Column("tombstone", .integer), Column("preferred_diskno", .integer), Column("temporary", .integer),
            Column("newblock", .integer), Column("num_readers", .integer), Column("flags", .integer),
        ]
    ) { state in
        state.blocks().map { block -> [SQLValue] in
            [
                .int(block.slice), .int(block.column), .int(block.table.rawValue), .int(block.number), .int(block.rows),
                .int(0), limit(block.minimum), limit(block.maximum), .int(0), .int(0), .int(1), .int(0), .int(0),
                .int(block.isSorted ? 0 : 1), .int(0), .int(0), .int(0), .int(0), .int(0), .int(0),
            ]
        }
    }

    private static func limit(_ value: SQLValue?) -> SQLValue {
        switch value {
        case nil, .null: return .null
        case .boolean(let flag): return .int(flag ? 1 : 0)
        case .integer(let number), .time(let number), .timestamp(let number), .timestamptz(let number):
            return .int(number)
        case .decimal(let decimal): return .int(Int64(clamping: decimal.unscaled))
        case .date(let days): return .int(days)
        case .timetz(let microseconds, _): return .int(microseconds)
        case .interval(let months, let days, let microseconds):
            return .int(months != 0 ? Int64(months) : Int64(days) &* 86_400_000_000 &+ microseconds)
        case .real(let number): return limit(.double(Double(number)))
        case .double(let number): return Int64(exactly: number.rounded(.down)).map { .int($0) } ?? .null
        case .string(let bytes), .varbyte(let bytes):
            // The first byte is the lowest, as Redshift's samples have it.
            var packed: UInt64 = 0
            for (place, byte) in bytes.prefix(8).enumerated() { packed |= UInt64(byte) << UInt64(8 * place) }
            return .int(Int64(bitPattern: packed))
        }
    }
}
