/// How many nodes, and slices on each. Slices are numbered through the cluster from 0, node after node.
package struct ClusterShape: Hashable, Sendable {
    package var nodes: Int
    package var slicesPerNode: Int

    package init(nodes: Int, slicesPerNode: Int) {
        precondition(nodes >= 1 && slicesPerNode >= 1, "a cluster of \(nodes) nodes × \(slicesPerNode) slices")
        self.nodes = nodes
        self.slicesPerNode = slicesPerNode
    }

    package var slices: Int { nodes * slicesPerNode }
    package func node(ofSlice slice: Int) -> Int { slice / slicesPerNode }
    package func slices(ofNode node: Int) -> Range<Int> { node * slicesPerNode..<(node + 1) * slicesPerNode }
}
