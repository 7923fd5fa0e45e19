package import Catalog

/// The node types that Redshift has or had, with what matters to a query.
/// - Source: Redshift management guide, "Amazon Redshift clusters: node type details".
package struct NodeType: Hashable, Sendable {
    package let name: String
    package let virtualCPUs: Int
    package let memoryGiB: Int
    /// When the cluster is created; elastic resize spreads them over more or fewer nodes.
    package let slicesPerNode: Int
    /// How many nodes a cluster of the type can have.
    package let nodes: ClosedRange<Int>

    package static let all: [NodeType] = [
        NodeType("dc2.large", 2, 15, slices: 2, nodes: 1...32),
        NodeType("dc2.8xlarge", 32, 244, slices: 16, nodes: 2...128),
        NodeType("ra3.large", 2, 16, slices: 2, nodes: 1...16),
        NodeType("ra3.xlplus", 4, 32, slices: 2, nodes: 1...32),
        NodeType("ra3.4xlarge", 12, 96, slices: 4, nodes: 2...64),
        NodeType("ra3.16xlarge", 48, 384, slices: 16, nodes: 2...128),
        NodeType("rg.large", 2, 16, slices: 2, nodes: 1...16),
        NodeType("rg.xlarge", 4, 32, slices: 2, nodes: 2...16),
        NodeType("rg.4xlarge", 16, 128, slices: 8, nodes: 2...32),
        NodeType("rg.12xlarge", 48, 384, slices: 16, nodes: 2...128),
        NodeType("ds2.xlarge", 4, 31, slices: 2, nodes: 1...32),
        NodeType("ds2.8xlarge", 36, 244, slices: 16, nodes: 2...128),
        NodeType("dc1.large", 2, 15, slices: 2, nodes: 1...32),
        NodeType("dc1.8xlarge", 32, 244, slices: 32, nodes: 2...128),
    ]

    private init(_ name: String, _ virtualCPUs: Int, _ memoryGiB: Int, slices: Int, nodes: ClosedRange<Int>) {
        self.name = name
        self.virtualCPUs = virtualCPUs
        self.memoryGiB = memoryGiB
        slicesPerNode = slices
        self.nodes = nodes
    }

    package static func named(_ name: String) -> NodeType? { all.first { $0.name == name } }

    /// nil if the type does not come in such a number.
    package func shape(nodes count: Int) -> ClusterShape? {
        nodes.contains(count) ? ClusterShape(nodes: count, slicesPerNode: slicesPerNode) : nil
    }
}
