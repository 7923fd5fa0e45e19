import Catalog
import SQLTypes

extension SystemState {
    /// By node.
    var blocksOfNodes: [Int64] {
        var used = Array(repeating: Int64(0), count: shape.nodes)
        for partition in partitions() { used[shape.node(ofSlice: partition.slice)] += partition.blocks }
        return used
    }
}
