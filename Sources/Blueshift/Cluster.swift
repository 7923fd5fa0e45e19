import Catalog
package import ClusterRuntime

/// A Redshift cluster in this process: a leader, compute nodes, slices, and the rows that they hold.
///
///     let cluster = try await Cluster(.init(nodes: 2, slicesPerNode: 2))
///     let session = cluster.session()
///     try await session.execute("CREATE TABLE sales (id INT, price DECIMAL(8,2)) DISTKEY (id)")
///     for try await row in try await session.execute("SELECT id, price FROM sales") {
///         let (id, price) = try row.decode(Int.self, Decimal.self)
///     }
///     try await cluster.close()
public final class Cluster: Sendable {
    /// What a cluster is made of.
    public struct Configuration: Sendable {
        /// Compute nodes; nil: what the directory remembers, or one node of two slices.
        public var nodes: Int?
        /// Slices on each node; given if and only if `nodes` is.
        public var slicesPerNode: Int?
        /// Where tables are kept; nil: in memory, gone with the cluster. Made if it is not there. `s3://bucket/key` is
        /// the file `s3/bucket/key` in it.
        public var directory: String?
        /// Slices that may compute at one time; nil: as many as there are cores.
        public var concurrentSlices: Int?
        /// Whether each of the threads that slices compute on stays on a core of its own, on Linux: they are those of
        /// Dispatch's global queue of quality `userInitiated`, whatever else runs there. Without it, the kernel sometimes runs
        /// two slices one after the other on one core while the next one sleeps.
        public var keepsThreadsOnCores = true
        /// Bytes that queries and cached columns may take, leader and nodes together; nil: half of the machine's memory.
        /// Queries that need more write to disk. Code, stacks and batches on their way are not counted.
        public var memoryBytes: Int?
        /// Bytes of unpacked columns that each node keeps in memory, at most.
        public var cacheBytesPerNode: Int?
        /// Queues of the workload management, as Redshift's parameter `wlm_json_configuration` has them: JSON, a list
        /// of queues; nil: one automatic queue.
        public var wlmJSONConfiguration: String?
        /// The database of a cluster that is new.
        public var database = "dev"
        /// The master user of a cluster that is new; nil: the one that the directory has, or `awsuser`.
        public var user: String?
        /// The master user's password from now on: for clients that connect over a network; nil: whatever it was.
        public var password: String?
        /// The cluster's AWS region: COPY checks it against the bucket's.
        public var region = "us-west-2"
        /// Files that `s3://bucket/key` leads to, as `<directory>/<bucket>/<key>`; nil: the folder `s3` of `directory`.
        public var objectDirectory: String?
        /// Whether COPY and UNLOAD may name files of this machine by plain paths (`COPY t FROM 'data/part-'`), without
        /// an authorization. Everyone with a session then reads and writes what the process may: leave it off where
        /// others connect. Redshift knows no such paths.
        public var allowsLocalFiles = false

        /// A cluster of that many nodes and slices.
        public init(nodes: Int, slicesPerNode: Int, directory: String? = nil) {
            self.nodes = nodes
            self.slicesPerNode = slicesPerNode
            self.directory = directory
        }

        /// A cluster of `nodes` nodes of a type that Redshift has, such as `dc2.large`: its slices per node.
        /// - Throws: `invalidParameterValue` if there is no such type, or it does not come in that number.
        public init(nodeType: String, nodes: Int, directory: String? = nil) throws(SQLError) {
            guard let type = NodeType.named(nodeType) else {
                throw SQLError(
                    .invalidParameterValue, "there is no node type \(nodeType)",
                    hint: "There are \(NodeType.all.map(\.name).joined(separator: ", ")).")
            }
            guard let shape = type.shape(nodes: nodes) else {
                throw SQLError(
                    .invalidParameterValue,
                    "\(nodeType) clusters have \(type.nodes.lowerBound) to "
                        + "\(type.nodes.upperBound) nodes, not \(nodes)")
            }
            self.init(nodes: nodes, slicesPerNode: shape.slicesPerNode, directory: directory)
        }

        /// The cluster that a directory holds, in the shape that it was made with.
        public init(directory: String? = nil) { self.directory = directory }
    }

    private let leader: Leader

    /// Opens the cluster, or makes it.
    /// - Throws: what is wrong with the shape, or with the directory: another process has it open, another shape was
    ///   asked for than it has, its files are damaged.
    public init(_ configuration: Configuration = Configuration()) async throws(SQLError) {
        leader = try await Leader.start(try configuration.forRuntime)
    }

    /// For the command and the server, which look deeper than the library does.
    package init(runtime configuration: ClusterConfiguration) async throws(SQLError) {
        leader = try await Leader.start(configuration)
    }

    /// The leader, for the command and the server.
    package var runtime: Leader { leader }

    /// A new session, with settings and a transaction of its own. Sessions run at the same time.
    public func session() -> Session { Session(DatabaseSession.open(on: leader)) }

    /// A new session of another user than the cluster's own. Whoever has the cluster in hand needs no password.
    /// - Throws: there is no such user, its time is over, or it has as many sessions as it may have.
    public func session(user: String) throws(SQLError) -> Session {
        let identity = SessionIdentity(user: user, database: leader.configuration.databaseName)
        return Session(try DatabaseSession.open(on: leader, identity))
    }

    /// Compute nodes.
    public var nodes: Int { leader.shape.nodes }
    /// Slices on each node.
    public var slicesPerNode: Int { leader.shape.slicesPerNode }
    /// Slices of the whole cluster, numbered from 0 node after node.
    public var slices: Int { leader.shape.slices }
    /// Slices that may compute at one time.
    public var concurrentSlices: Int { leader.permitCount }

    /// What the user should know of the cluster as it is, such as that slices share cores.
    public var notices: [StatementNotice] { leader.notices.map { StatementNotice($0) } }

    /// Gives the directory free. Close the sessions first; a statement that still runs fails.
    /// - Throws: what the disk said. All that was committed is kept in any case.
    public func close() async throws(SQLError) { try await leader.shutDown() }
}

extension Cluster: CustomStringConvertible {
    /// `2 nodes × 4 slices`.
    public var description: String {
        "\(nodes) \(nodes == 1 ? "node" : "nodes") × \(slicesPerNode) \(slicesPerNode == 1 ? "slice" : "slices")"
    }
}

extension Cluster.Configuration {
    fileprivate var forRuntime: ClusterConfiguration {
        get throws(SQLError) {
            var shape: ClusterShape?
            switch (nodes, slicesPerNode) {
            case (let nodes?, let slices?):
                let limit = 65_536
                guard nodes >= 1, slices >= 1, nodes <= limit, slices <= limit, nodes * slices <= limit else {
                    throw SQLError(
                        .invalidParameterValue, "a cluster cannot have \(nodes) nodes of \(slices) slices",
                        hint: "It has at least one of each, and at most \(limit) slices in all.")
                }
                shape = ClusterShape(nodes: nodes, slicesPerNode: slices)
            case (nil, nil): break
            default:
                throw SQLError(.invalidParameterValue, "nodes and slices per node are given together or not at all")
            }
            if let concurrentSlices, concurrentSlices < 1 {
                throw SQLError(.invalidParameterValue, "\(concurrentSlices) slices cannot compute anything")
            }
            var runtime = ClusterConfiguration(
                shape: shape, directory: directory, cacheBytesPerNode: cacheBytesPerNode)
            if let memoryBytes, memoryBytes < 16 << 20 {
                throw SQLError(
                    .invalidParameterValue, "a cluster cannot work with \(memoryBytes) bytes of memory",
                    hint: "It needs 16 MB at least.")
            }
            runtime.memoryBytes = memoryBytes
            runtime.workload = wlmJSONConfiguration
            runtime.permits = concurrentSlices
            runtime.keepsThreadsOnCores = keepsThreadsOnCores
            runtime.region = region
            runtime.databaseName = database
            if let user { runtime.userName = user }
            runtime.masterPassword = password
            runtime.objectDirectory = objectDirectory
            runtime.allowsLocalFiles = allowsLocalFiles
            return runtime
        }
    }
}
