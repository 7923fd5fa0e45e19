package import SQLTypes

/// Probes a build side that is on disk: probe rows are dealt as the build was; when they are all there, one partition
/// after the other is an ordinary hash join. A partition whose build is too large still is dealt again, by other bits;
/// one that cannot be dealt any further (one key with very many rows) is joined piece by piece: `ChunkedJoin`.
///
/// - Source: Kitsuregawa, Tanaka, Moto-oka, "Application of Hash to Data Base Machine and Its Architecture", New
///   Generation Computing 1983 (GRACE hash join).
package final class SpilledHashJoin: BatchOperator {
    package typealias MakeJoin = (JoinTable, JoinType) throws(SQLError) -> HashJoinOperator
    private struct Partition {
        var build: [SpillRun]
        var probe: [SpillRun]
        var level: Int
        /// Dealing it further has not helped.
        var isOneKey = false
        var buildRows: Int { build.reduce(0) { $0 + $1.rowCount } }
        var buildBytes: Int { build.reduce(0) { $0 + $1.memoryBytes } }
        var probeRows: Int { probe.reduce(0) { $0 + $1.rowCount } }
    }

    private let build: SpilledBuild
    private let type: JoinType
    private let keys: [Int]
    private let workspace: SpillWorkspace
    private let makeJoin: MakeJoin
    private let probe: SpillPartitioner
    /// To be joined, the next one last; and what is.
    private var partitions: [Partition] = []
    private var current: (any PartitionJoin)?
    private var dealing: Dealing?

    /// - Parameters:
    ///   - keys: input columns, in the order of the build's keys.
    ///   - makeJoin: the join over one table, of the kind that is said.
    package init(
        _ build: SpilledBuild, type: JoinType, keys: [Int], _ workspace: SpillWorkspace, makeJoin: @escaping MakeJoin
    ) throws(SQLError) {
        self.build = build
        // No build key is null, or there is no result: then only null keys of the probe side are another matter.
        self.type = type == .nullAwareAnti ? .anti : type
        dropsNullKeys = type == .nullAwareAnti
        isSatisfied = type == .nullAwareAnti && build.hasNullKey
        self.keys = keys
        self.workspace = workspace
        self.makeJoin = makeJoin
        probe = try SpillPartitioner(
            keys: keys, kinds: build.layout.keyTypes.map { KeyKind($0) }, level: 0, workspace)
    }

    private let dropsNullKeys: Bool
    package let isSatisfied: Bool
    package var account: MemoryAccount? { workspace.account }
    package var spilledBytes: Int64 { workspace.spilledBytes }
    package var algorithm: String { "partitioned on disk" }

    package func consume(_ batch: Batch) throws(SQLError) {
        guard !isSatisfied else { return }
        try probe.append(batch, dropsNullKeys: dropsNullKeys)
    }

    package func inputEnded() throws(SQLError) {
        guard !isSatisfied else { return }
        for (build, run) in zip(build.partitions, try probe.finish()).reversed() {
            add(Partition(build: build, probe: run.rowCount > 0 ? [run] : [], level: 0))
        }
    }

    /// Partitions that give no row are left out.
    private func add(_ partition: Partition) {
        let isWanted =
            switch type {
            case .inner, .semi, .buildSemi: !partition.build.isEmpty && !partition.probe.isEmpty
            case .left, .anti, .nullAwareAnti: !partition.probe.isEmpty
            case .right, .buildAnti: !partition.build.isEmpty
            case .full: !partition.build.isEmpty || !partition.probe.isEmpty
            }
        if isWanted { partitions.append(partition) }
    }

    package func produce() throws(SQLError) -> Batch? {
        try workspace.checkpoint()
        if let current {
            if let output = try current.next() { return output }
            self.current = nil
            workspace.account.force(to: 0)
            return .stillWorking
        }
        if let dealing {
            guard try dealing.step() else { return .stillWorking }
            self.dealing = nil
            for partition in try dealing.finish().reversed() { add(partition) }
            return .stillWorking
        }
        guard let partition = partitions.popLast() else { return nil }
        try start(partition)
        return .stillWorking
    }

    private func start(_ partition: Partition) throws(SQLError) {
        let needed = BuildCollector.bytesToBuild(
            rows: partition.buildRows, bytes: partition.buildBytes, keys: build.layout.keys.count)
        if !workspace.account.resize(to: needed) {
            let isSmall = partition.buildRows <= workspace.rowsMinimum
            if !isSmall && !partition.isOneKey && partition.level < SpillPartitioner.levelMaximum {
                dealing = try Dealing(partition, self)
                return
            }
            if !isSmall {
                current = try ChunkedJoin(
                    build: partition.build, probe: partition.probe, layout: build.layout, type: type, workspace,
                    makeJoin: makeJoin)
                return
            }
            workspace.account.force(to: needed)
        }
        let table = try build.layout.table(of: partition.build, workspace)
        workspace.account.force(to: table.memoryBytes)
        current = WholeJoin(try makeJoin(table, type), SpillRunSource(partition.probe))
    }

    /// Deals both sides of a partition by the bits of the next level, a batch at a time.
    private final class Dealing {
        private let partition: Partition
        private let build: SpillPartitioner
        private let probe: SpillPartitioner
        private let buildRows: SpillRunSource
        private let probeRows: SpillRunSource

        init(_ partition: Partition, _ join: SpilledHashJoin) throws(SQLError) {
            self.partition = partition
            let kinds = join.build.layout.keyTypes.map { KeyKind($0) }
            build = try SpillPartitioner(
                keys: join.build.layout.keys, kinds: kinds, level: partition.level + 1, join.workspace)
            probe = try SpillPartitioner(keys: join.keys, kinds: kinds, level: partition.level + 1, join.workspace)
            buildRows = SpillRunSource(partition.build)
            probeRows = SpillRunSource(partition.probe)
        }

        /// True when all is dealt.
        func step() throws(SQLError) -> Bool {
            if let batch = try buildRows.nextBatch() {
                try build.append(batch)
            } else if let batch = try probeRows.nextBatch() {
                try probe.append(batch)
            } else {
                return true
            }
            return false
        }

        func finish() throws(SQLError) -> [Partition] {
            let all = partition.buildRows
            return zip(try build.finish(), try probe.finish()).map { build, probe in
                Partition(
                    build: build.rowCount > 0 ? [build] : [], probe: probe.rowCount > 0 ? [probe] : [],
                    level: partition.level + 1, isOneKey: build.rowCount == all)
            }
        }
    }
}

extension SpilledBuild.Layout {
    /// The table of all rows of some runs.
    func table(of runs: [SpillRun], _ workspace: SpillWorkspace) throws(SQLError) -> JoinTable {
        var batches: [Batch] = []
        let source = SpillRunSource(runs)
        while let batch = try source.nextBatch() {
            try workspace.checkpoint()
            batches.append(batch)
        }
        return try table(of: batches, workspace)
    }

    func table(of batches: [Batch], _ workspace: SpillWorkspace) throws(SQLError) -> JoinTable {
        try JoinTable(
            SavedRows(slice: 0, batches: batches), keys: keys, keyTypes: keyTypes, payload: payload,
            payloadTypes: payloadTypes, checkpoint: workspace.checkpoint)
    }
}

/// One partition of a join: asked for batches until it has none.
protocol PartitionJoin: AnyObject {
    /// nil: it is through; an empty batch: still working.
    func next() throws(SQLError) -> Batch?
}

/// A partition whose build fits into memory.
private final class WholeJoin: PartitionJoin {
    private let join: HashJoinOperator
    private let probe: SpillRunSource
    private var hasEnded = false

    init(_ join: HashJoinOperator, _ probe: SpillRunSource) {
        self.join = join
        self.probe = probe
    }

    func next() throws(SQLError) -> Batch? {
        if let output = try join.produce() { return output }
        if hasEnded { return nil }
        if let batch = try probe.nextBatch() {
            try join.consume(batch)
        } else {
            hasEnded = true
            join.inputEnded()
        }
        return .stillWorking
    }
}
