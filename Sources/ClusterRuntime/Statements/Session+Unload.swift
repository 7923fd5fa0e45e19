import Catalog
import Ingest
import Planner
import QueryPlan
import SQLSyntax
import SQLTypes
import Storage
import VectorEngine

// UNLOAD: the query's last segment ends in files, on each slice or (PARALLEL OFF) on the leader. All slices write under
// names that nobody sees; when all are through, the leader lets the files appear, and writes the manifest.

extension DatabaseSession {
    func unload(
        _ plan: QueryPlan, _ statement: UnloadStatement, _ run: StatementRun, _ version: DatabaseVersion,
        planningNs: Int64
    ) async throws(SQLError) -> StatementResult {
        let request = try UnloadRequest(statement, allowsLocalFiles: leader.objects?.allowsLocalFiles ?? false)
        let position = statement.destinationPosition.character
        if case .fixedWidth(let widths) = request.options.format {
            do throws(SQLError) { try widths.check(columnCount: plan.output.count) } catch { throw error.at(position) }
        }
        guard let store = leader.objects, let last = plan.segments.last else {
            throw SQLError(
                .objectNotInPrerequisiteState, "this cluster has no object store to write to",
                hint: "Open the cluster on a directory, or give it an object store.", position: position)
        }
        let destination = UnloadDestination(
            prefix: request.prefix, options: request.options,
            columns: plan.output.map { UnloadDestination.Column(name: $0.name, type: $0.type) }, store: store)
        try await check(destination, request.authorization, at: position)
        let execution = await prepare(
            plan, run, version, planningNs: planningNs, unloads: [last.number: destination])
        let outcome = try await complete(execution)
        let objects = outcome.unloads.flatMap(\.objects)
        try await IOQueue.shared.run { () throws(SQLError) in try destination.complete(objects) }.get()
        let rows = outcome.unloads.reduce(0) { $0 + $1.rowCount }
        (lastRuns.unload, lastRuns.unloadRows) = (execution.number, rows)
        return StatementResult(
            tag: "UNLOAD", affectedRows: rows,
            notices: [Notice(.info, "UNLOAD completed, \(rows) record(s) unloaded successfully.")])
    }

    /// On a thread that may wait for the store.
    private func check(
        _ destination: UnloadDestination, _ authorization: CopyAuthorization?, at position: Int?
    ) async throws(SQLError) {
        let roles = leader.roles
        let (region, user) = (leader.configuration.region, currentUserName(current.catalog))
        let checked = await IOQueue.shared.run { () throws(SQLError) in
            do throws(SQLError) {
                if let authorization {
                    try roles.authorize(authorization, for: .write(bucket: destination.prefix.bucket), user: user)
                }
                try destination.check(clusterRegion: region)
            } catch {
                throw error.at(position)
            }
        }
        try checked.get()
    }
}
