package import Catalog
import SQLTypes
package import Storage
package import VectorEngine

/// Where a segment runs and what it may reach from there. Made by the slice's owner for one query; shared by the
/// query's segments on that slice.
package final class SliceContext: Sendable {
    /// Through the whole cluster; `SliceTrace.leaderSlice` on the leader.
    package let slice: Int
    /// -1 on the leader.
    package let node: Int
    package let shape: ClusterShape
    package let routing: RoutingTable
    /// What the query sees of the database, from its first to its last row.
    package let version: DatabaseVersion
    /// The slice's own partitions; nil on the leader, which stores nothing.
    package let store: SliceStore?
    /// Of the node's first slice, which holds the node's copy of each ALL table; nil on the leader.
    package let nodeStore: SliceStore?
    package let exchanges: any ExchangePorts
    /// Shared by the slices of the node.
    package let hashTables: HashTableRegistry
    package let virtualTables: any VirtualTableProvider
    package let inserted: InsertedRowGroups
    package let deleted: DeletedRowPositions
    package let identities: IdentityUse
    /// Takes what a leader segment makes that ends in no sink of its own; nil elsewhere.
    package let results: (any ResultSink)?
    /// Makes what the `unload` step writes with; nil but for an UNLOAD.
    package let unload: (any UnloadPort)?
    /// What stable functions read; the random seed is the slice's own.
    package let evaluation: EvaluationContext
    package let memory: any MemoryGrant
    /// Where operators write what they are refused memory for; nil: nowhere, and a refusal ends the query.
    package let spill: (any SpillStore)?
    package let cancellation: CancellationFlag
    /// Of the plan, if it is run again and again; nil: programs are made anew.
    package let programs: KeptPrograms?

    package init(
        slice: Int, node: Int, shape: ClusterShape, routing: RoutingTable, version: DatabaseVersion, store: SliceStore?,
        nodeStore: SliceStore?, exchanges: any ExchangePorts, hashTables: HashTableRegistry,
        virtualTables: any VirtualTableProvider, inserted: InsertedRowGroups,
        deleted: DeletedRowPositions = DeletedRowPositions(), identities: IdentityUse = IdentityUse(),
        results: (any ResultSink)? = nil,
        unload: (any UnloadPort)? = nil, evaluation: EvaluationContext = EvaluationContext(),
        memory: any MemoryGrant = UnlimitedMemory(), spill: (any SpillStore)? = nil,
        cancellation: CancellationFlag, programs: KeptPrograms? = nil
    ) {
        self.slice = slice
        self.node = node
        self.shape = shape
        self.routing = routing
        self.version = version
        self.store = store
        self.nodeStore = nodeStore
        self.exchanges = exchanges
        self.hashTables = hashTables
        self.virtualTables = virtualTables
        self.inserted = inserted
        self.deleted = deleted
        self.identities = identities
        self.results = results
        self.unload = unload
        var own = evaluation
        own.randomSeed ^= UInt64(truncatingIfNeeded: slice + 1) &* 0x9E37_79B9_7F4A_7C15
        if node >= 0 { own.slice = slice }
        self.evaluation = own
        self.memory = memory
        self.spill = spill
        self.cancellation = cancellation
        self.programs = programs
    }

    /// Position among the slices of its node, from 0: which row groups of a shared copy are its own.
    var localSlice: Int { slice - shape.slices(ofNode: node).lowerBound }

    /// For one operator that can spill; its share of the slice's memory is claimed here.
    func workspace() -> SpillWorkspace { workspace(MemoryAccount(memory.operatorShare())) }

    func workspace(_ account: MemoryAccount) -> SpillWorkspace {
        SpillWorkspace(account: account, store: spill) { [cancellation] () throws(SQLError) in
            try cancellation.check()
        }
    }

    package var isCancelled: Bool { cancellation.isSet }
}
