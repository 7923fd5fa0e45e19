import ArgumentParser
import Blueshift

/// Which cluster a command starts.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Compute nodes; the default is 1, or what the data directory was made with.")
    var nodes: Int?

    @Option(help: "Slices on each node; the default is 2, or what the data directory or the node type says.")
    var slices: Int?

    @Option(help: "A Redshift node type (dc2.large, ra3.xlplus, …), for its number of slices.")
    var nodeType: String?

    @Option(help: "Where tables and buckets (DIR/s3/<bucket>/<key>) are; made if missing.")
    var dataDir: String?

    @Flag(help: "Keep tables in memory even with --data-dir, which then holds buckets only.")
    var inMemory = false

    @OptionGroup var memoryOptions: MemoryOptions

    func validate() throws {
        if let nodes, !(1...128).contains(nodes) { throw ValidationError("--nodes takes 1 to 128") }
        if let slices, !(1...1_024).contains(slices) { throw ValidationError("--slices takes 1 to 1024") }
        if slices != nil && nodeType != nil { throw ValidationError("--slices and --node-type exclude each other") }
    }
}

extension ClusterOptions {
    /// - Throws: `SQLError` for a node type that there is not, or a number of nodes that it does not come in.
    var configuration: Cluster.Configuration {
        get throws(SQLError) {
            var configuration = Cluster.Configuration(directory: inMemory ? nil : dataDir)
            if let nodeType {
                configuration = try .init(nodeType: nodeType, nodes: nodes ?? 2, directory: configuration.directory)
            } else if nodes != nil || slices != nil {
                configuration.nodes = nodes ?? 1
                configuration.slicesPerNode = slices ?? 2
            }
            configuration.memoryBytes = memoryOptions.memory?.bytes
            // Who runs the command may read the files anyway.
            configuration.allowsLocalFiles = true
            if inMemory, let dataDir { configuration.objectDirectory = dataDir + "/s3" }
            return configuration
        }
    }
}

extension Cluster {
    /// `2 nodes × 2 slices`.
    var summary: String {
        "\(nodes) node\(nodes == 1 ? "" : "s") × \(slicesPerNode) slice\(slicesPerNode == 1 ? "" : "s")"
    }
}
