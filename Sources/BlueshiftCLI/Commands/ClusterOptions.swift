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

    func validate() throws {
        if let nodes, !(1 ... 128).contains(nodes) { throw ValidationError("--nodes takes 1 to 128") }
        if let slices, !(1 ... 1_024).contains(slices) { throw ValidationError("--slices takes 1 to 1024") }
        if slices != nil && nodeType != nil { throw ValidationError("--slices and --node-type exclude each other") }
    }
}
