import Blueshift
import BlueshiftTesting
import Testing

/// As a user's suite would look, with Swift Testing.
@Suite struct DistributionOfSales {
    static let schema = """
        CREATE TABLE sales (listid INT, buyerid INT, soldon DATE, price DECIMAL(8,2)) DISTKEY (listid) SORTKEY (soldon);
        CREATE TABLE listing (listid INT, state CHAR(2)) DISTKEY (listid);
        CREATE TABLE digits (n INT) DISTSTYLE ALL;
        INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
        INSERT INTO sales SELECT a.n + 10 * b.n + 100 * c.n, a.n, DATE '2008-01-01' + 10 * c.n + b.n, 9.99
            FROM digits a, digits b, digits c;
        INSERT INTO listing SELECT a.n + 10 * b.n + 100 * c.n, CASE WHEN a.n < 7 THEN 'CA' ELSE 'NY' END
            FROM digits a, digits b, digits c;
        ANALYZE;
        """

    @Test func keysAreGood() async throws {
        try await TestCluster.with { cluster in
            try await cluster.run(Self.schema)
            await cluster.expect(.skew(of: "sales", atMost: 1.5))
            await cluster.expect(.noValue(of: "listid", in: "sales", abovePercent: 0.5))
            await cluster.expect(.distributionStyle(of: "sales", is: .key("listid")))
            await cluster.expect(
                .query(
                    "SELECT count(*) FROM sales JOIN listing USING (listid)", .joinsWithoutMoving, .withoutNestedLoop,
                    .withoutBroadcast, .withoutBroadcast(of: "listing"), .moves(atMostBytes: 0),
                    .same(onShapes: (1, 1), (3, 2))))
        }
    }

    @Test func aFailureStandsAtItsLineAndSaysAll() async throws {
        try await TestCluster.with { cluster in
            try await cluster.run(Self.schema)
            let line = #line + 2
            await withKnownIssue {
                let report = await cluster.expect(.noValue(of: "state", in: "listing", abovePercent: 50))
                #expect(report?.findings.first?.value == "'CA'")
                #expect(report?.findings.first?.figure == 70)
                #expect(report?.findings.first?.limit == 50)
            } matching: { issue in
                let text = issue.comments.first?.rawValue ?? ""
                return issue.sourceLocation?.line == line && text.contains("'CA' in listing.state has 70 % of the rows")
                    && text.contains("hint: ")
            }
        }
    }

    @Test func whatCannotBeAssertedIsAnIssue() async throws {
        try await TestCluster.with { cluster in
            await withKnownIssue {
                #expect(await cluster.expect(.skew(of: "nothing", atMost: 2)) == nil)
            } matching: { issue in
                "\(issue)".contains("relation \"nothing\" does not exist") || issue.error is SQLError
            }
        }
    }

    @Test func checkThrows() async throws {
        try await TestCluster.with { cluster in
            try await cluster.run(Self.schema)
            try await cluster.check(.skew(of: "sales", atMost: 1.5))
            let error = await #expect(throws: AssertionFailure.self) {
                try await cluster.check(.distributionStyle(of: "sales", is: .even))
            }
            #expect(error?.report.assertion == "ASSERT DISTSTYLE OF sales IS EVEN")
            #expect(error?.description.hasPrefix("SwiftTestingTests.swift:") == true)
            #expect(error?.description.contains("the DISTSTYLE of sales is KEY(listid), EVEN was asserted") == true)
        }
    }

    @Test(arguments: [
        (Assertion.skew(of: "t", atMost: 1), "ASSERT SKEW OF t AT MOST 1"),
        (.skew(of: "s.t", atMost: 1.25), "ASSERT SKEW OF s.t AT MOST 1.25"),
        (.noValue(of: "c", in: "t", abovePercent: 0.000001), "ASSERT NO VALUE OF t.c ABOVE 0.000001 PERCENT"),
        (
            .distributionStyle(of: "t", is: .key("c"), isEffective: true), "ASSERT EFFECTIVE DISTSTYLE OF t IS KEY (c)"
        ),
        (.distributionStyle(of: "t", is: .auto), "ASSERT DISTSTYLE OF t IS AUTO"),
        (.copyUsesEverySlice(of: "t"), "ASSERT COPY OF t USES EVERY SLICE"),
        (
            .query("SELECT 1", .skips(atLeastPercentOfBlocks: 80, of: "t"), .same(onShapes: (1, 2))),
            "ASSERT QUERY (SELECT 1) SKIPS AT LEAST 80 PERCENT OF BLOCKS OF t AND SAME ON SHAPES (1x2)"
        ),
    ])
    func isAStatement(assertion: Assertion, sql: String) { #expect(assertion.sql == sql) }
}
