import Catalog
import SQLTypes

extension SystemView {
    /// One disk for each node. - Source: Redshift developer guide, "STV_PARTITIONS".
    static let stvPartitions = SystemView(
        "stv_partitions",
        [
            Column("owner", .integer), Column("host", .integer), Column("diskno", .integer),
            Column("part_begin", .bigint), Column("part_end", .bigint), Column("used", .integer),
            Column("tossed", .integer), Column("capacity", .integer), Column("reads", .bigint),
            Column("writes", .bigint), Column("seek_forward", .integer), Column("seek_back", .integer),
            Column("is_san", .integer), Column("failed", .integer), Column("mbps", .integer),
            Column("mount", .char(length: 256)),
        ]
    ) { state in
        let disks = state.disks()
        return state.blocksOfNodes.enumerated().map { node, used -> [SQLValue] in
            let disk = node < disks.count ? disks[node] : nil
            return [
                .int(node), .int(node), .int(0), .int(0), disk.map { .int($0.capacity << 20) } ?? .null,
                .clamped(used), .int(0), disk.map { .clamped($0.capacity) } ?? .null,
                disk.map { .int($0.reads) } ?? .null, disk.map { .int($0.writes) } ?? .null, .int(0), .int(0), .int(0),
                .int(0), .int(0), .text(disk?.mount ?? "", max: 256),
            ]
        }
    }
}
