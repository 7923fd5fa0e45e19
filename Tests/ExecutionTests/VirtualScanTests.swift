import QueryPlan
import SQLTypes
import Testing
import VectorEngine

@testable import Execution

/// What a view is told of a filter.
@Suite struct VirtualScanTests {
    private static let query = BoundExpression.column(1, .integer)
    private static func number(_ value: Int64) -> BoundExpression { .literal(.integer(value), .integer) }

    private static let cases: [(BoundExpression, ClosedRange<Int64>?)] = [
        (.comparison(.equal, query, number(5)), 5...5),
        (.comparison(.greater, number(5), query), Int64.min...4),
        (.and([.comparison(.greaterOrEqual, query, number(3)), .comparison(.less, query, number(9))]), 3...8),
        (.inList(query, [.integer(7), .integer(3)], isNegated: false), 3...7),
        (.comparison(.equal, .cast(query, to: .bigint, isTry: false), number(5)), 5...5),
        (.comparison(.equal, query, .negate(number(5))), -5...(-5)),
        (.comparison(.notEqual, query, number(5)), Int64.min...Int64.max),
        (.or([.comparison(.equal, query, number(5)), .comparison(.equal, query, number(6))]), nil),
        (.inList(query, [.integer(7)], isNegated: true), nil),
        // Another value each time, and something that happens.
        (.comparison(.equal, query, .call("random", [], .integer)), nil),
        (.comparison(.equal, query, .call("pg_terminate_backend", [number(1)], .integer)), nil),
        (.comparison(.equal, query, .column(0, .integer)), nil),
    ]

    @Test(arguments: cases.indices)
    func bounds(index: Int) {
        let (filter, expected) = VirtualScanTests.cases[index]
        let scan = VirtualScan(name: "stl_scan", columns: [0, 4], types: [.integer, .integer], filter: filter)
        #expect(scan.bounds(EvaluationContext())[4] == expected, "\(filter)")
    }
}
