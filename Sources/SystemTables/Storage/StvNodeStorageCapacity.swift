import Catalog
import SQLTypes

extension SystemView {
    /// Blocks in use on each node, and what there is place for: null, where nothing but the disk sets a limit.
    /// - Source: Redshift developer guide, "STV_NODE_STORAGE_CAPACITY".
    static let stvNodeStorageCapacity = SystemView(
        "stv_node_storage_capacity",
        [Column("node", .integer), Column("used", .integer), Column("capacity", .integer)]
    ) { state in
        state.blocksOfNodes.enumerated().map { node, used in
            [.int(node), .int(used), .int(state.blockCapacityOfNode.map { Int($0) })]
        }
    }

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
        state.blocksOfNodes.enumerated().map { node, used in
            [
                .int(node), .int(node), .int(0), .int(0), .int(state.blockCapacityOfNode.map { Int($0) << 20 }),
                .int(used), .int(0), .int(state.blockCapacityOfNode.map { Int($0) }), .null, .null, .null, .null,
                .int(0),
                .int(0), .null, .text(""),
            ]
        }
    }
}

extension SystemState {
    /// By node.
    fileprivate var blocksOfNodes: [Int64] {
        var used = Array(repeating: Int64(0), count: shape.nodes)
        for partition in partitions() { used[shape.node(ofSlice: partition.slice)] += partition.blocks }
        return used
    }
}
