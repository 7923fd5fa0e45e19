package import Catalog
import Execution
package import QueryPlan
package import Storage

/// Who sends into an exchange of a plan, and who receives: worked out once by the leader, sent to every node.
package struct ExchangeRoute: Sendable {
    package enum Receivers: Hashable, Sendable {
        case everySlice
        /// Broadcast rows of a DISTSTYLE ALL table, whose copy the node's first slice holds.
        case firstSliceOfEachNode
        case slice(Int)
        case leader
    }

    /// Slice numbers, ascending.
    package var senders: [Int]
    package var receivers: Receivers
    /// The receiver merges: each sender's rows stay a stream of their own.
    package var keepsSendersApart: Bool
    /// The leader's cursor, if rows go to the slices in turn.
    var cursor: RoundRobinCursor?

    package init(senders: [Int], receivers: Receivers, keepsSendersApart: Bool = false) {
        self.senders = senders
        self.receivers = receivers
        self.keepsSendersApart = keepsSendersApart
    }

    /// Slices of the node that receive; for the leader (`Slice.leaderNode`) its own one.
    func receivers(onNode node: Int, shape: ClusterShape) -> [Int] {
        if node == Slice.leaderNode { return receivers == .leader ? [SliceTrace.leaderSlice] : [] }
        let slices = shape.slices(ofNode: node)
        return switch receivers {
        case .everySlice: Array(slices)
        case .firstSliceOfEachNode: [slices.lowerBound]
        case .slice(let slice): slices.contains(slice) ? [slice] : []
        case .leader: []
        }
    }

    /// The routes of all exchanges of a plan.
    package static func routes(
        of plan: QueryPlan, shape: ClusterShape, version: DatabaseVersion
    ) -> [ExchangeID: ExchangeRoute] {
        var routes: [ExchangeID: ExchangeRoute] = [:]
        var isInTurn: Set<ExchangeID> = []
        for segment in plan.segments {
            guard let step = segment.steps.last, let exchange = step.sendsInto else { continue }
            if case .distributeRoundRobin = step { isInTurn.insert(exchange) }
            routes[exchange] = ExchangeRoute(senders: segment.location.slices(shape), receivers: .everySlice)
        }
        for segment in plan.segments {
            guard let source = segment.steps.first?.receivesFrom else { continue }
            routes[source.exchange]?.keepsSendersApart = source.isMerge
            if isInTurn.contains(source.exchange) {
                let target = segment.insertTarget.flatMap { version.tables[$0] }
                routes[source.exchange]?.cursor = RoundRobinCursor(continuing: target, shape: shape)
            }
            routes[source.exchange]?.receivers =
                switch segment.location {
                case .leader: .leader
                case .oneSlice(let slice): .slice(slice)
                case .everySlice: fillsCopies(segment, version.catalog) ? .firstSliceOfEachNode : .everySlice
                }
        }
        return routes
    }

    private static func fillsCopies(_ segment: Segment, _ catalog: CatalogSnapshot) -> Bool {
        guard let table = segment.insertTarget else { return false }
        return catalog.tables[table]?.distribution.effective == .all
    }
}

extension Segment.Location {
    /// Slices that run a segment of this location, ascending.
    func slices(_ shape: ClusterShape) -> [Int] {
        switch self {
        case .everySlice: Array(0..<shape.slices)
        case .oneSlice(let slice): [slice]
        case .leader: [SliceTrace.leaderSlice]
        }
    }

    /// Nodes that get such a segment, ascending.
    func nodes(_ shape: ClusterShape) -> [Int] {
        switch self {
        case .everySlice: Array(0..<shape.nodes)
        case .oneSlice(let slice): [shape.node(ofSlice: slice)]
        case .leader: [Slice.leaderNode]
        }
    }
}

extension Segment {
    /// The table that the segment writes.
    var insertTarget: TableID? {
        switch steps.last {
        case .insert(let table): table
        case .rewrite(let rewrite): rewrite.table
        default: nil
        }
    }
}

extension Segment {
    var fillsIdentity: Bool {
        steps.contains { step in
            if case .identity = step { true } else { false }
        }
    }

    var deletesRows: Bool {
        steps.contains { step in
            if case .delete = step { true } else { false }
        }
    }
}

extension Step {
    /// The exchange that this sink sends into.
    var sendsInto: ExchangeID? {
        switch self {
        case .distribute(let exchange, _), .distributeRoundRobin(let exchange), .distributeBySlice(let exchange, _),
            .broadcast(let exchange),
            .sendToSlice(let exchange, _), .gather(let exchange):
            exchange
        default: nil
        }
    }

    /// The exchange that this source reads.
    var receivesFrom: (exchange: ExchangeID, isMerge: Bool)? {
        switch self {
        case .receive(let exchange, _): (exchange, false)
        case .merge(let exchange, _, _): (exchange, true)
        default: nil
        }
    }
}
