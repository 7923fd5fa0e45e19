import Catalog
import Execution
import Planner
import QueryPlan
import SQLTypes
import Storage

// UPDATE and DELETE: old rows are marked, new ones written, in one commit.

extension DatabaseSession {
    func change(_ plan: QueryPlan, _ name: String, _ write: WriteRun) async throws(SQLError) -> StatementResult {
        let isStrict = name == "UPDATE" && settings.isOn("error_on_nondeterministic_update")
        let plan = isStrict ? plan.rejectingRepeats() : plan
        let execution = prepare(plan, write.run, write.version, planningNs: write.planningNs)
        let outcome = try await complete(execution)
        try await apply(outcome.deletes + outcome.appends, by: write.number)
        let rows = outcome.deletedRowCount(write.version, leader.shape)
        return StatementResult(tag: "\(name) \(rows)", affectedRows: rows)
    }
}

extension QueryDriver.Outcome {
    /// What the slices marked, as changes to commit.
    var deletes: [CommitRecord.Change] { deleted.map { .delete($0.table, slice: $0.slice, $0.rows) } }

    /// Rows of the statement; the copies of an ALL table are one row each.
    func deletedRowCount(_ version: DatabaseVersion, _ shape: ClusterShape) -> Int64 {
        deleted.reduce(0) { sum, entry in
            let isCopied = version.catalog.tables[entry.table]?.distribution.effective == .all
            return isCopied && shape.node(ofSlice: entry.slice) != 0 ? sum : sum + entry.rowCount
        }
    }
}
