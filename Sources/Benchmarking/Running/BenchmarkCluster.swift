import Blueshift
import FoundationEssentials

/// A shape of cluster with the workload's tables in it, opened and closed as often as the plan says.
final class BenchmarkCluster {
    let configuration: BenchmarkConfiguration
    private let settings: Cluster.Configuration
    private let sessionSettings: [String]
    private var opened: (cluster: Cluster, session: Session)?

    init(_ configuration: BenchmarkConfiguration, _ settings: Cluster.Configuration, sessionSettings: [String]) {
        self.configuration = configuration
        self.settings = settings
        self.sessionSettings = sessionSettings
    }

    /// The same, open as it is, with what was learnt while it was loaded.
    func with(_ configuration: BenchmarkConfiguration) -> BenchmarkCluster {
        let cluster = BenchmarkCluster(configuration, settings, sessionSettings: sessionSettings)
        cluster.opened = opened
        return cluster
    }

    var slices: Int { configuration.slices }

    func open() async throws {
        guard opened == nil else { return }
        let cluster = try await Cluster(settings)
        let session = cluster.session()
        opened = (cluster, session)
        // Otherwise all runs but the first would measure the leader's memory.
        try await session.execute("SET enable_result_cache_for_session TO off")
        for setting in sessionSettings { try await session.execute(setting) }
    }

    func close() async throws {
        guard let opened else { return }
        self.opened = nil
        await opened.session.close()
        try await opened.cluster.close()
    }

    var session: Session {
        get throws(BenchmarkError) {
            guard let opened else { throw BenchmarkError("the cluster \(configuration.name) is not open") }
            return opened.session
        }
    }

    struct Timed {
        var milliseconds: Double
        var rows: [Row]
        var trace: Trace?
    }

    /// Runs a query and fetches all of its rows: that is what is timed. The trace is read afterwards.
    func time(_ sql: String) async throws -> Timed {
        let session = try session
        let start = ContinuousClock.now
        let rows = try await session.execute(sql).collect()
        let elapsed = ContinuousClock.now - start
        return Timed(milliseconds: milliseconds(elapsed), rows: rows, trace: await session.lastTrace)
    }
}

func milliseconds(_ duration: Duration) -> Double {
    let (seconds, attoseconds) = duration.components
    return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
}
