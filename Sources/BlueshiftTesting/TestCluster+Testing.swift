#if canImport(Testing)
public import Blueshift
public import Testing

extension TestCluster {
    /// Records an issue at the place of the call if the assertion does not hold, and goes on, as `#expect` does.
    /// - Returns: what was found; nil if the assertion could not be carried out, which is an issue, too.
    @discardableResult
    public func expect(
        _ assertion: Assertion, sourceLocation: SourceLocation = #_sourceLocation
    ) async -> AssertionReport? {
        do throws(SQLError) {
            let report = try await report(on: assertion)
            if !report.isPassed { Issue.record("\(report)", sourceLocation: sourceLocation) }
            return report
        } catch {
            Issue.record(error, "\(assertion)", sourceLocation: sourceLocation)
            return nil
        }
    }
}
#endif
