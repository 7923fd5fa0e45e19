import Catalog
import Planner
import SQLTypes
import Storage

// Temporary tables and views: a schema of the session's own, which goes when the session does.

extension DatabaseSession {
    /// `pg_temp_n`, whether or not it is there yet.
    nonisolated var temporarySchema: String { "pg_temp_\(record.process)" }

    /// The session's first temporary relation brings its schema.
    func missingSchema(of name: TableName, _ version: DatabaseVersion) -> [CommitRecord.Change] {
        guard name.isTemporary, !version.catalog.schemas.contains(name.schema) else { return [] }
        return [.createSchema(name.schema)]
    }

    /// The session has ended. What is left after a crash, the next start takes away.
    func dropTemporaries() async throws(SQLError) {
        let changes = scoped(current.catalog.dropping(schema: temporarySchema))
        guard !changes.isEmpty else { return }
        let record = CommitRecord(transaction: leader.nextTransaction(), changes: changes)
        _ = try await commit(record, startTime: nil)
    }

    /// The version that a statement sees, with sequences as far as other transactions have taken them since: no value
    /// is given twice, whatever a snapshot shows. The table is locked, so that nobody takes more meanwhile.
    func advanced(_ version: DatabaseVersion) -> DatabaseVersion {
        guard transaction != nil else { return version }
        var version = version
        let now = leader.storage.current.tables
        for (id, table) in version.tables {
            guard let present = now[id]?.identityNext, present != table.identityNext else { continue }
            version.tables[id]?.identityNext = zip(present, table.identityNext).map { max($0, $1) }
        }
        return version
    }
}

extension CatalogSnapshot {
    /// Everything in a schema, and the schema; empty if it is not there.
    func dropping(schema: String) -> [CommitRecord.Change] {
        guard schemas.contains(schema) else { return [] }
        let inside = tables.values.filter { $0.name.schema == schema }.map(\.id).sorted()
        return views.keys.filter { $0.schema == schema }.sorted().map { .dropView($0) }
            + inside.map { .dropTable($0) } + [.dropSchema(schema)]
    }
}
