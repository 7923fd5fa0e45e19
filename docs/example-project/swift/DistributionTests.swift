import BlueshiftTesting
import Foundation
import Testing

/// The shop's distribution keys, from Swift: on the same schema, with the same statistics.
@Suite struct ShopDistribution {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path

    private func shop(_ body: (TestCluster) async throws -> Void) async throws {
        let cluster = try await TestCluster(nodes: 2, slicesPerNode: 2, objectDirectory: Self.project + "/s3")
        try await cluster.run(file: Self.project + "/schema.sql")
        try await cluster.run(file: Self.project + "/statistics.sql")
        try await body(cluster)
        try await cluster.close()
    }

    @Test func tablesAreEven() async throws {
        try await shop { shop in
            for table in ["customers", "orders", "order_items"] {
                await shop.expect(.skew(of: table, atMost: 1.3))
            }
            await shop.expect(.noValue(of: "customer_id", in: "orders", abovePercent: 0.5))
            await shop.expect(.copyUsesEverySlice(of: "products"))
        }
    }

    @Test func revenueByCountryStaysOnItsSlices() async throws {
        try await shop { shop in
            let revenue = """
                SELECT c.country, sum(o.amount) FROM orders o JOIN customers c ON o.customer_id = c.customer_id
                GROUP BY c.country
                """
            await shop.expect(.query(revenue, .joinsWithoutMoving, .withoutNestedLoop))
            await shop.expect(.query(revenue, .moves(atMostBytes: 10_000), .same(onShapes: (1, 1), (4, 2))))
        }
    }
}
