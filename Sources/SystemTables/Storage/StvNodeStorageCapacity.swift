import Catalog
import SQLTypes

extension SystemView {
    /// Blocks in use on each node, and how many there is place for: on a disk that nodes share, an equal part of what is free.
    /// - Source: Redshift developer guide, "STV_NODE_STORAGE_CAPACITY".
    static let stvNodeStorageCapacity = SystemView(
        "stv_node_storage_capacity",
        [Column("node", .integer), Column("used", .integer), Column("capacity", .integer)]
    ) { state in
        let disks = state.disks()
        return state.blocksOfNodes.enumerated().map { node, used in
            [.int(node), .clamped(used), node < disks.count ? .clamped(disks[node].capacity) : .null]
        }
    }
}
