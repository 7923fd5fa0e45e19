package import Catalog
package import Ingest
package import Storage

/// What a cluster is made of. Everything has a default that suits one person on a laptop.
package struct ClusterConfiguration: Sendable {
    /// nil: the shape that the directory remembers, or one node of two slices.
    package var shape: ClusterShape?
    package var location: ClusterStorage.Location
    package var storage = ClusterStorage.Options()
    /// Slices that may compute at one time; nil: as many as cores.
    package var permits: Int?
    /// Decision 0003.
    package var keepsThreadsOnCores = true
    package var queues = Slice.Queues.sharedTarget
    package var credit = ExchangeCredit()
    /// What the process may hold in operators and block caches, leader and nodes together; nil: half of the machine's
    /// memory.
    package var memoryBytes: Int?
    /// What one node may; nil: an equal part of that.
    package var memoryBytesPerNode: Int?
    /// How much is kept of statements that have ended.
    package var queryLog = QueryLog.Limits()
    /// Queues, as the parameter `wlm_json_configuration` has them; nil: one automatic queue.
    package var workload: String?
    package var databaseName = "dev"
    /// The master user of a cluster that is new. One that is there keeps the name that it has, and is not opened under
    /// another one.
    package var userName = ClusterConfiguration.standardUserName
    package static let standardUserName = "awsuser"
    /// From this start on the master user's password, as an administrator resets it; nil: whatever it was.
    package var masterPassword: String?
    package var region = "us-west-2"
    /// Where `s3://` leads; nil: `objectDirectory`.
    package var objects: (any ObjectStore)?
    /// Buckets are its folders; nil: `s3` in the cluster's directory, and nothing for a cluster in memory.
    package var objectDirectory: String?
    /// COPY and UNLOAD may name files of this machine by their paths.
    package var allowsLocalFiles = false
    /// nil: the standard role alone, which is the default role, too.
    package var roles: (any RoleAuthority)?

    /// On a directory, or, without one, in memory.
    package init(shape: ClusterShape? = nil, directory: String?, cacheBytesPerNode: Int? = nil) {
        self.init(shape: shape, location: directory.map { .directory($0) } ?? .memory)
        if let cacheBytesPerNode { storage.cacheBytesPerNode = max(0, cacheBytesPerNode) }
    }

    package init(shape: ClusterShape? = nil, location: ClusterStorage.Location = .memory) {
        self.shape = shape
        self.location = location
    }
}
