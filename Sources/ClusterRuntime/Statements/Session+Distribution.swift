import Catalog
import Execution
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// Our own SHOW DISTRIBUTION, and where a key lives.

extension DatabaseSession {
    func showDistribution(of name: QualifiedName, _ run: StatementRun) async throws(SQLError) -> StatementResult {
        let version = takeVersion()
        let table = try DefinitionLookup(planningContext(run, version)).readableTable(name)
        guard let distribution = version.distribution(of: table.id, shape: leader.shape) else {
            throw SQLError.internalError("table \(table.name) has no rows, not even none")
        }
        let report = DistributionReport(
            table: table, distribution: distribution, heaviest: try await heaviestKeys(of: table, run, version))
        return StatementResult(
            tag: "SHOW", columns: DistributionReport.columns, notices: [Notice(.info, report.summary)],
            source: .rows([report.batch]))
    }

    /// The most frequent value of the distribution key on each slice, counted by a query: grouping by that key moves nothing.
    /// Empty for other styles, and where policies change what the user reads.
    private func heaviestKeys(
        of table: TableDefinition, _ run: StatementRun, _ version: DatabaseVersion
    ) async throws(SQLError) -> [Int: DistributionReport.HeavyKey] {
        guard let key = table.distribution.keyColumn, table.columns.indices.contains(key),
            version.catalog.policies.rowAttachments(of: table.id).isEmpty,
            version.catalog.policies.maskingAttachments(of: table.id).isEmpty
        else { return [:] }
        let column = table.columns[key]
        let text = """
            SELECT \(column.name.quotedName), count(*) FROM \(table.name.quotedName)
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
            """
        // Each slice sends its first row; the leader is to hand on all of them.
        var counting = run
        counting.isUnlogged = true
        let plan = try queryPlan(text, run, version).withoutLimitOnLeader
        var result = try select(plan, counting, version, tag: "SELECT", planningNs: 0)
        var heaviest: [Int: DistributionReport.HeavyKey] = [:]
        while let batch = try await result.next() {
            for row in 0..<batch.count {
                let value = batch.columns[0].value(at: row, as: column.type)
                guard case .integer(let rows) = batch.columns[1].value(at: row, as: .bigint) else { continue }
                let place = KeyPlacement(of: value, as: column.type, shape: leader.shape, routing: leader.routing)
                if heaviest[place.slice]?.rows ?? 0 < rows {
                    heaviest[place.slice] = DistributionReport.HeavyKey(text: shown(value, column.type), rows: rows)
                }
            }
        }
        return heaviest
    }

    func queryPlan(_ text: String, _ run: StatementRun, _ version: DatabaseVersion) throws(SQLError) -> QueryPlan {
        guard case .query(let plan) = try plan(try parseStatement(text).statement, run, version) else {
            throw SQLError.internalError("a query was not planned as one")
        }
        return plan
    }

    /// A value as the session shows it.
    func shown(_ value: SQLValue, _ type: SQLType) -> String {
        if value.isNull { return "NULL" }
        let zone = settings.dateTime(transactionStart: transaction?.startTime ?? Platform.timestampNow).zone
        // A CHAR's padding is not shown.
        return String(decoding: value.text(as: type.isString ? .unknown : type, zone: zone), as: UTF8.self)
    }
}

extension String {
    /// As a delimited identifier.
    var quotedName: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension TableName {
    var quotedName: String { "\(schema.quotedName).\(name.quotedName)" }
}

extension QueryPlan {
    /// The same plan, whose leader hands on all that the slices send.
    fileprivate var withoutLimitOnLeader: QueryPlan {
        var copy = self
        for stream in copy.streams.indices {
            for segment in copy.streams[stream].segments.indices
            where copy.streams[stream].segments[segment].location == .leader {
                for (place, step) in copy.streams[stream].segments[segment].steps.enumerated() {
                    guard case .limit = step else { continue }
                    copy.streams[stream].segments[segment].steps[place] = .limit(count: nil, offset: 0)
                }
            }
        }
        return copy
    }
}
