import Catalog
import Dispatch
import Ingest
import QueryPlan
package import SQLTypes
import Storage
import VectorEngine

extension Leader {
    /// Opens the storage and builds the cluster on it.
    package static func start(_ configuration: ClusterConfiguration) async throws(SQLError) -> Leader {
        var configuration = configuration
        configuration.storage.rowGroupBytesMax = MemoryPlan.rowGroupBytes(
            bytes: configuration.memoryBytes, slices: configuration.shape?.slices ?? 2)
        let opening = configuration
        let untold = UntoldNotices()
        let opened = await Committer().run { () throws(SQLError) -> (ClusterStorage, [[UInt8]], [[UInt8]], EventLog) in
            let storage = try openStorage(opening)
            try dropTemporaries(in: storage)
            try prepareMaster(in: storage, opening)
            let (files, stored) = try EventLog.load(from: storage)
            let events = EventLog(files, stored: stored) { error in
                untold.add(
                    Notice(
                        .warning, "system tables of loads, maintenance and sessions will not outlive this process",
                        detail: error.message))
            }
            return (storage, try storage.loadErrors.load(), try storage.queryLog.load(), events)
        }
        let (storage, loadErrors, queries, events) = try opened.get()
        let shape = storage.shape
        let permits = RunPermits(
            count: max(1, configuration.permits ?? Platform.coreCount),
            keepsThreadsOnCores: configuration.keepsThreadsOnCores)
        let memory = MemoryPlan(
            bytes: configuration.memoryBytes, bytesPerNode: configuration.memoryBytesPerNode, nodes: shape.nodes)
        let workload =
            try configuration.workload.map { (json) throws(SQLError) in
                try WorkloadConfiguration(json: json, permits: permits.count)
            } ?? .automatic(permits: permits.count)
        configuration.queryLog.bytes = min(configuration.queryLog.bytes, memory.logBytes)
        configuration.credit = memory.credit(configuration.credit, slicesPerNode: shape.slicesPerNode)
        MemoryRefusals.prepare()
        MemoryRefusals.keepForReuse(atMost: memory.keptBytes)
        let leaderInbox = ExchangeInbox()
        let inboxes = (0..<shape.nodes).map { _ in ExchangeInbox() }
        let interconnect = Interconnect(leader: leaderInbox, nodes: inboxes)
        let nodes = (0..<shape.nodes).map { node in
            let slices = shape.slices(ofNode: node).map { slice in
                Slice(number: slice, node: node, store: storage.slice(slice), queues: configuration.queues)
            }
            return ComputeNode(
                number: node,
                host: SliceHost(
                    node: node, slices: slices, permits: permits,
                    memory: NodeMemory(
                        budgetBytes: memory.nodeBytes, cache: storage.cache(ofNode: node),
                        cacheMaximum: configuration.storage.cacheBytesPerNode ?? memory.cacheBytes),
                    spill: storage.spill, inbox: inboxes[node], interconnect: interconnect))
        }
        let leaderSlice = Slice(
            number: SliceTrace.leaderSlice, node: Slice.leaderNode, store: nil, queues: configuration.queues)
        let host = SliceHost(
            node: Slice.leaderNode, slices: [leaderSlice], permits: permits,
            memory: NodeMemory(budgetBytes: memory.leaderBytes, cache: nil, cacheMaximum: 0), spill: storage.spill,
            inbox: leaderInbox, interconnect: interconnect)
        return Leader(
            configuration: configuration, storage: storage, nodes: nodes, host: host, permitCount: permits.count,
            objects: try objectStore(configuration),
            roles: try roleAuthority(configuration),
            loadErrors: loadErrors.compactMap(LoadErrorRecord.init(decoding:)),
            queryLog: QueryLog(
                configuration.queryLog, file: configuration.location == .memory ? nil : storage.queryLog,
                records: queries, now: Platform.timestampNow), events: events, untold: untold,
            workload: WorkloadManager(workload, nodeBytes: memory.nodeBytes))
    }

    /// Without a shape, the directory's own; a directory without a cluster gets one node of two slices.
    private static func openStorage(_ configuration: ClusterConfiguration) throws(SQLError) -> ClusterStorage {
        do throws(SQLError) {
            return try ClusterStorage.open(
                at: configuration.location, shape: configuration.shape, options: configuration.storage)
        } catch {
            guard configuration.shape == nil, error.state == .objectNotInPrerequisiteState else { throw error }
            return try ClusterStorage.open(
                at: configuration.location, shape: ClusterShape(nodes: 1, slicesPerNode: 2),
                options: configuration.storage)
        }
    }

    /// Of sessions that a crash has ended.
    private static func dropTemporaries(in storage: ClusterStorage) throws(SQLError) {
        let version = storage.current
        let changes = version.databaseNames.flatMap { name -> [CommitRecord.Change] in
            let catalog = version.seen(from: name).catalog
            let left = catalog.schemas.filter { TableName.isTemporary(schema: $0) }.sorted()
            return left.isEmpty ? [] : [.use(database: name)] + left.flatMap { catalog.dropping(schema: $0) }
        }
        if !changes.isEmpty { _ = try storage.commit(CommitRecord(transaction: 0, changes: changes)) }
    }

    private static func roleAuthority(_ configuration: ClusterConfiguration) throws(SQLError) -> any RoleAuthority {
        if let roles = configuration.roles { return roles }
        return try AttachedRoles.standard(region: configuration.region)
    }

    private static func objectStore(_ configuration: ClusterConfiguration) throws(SQLError) -> (any ObjectStore)? {
        let objects = try buckets(configuration)
        return configuration.allowsLocalFiles ? LocalFileStore(beside: objects) : objects
    }

    private static func buckets(_ configuration: ClusterConfiguration) throws(SQLError) -> (any ObjectStore)? {
        if let objects = configuration.objects { return objects }
        if let root = configuration.objectDirectory {
            return DirectoryObjectStore(root: root, defaultRegion: configuration.region)
        }
        guard case .directory(let path) = configuration.location else { return nil }
        return DirectoryObjectStore(root: path + "/s3", defaultRegion: configuration.region)
    }

    /// Ends the cluster's use of its directory, which is left so that it opens quickly. Sessions are closed first, by
    /// who opened them.
    package func shutDown() async throws(SQLError) {
        await queryLog.flush()
        let closed = await committer.run { [storage, events] () throws(SQLError) -> Void in
            defer { storage.close() }
            events.close()
            try storage.checkpoint()
        }
        try closed.get()
    }
}
