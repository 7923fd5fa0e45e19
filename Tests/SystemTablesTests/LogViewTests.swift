import Catalog
import QueryPlan
import SQLTypes
import Synchronization
import SystemTables
import Testing

/// Views of the log: what they unpack, and that all of them have a row for every step.
@Suite struct LogViewTests {
    private static func record(_ number: Int64) -> QueryRecord {
        var trace = QueryTrace(
            query: number, text: "SELECT \(number)", shape: ClusterShape(nodes: 1, slicesPerNode: 1), permits: 1)
        trace.deliveries = [SegmentDelivery(node: 0, segment: 0)]
        var slice = SliceTrace(node: 0, slice: 0, segment: 0)
        slice.steps = StepKind.allCases.map { kind in
            var step = StepTrace(kind)
            step.planNode = 1
            return step
        }
        trace.slices = [slice]
        let plan = ExplainNode(operation: "Seq Scan on t", cost: Cost(startup: 0, total: 1), rows: 1, width: 4)
        var record = QueryRecord(
            trace: trace, explain: plan, session: 1, user: "awsuser", userID: .master, database: "dev", startTime: 0,
            endTime: 10, error: nil, streams: [0], transaction: number, label: "default", queryType: .select)
        record.sumUpRun()
        return record
    }

    private static let stepViews = [
        "stl_aggr", "stl_bcast", "stl_delete", "stl_dist", "stl_hash", "stl_hashjoin", "stl_insert", "stl_limit",
        "stl_merge", "stl_mergejoin", "stl_nestloop", "stl_project", "stl_return", "stl_save", "stl_scan", "stl_sort",
        "stl_unique", "stl_window",
    ]

    @Test(
        arguments: stepViews + ["stl_explain", "stl_plan_info", "svl_query_report", "sys_query_detail", "svl_compile"])
    func aConditionOnTheQuerySparesTheOthers(name: String) throws {
        let unpacked = Mutex<[Int64]>([])
        var state = RandomCatalog.state(seed: 1)
        state.queries = (1...Int64(50)).map { number in
            let whole = LogViewTests.record(number)
            return LoggedQuery(LoggedQuery(whole).summary) { _ in
                unpacked.withLock { $0.append(number) }
                return whole
            }
        }
        let view = try #require(SystemViews.view(named: name))
        let column = try #require(view.definition.columns.firstIndex { $0.name == "query" || $0.name == "query_id" })
        var bounds = ColumnBounds()
        bounds.limit(column, to: 40...Int64.max)
        bounds.limit(column, to: Int64.min...41)
        let rows = view.rows(state, columns: [column], within: bounds)
        #expect(unpacked.withLock { $0 } == [40, 41])
        #expect(Set(rows) == [[.integer(40)], [.integer(41)]])
        bounds.limit(column, to: nil)
        #expect(view.rows(state, columns: [column], within: bounds).isEmpty)
    }

    /// Kinds without a table of their own are those that Redshift has none of.
    @Test func everyStepIsInOneTable() throws {
        var state = RandomCatalog.state(seed: 1)
        state.queries = [LoggedQuery(LogViewTests.record(7))]
        var count = 0
        for name in LogViewTests.stepViews {
            let rows = try #require(SystemViews.view(named: name)).rows(state, columns: [4])
            #expect(rows.count == 1, "\(name)")
            count += rows.count
        }
        let without: [StepKind] = [.filter, .rewrite, .unload]
        #expect(count == StepKind.allCases.count - without.count)
    }
}
