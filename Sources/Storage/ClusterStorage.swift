package import Catalog
package import SQLTypes

/// Everything that a cluster keeps: the log, the versions, a store for each slice, a cache for each node.
package final class ClusterStorage: Sendable {
    package enum Location: Hashable, Sendable {
        case memory
        /// Made if it does not exist.
        case directory(String)
    }

    package struct Options: Hashable, Sendable {
        /// Of unpacked columns, for each node.
        package var cacheBytesPerNode = 1 << 30
        /// Files that may be open at once, in the whole cluster.
        package var openFilesMax = 256
        /// A log longer than this is replaced by a checkpoint.
        package var checkpointLogBytes = 16 << 20
        package init() {}
    }

    package let shape: ClusterShape

    /// Opens or makes the cluster. `shape` nil: the one that the directory remembers. Another one than that is refused.
    package static func open(
        at location: Location, shape: ClusterShape?, options: Options = Options()
    ) throws(SQLError) -> ClusterStorage {
        throw .internalError("opening storage is not written yet")
    }

    /// The last commit.
    package var current: DatabaseVersion { DatabaseVersion() }

    package func slice(_ number: Int) -> SliceStore { preconditionFailure("slice \(number)") }
    package func cache(ofNode node: Int) -> BlockCache { preconditionFailure("node \(node)") }

    /// A number that no table has or had, and that no other caller gets.
    package func reserveTableID() -> TableID { .firstUserTable }

    /// Makes the changes durable, then visible. On error nothing has changed.
    package func commit(_ record: CommitRecord) throws(SQLError) -> DatabaseVersion {
        throw .internalError("commit is not written yet")
    }

    /// Replaces the log by a snapshot of the current version.
    package func checkpoint() throws(SQLError) {
        throw .internalError("checkpoint is not written yet")
    }

    /// Gives the directory free for another process. Nothing may be asked of the storage or its slices afterwards.
    package func close() {}

    init(shape: ClusterShape) { self.shape = shape }
}
