public import Blueshift
import FoundationEssentials

/// A cluster for a test: made with it, gone with it, with one session on it.
///
///     let cluster = try await TestCluster(nodes: 2, slicesPerNode: 2)
///     try await cluster.run(file: "schema.sql")
///     await cluster.expect(.skew(of: "sales", atMost: 1.2))                                   Swift Testing
///     try await cluster.check(.query("SELECT …", .joinsWithoutMoving))                        XCTest, or anywhere
///     try await cluster.close()
public final class TestCluster: Sendable {
    /// The cluster itself.
    public let cluster: Cluster
    /// On which everything here runs; others can be opened on `cluster`.
    public let session: Session

    /// A cluster in memory. COPY may read files of this machine by plain paths.
    /// - Parameter objectDirectory: where `s3://bucket/key` leads, as `<directory>/<bucket>/<key>`; nil: nowhere.
    public convenience init(
        nodes: Int = 2, slicesPerNode: Int = 2, objectDirectory: String? = nil
    ) async throws(SQLError) {
        var configuration = Cluster.Configuration(nodes: nodes, slicesPerNode: slicesPerNode)
        configuration.allowsLocalFiles = true
        configuration.objectDirectory = objectDirectory
        try await self.init(configuration)
    }

    /// A cluster of any configuration, such as one on a directory.
    public init(_ configuration: Cluster.Configuration) async throws(SQLError) {
        cluster = try await Cluster(configuration)
        session = cluster.session()
    }

    /// Makes a cluster in memory, and closes it whatever the body does.
    public static func with<Result>(
        nodes: Int = 2, slicesPerNode: Int = 2, _ body: (TestCluster) async throws -> Result
    ) async throws -> Result {
        let cluster = try await TestCluster(nodes: nodes, slicesPerNode: slicesPerNode)
        let result: Result
        do {
            result = try await body(cluster)
        } catch {
            try? await cluster.close()
            throw error
        }
        try await cluster.close()
        return result
    }

    /// Runs statements, with `;` between them: tables, rows, ANALYZE, DECLARE STATISTICS.
    public func run(_ sql: String) async throws(SQLError) {
        for statement in SQLScript.statements(in: sql) { _ = try await session.execute(statement).collect() }
    }

    /// Runs the statements of a file. Assertions in it are carried out, too; `blueshift check` reports on all of them.
    /// - Throws: `SQLError` 58P01 if the file cannot be read, or what the first statement that fails says.
    public func run(file path: String) async throws(SQLError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SQLError(.undefinedFile, "cannot read \(path)")
        }
        try await run(String(decoding: data, as: UTF8.self))
    }

    /// What the assertion finds, passed or not.
    /// - Throws: what keeps it from being carried out, such as a table that is not there.
    public func report(on assertion: Assertion) async throws(SQLError) -> AssertionReport {
        do throws(SQLError) {
            _ = try await session.execute(assertion.sql).collect()
        } catch  where error.state == .assertFailure {
            // The report says the same, in its parts.
        } catch {
            throw error
        }
        guard let report = await session.lastAssertion else {
            throw SQLError(.internalError, "an assertion has left no report")
        }
        return report
    }

    /// Throws if the assertion does not hold. For XCTest, whose tests report what they throw, for `#expect(throws:)`, and for
    /// programs that are no tests.
    /// - Throws: `AssertionFailure`, or `SQLError` if it cannot be carried out.
    @discardableResult
    public func check(
        _ assertion: Assertion, filePath: String = #filePath, line: Int = #line
    ) async throws -> AssertionReport {
        let report = try await report(on: assertion)
        guard report.isPassed else { throw AssertionFailure(report: report, filePath: filePath, line: line) }
        return report
    }

    /// Ends session and cluster.
    public func close() async throws(SQLError) {
        await session.close()
        try await cluster.close()
    }
}
