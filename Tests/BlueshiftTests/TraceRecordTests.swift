import Blueshift
import Catalog
import ClusterRuntime
import QueryPlan
import Testing

/// What a record of a finished statement says of its steps, and which statements have one.
@Suite struct TraceRecordTests {
    private static let tables = [
        "CREATE TABLE a (id INT, other INT, name VARCHAR(20)) DISTKEY (id) SORTKEY (id)",
        "CREATE TABLE b (id INT, other INT) DISTKEY (id) SORTKEY (id)",
        "CREATE TABLE small (id INT) DISTSTYLE ALL",
        "INSERT INTO a VALUES (1, 2, 'x'), (2, 3, 'y'), (3, 1, 'z')",
        "INSERT INTO b VALUES (1, 2), (2, 3), (3, 1)",
        "INSERT INTO small VALUES (1), (2)",
    ]

    /// A statement, and kinds of which it has steps.
    private static let statements: [(String, Set<StepKind>)] = [
        ("SELECT * FROM a", [.scan, .return]),
        ("SELECT DISTINCT other FROM a", [.scan, .unique, .return]),
        ("SELECT other, count(*) FROM a GROUP BY other ORDER BY 2 LIMIT 1", [.aggr, .dist, .sort, .merge, .limit]),
        ("SELECT count(*) FROM a JOIN b ON a.id = b.id", [.save, .mergejoin]),
        ("SELECT count(*) FROM a JOIN b ON a.other = b.other", [.hash, .hashjoin, .aggr]),
        ("SELECT count(*) FROM a, b WHERE a.id < b.id", [.nestloop, .save]),
        ("SELECT id, rank() OVER (PARTITION BY other ORDER BY id) FROM a", [.window, .dist]),
        ("SELECT count(*) FROM a WHERE name LIKE 'x%' OR id IN (SELECT other FROM b)", [.scan]),
        ("SELECT id FROM a UNION SELECT other FROM b", [.scan]),
        (
            "WITH RECURSIVE r (n) AS (SELECT id FROM small UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT count(*) FROM r",
            [.save]
        ),
        ("INSERT INTO b SELECT other, id FROM a", [.insert]),
        ("UPDATE a SET name = 'w' FROM b WHERE a.id = b.other", [.delete, .insert]),
        ("DELETE FROM b USING small WHERE b.id = small.id", [.delete]),
        ("CREATE TABLE c AS SELECT id, other FROM a", [.insert]),
        ("SELECT id INTO d FROM a", [.insert]),
    ]

    @Test(arguments: [(1, 1), (1, 2), (2, 2)])
    func eachStepSaysWhatItIsOf(nodes: Int, slices: Int) async throws {
        try await withSession(.init(nodes: nodes, slicesPerNode: slices)) { cluster, session in
            for statement in TraceRecordTests.tables { try await session.execute(statement) }
            for (statement, kinds) in TraceRecordTests.statements {
                _ = try await session.rows(statement)
                let record = try #require(cluster.runtime.queries.last { !$0.summary.isPart }).record
                #expect(record.trace.text == statement)
                let lines = PlanNodes(try #require(record.explain)).count
                var seen: Set<StepKind> = []
                for slice in record.trace.slices {
                    for step in slice.steps {
                        seen.insert(step.kind)
                        let node = try #require(step.planNode, "\(statement)")
                        #expect((1...lines).contains(node), "\(statement): \(step.label)")
                        #expect((step.source == .table) == (step.kind == .scan && step.table != nil))
                        if step.kind == .insert || step.kind == .delete { #expect(step.table != nil) }
                        if step.kind == .hashjoin || step.kind == .hash { #expect(step.transientTable != nil) }
                    }
                }
                #expect(seen.isSuperset(of: kinds), "\(statement): \(seen.map(\.label).sorted())")
            }
        }
    }

    /// A scan's line is that of its table.
    @Test func stepsBelongToTheirLines() async throws {
        try await withSession { cluster, session in
            for statement in TraceRecordTests.tables { try await session.execute(statement) }
            _ = try await session.rows("SELECT a.name, count(*) FROM a JOIN b ON a.other = b.id GROUP BY 1 ORDER BY 1")
            let record = try #require(cluster.runtime.queries.last).record
            var operations: [String] = []
            func add(_ node: ExplainNode) {
                operations.append(node.operation)
                node.children.forEach(add)
            }
            add(try #require(record.explain))
            for step in record.trace.slices.flatMap(\.steps) {
                let operation = operations[try #require(step.planNode) - 1]
                switch step.kind {
                case .scan: if step.source == .table { #expect(operation.hasPrefix("Seq Scan on ")) }
                case .hash: #expect(operation == "Hash")
                case .hashjoin: #expect(operation == "Hash Join")
                case .aggr: #expect(operation == "HashAggregate")
                case .sort: #expect(operation == "Sort")
                case .merge: #expect(operation == "Merge")
                case .return: #expect(operation == "Network")
                default: break
                }
            }
        }
    }

    @Test func everyStatementIsLogged() async throws {
        try await withSession { cluster, session in
            let statements: [(String, QueryType)] = [
                ("CREATE TABLE t (id INT)", .ddl), ("SET query_group TO 'night'", .utility), ("BEGIN", .utility),
                ("INSERT INTO t VALUES (1)", .insert), ("UPDATE t SET id = 2", .update),
                ("DELETE FROM t WHERE id = 7", .delete),
                ("COMMIT", .utility), ("ANALYZE t", .utility), ("SELECT id FROM t", .select), ("SELECT 1", .select),
                ("CREATE TABLE u AS SELECT id FROM t", .ctas), ("EXPLAIN SELECT id FROM t", .utility),
                ("CREATE VIEW v AS SELECT id FROM t", .ddl), ("PREPARE p AS SELECT id FROM t", .utility),
                ("EXECUTE p", .select), ("DROP TABLE u", .ddl), ("CREATE USER x PASSWORD 'Secret1x'", .utility),
                ("GRANT SELECT ON t TO x", .utility),
            ]
            for (statement, _) in statements { _ = try await session.rows(statement) }
            await expectError(.undefinedTable) { try await session.execute("SELECT * FROM nothing") }
            let records = cluster.runtime.queries.map(\.summary).filter { !$0.isPart }
            #expect(records.map(\.queryType) == statements.map(\.1) + [.select])
            #expect(
                records.map(\.trace.text) == statements.map { $0.0.replacing("Secret1x", with: "***") }
                    + ["SELECT * FROM nothing"])
            #expect(records.last?.error?.state == .undefinedTable)
            #expect(records.map(\.label) == ["default"] + Array(repeating: "night", count: records.count - 1))
            #expect(Set(records.map(\.number)).count == records.count)
            // BEGIN … COMMIT is one transaction, all others are one each.
            let transactions = records.map(\.transaction)
            #expect(Set(transactions[2...6]).count == 1)
            #expect(Set(transactions).count == records.count - 4 && transactions.allSatisfy { $0 > 0 })
            let parts = cluster.runtime.queries.map(\.summary).filter(\.isPart)
            #expect(!parts.isEmpty && parts.allSatisfy { $0.trace.text.hasPrefix("padb_fetch_sample: ") })
        }
    }
}
