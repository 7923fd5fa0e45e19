import Blueshift
import BlueshiftTesting
import XCTest

/// As a user's test case would look, with XCTest: a test that throws has failed, and shows what it threw.
final class DistributionOfListings: XCTestCase {
    func testKeysAreGood() async throws {
        try await TestCluster.with { cluster in
            try await cluster.run(DistributionOfSales.schema)
            try await cluster.check(.skew(of: "listing", atMost: 1.5))
            try await cluster.check(
                .query("SELECT sum(price) FROM sales JOIN listing USING (listid)", .joinsWithoutMoving))
        }
    }

    func testFailureNamesSliceFigureAndLimit() async throws {
        try await TestCluster.with { cluster in
            try await cluster.run(DistributionOfSales.schema + "ALTER TABLE listing ALTER DISTKEY state;")
            do {
                try await cluster.check(.skew(of: "listing", atMost: 1.5))
                XCTFail("a key of two values cannot be even on four slices")
            } catch let failure as AssertionFailure {
                let finding = try XCTUnwrap(failure.report.findings.first)
                XCTAssertFalse(finding.isPassed)
                XCTAssertEqual(finding.limit, 1.5)
                XCTAssertEqual(finding.value, "'CA'")
                XCTAssertNotNil(finding.slice)
                XCTAssertTrue("\(failure)".contains("ALTER DISTKEY listid"), "\(failure)")
            }
        }
    }
}
