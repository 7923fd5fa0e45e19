import Catalog
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// Assertions on a query: on its plan, on what one run of it did, on its result.

extension DatabaseSession {
    func findings(
        of plan: QueryPlan, _ query: Query, _ claims: [PlannedAssertion.QueryClaim], _ run: StatementRun,
        _ version: DatabaseVersion
    ) async throws(SQLError) -> [AssertionReport.Finding] {
        let comparesResults = claims.contains { claim in if case .same = claim { true } else { false } }
        var trace: QueryTrace?
        var rows = ResultRows(columns: plan.output, in: leader.memory)
        if claims.contains(where: \.isMeasured) {
            let running = await begin(plan, run, version)
            do throws(SQLError) {
                while let batch = try await running.next() {
                    if comparesResults { try rows.append(batch) }
                }
            } catch {
                running.abandon()
                _ = try await end(running)
                throw error
            }
            trace = try await end(running)
        }
        // What row-level security guards is told to those who see the policies.
        let hidden = seesPolicies(version) ? [] : plan.explain.guardedSteps
        if !hidden.isEmpty { trace = trace?.withoutFigures(of: hidden) }
        var found: [AssertionReport.Finding] = []
        for claim in claims {
            switch claim {
            case .joinsWithoutMoving: found.append(plan.findingOfJoins(version.catalog))
            case .withoutNestedLoop: found.append(plan.findingOfNestedLoops)
            case .withoutBroadcast(let table): found.append(plan.findingOfBroadcasts(of: table, version.catalog))
            case .moves(let limit):
                if let trace { found.append(plan.findingOfMoves(in: trace, atMost: limit)) }
            case .skips(let percent, let table):
                if let trace {
                    found.append(plan.findingOfSkips(in: trace, atLeast: percent, table, version.catalog, hidden))
                }
            case .same(let shapes):
                found += try await findings(ofSame: query, plan, rows, on: shapes, run, version)
            }
        }
        return found
    }

    /// Stops at the first shape with another result.
    private func findings(
        ofSame query: Query, _ plan: QueryPlan, _ rows: ResultRows, on shapes: [ClusterShape], _ run: StatementRun,
        _ version: DatabaseVersion
    ) async throws(SQLError) -> [AssertionReport.Finding] {
        let own = try rows.ordered()
        for shape in shapes where shape != leader.shape {
            try await leader.beginReplica(run.control)
            defer { leader.endReplica() }
            let replica = try await ShapeReplica.make(shape, of: plan.tables, self, run, version)
            let result: Result<ResultRows, SQLError>
            do throws(SQLError) {
                result = .success(try await replica.rows(of: query, planningContext(run, replica.version), run))
            } catch {
                result = .failure(error)
            }
            try await replica.close()
            if let difference = own.difference(from: try result.get().ordered(), leader.shape, shape) {
                return [difference]
            }
        }
        let count = FigureText.count(rows.count)
        let names = shapes.map(\.text).joined(separator: ", ")
        return [
            AssertionReport.Finding(
                true, figure: Double(rows.count),
                "the query gives the same \(count) \(rows.count == 1 ? "row" : "rows") on \(leader.shape.text) and \(names)"
            )
        ]
    }
}

extension PlannedAssertion.QueryClaim {
    /// Whether the query must run.
    fileprivate var isMeasured: Bool {
        switch self {
        case .joinsWithoutMoving, .withoutNestedLoop, .withoutBroadcast: false
        case .moves, .skips, .same: true
        }
    }
}

extension ClusterShape {
    var text: String { "\(nodes)x\(slicesPerNode)" }
}
