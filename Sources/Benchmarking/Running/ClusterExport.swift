import Blueshift
import FoundationEssentials

/// Unloads the tables of somebody's cluster, so that other shapes can be loaded with the same rows. Views, users and
/// settings are left behind.
struct ClusterExport {
    let directory: String
    let workDirectory: String

    func tables(_ progress: @escaping @Sendable (String) -> Void) async throws -> BenchmarkTables {
        var settings = Cluster.Configuration(directory: directory)
        settings.allowsLocalFiles = true
        let cluster = try await Cluster(settings)
        let session = cluster.session()
        do {
            let tables = try await export(session, progress)
            await session.close()
            try await cluster.close()
            return tables
        } catch {
            await session.close()
            try await cluster.close()
            throw error
        }
    }

    private func export(
        _ session: Session, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> BenchmarkTables {
        let names = try await session.rows(
            """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\\\_%' AND n.nspname <> 'information_schema'
            ORDER BY 1, 2
            """)
        guard !names.isEmpty else { throw BenchmarkError("the cluster in \(directory) has no tables") }
        var identity = Fingerprint()
        identity.add(directory)
        let root = "\(workDirectory)/data/export-\(identity.text)"
        // What an earlier run unloaded may be of older rows.
        if FileManager.default.fileExists(atPath: root) { try FileManager.default.removeItem(atPath: root) }
        var tables: [BenchmarkTables.Table] = []
        for row in names {
            let (schema, name) = try row.decode(String.self, String.self)
            let table = "\(identifier(schema)).\(identifier(name))"
            progress("unloading \(table)")
            let definition = try await session.rows("SHOW TABLE \(table)")
            var create = try definition.first?.decode(String.self, at: 0) ?? ""
            while create.last == ";" || create.last?.isWhitespace == true { create.removeLast() }
            if schema != "public" { create = "CREATE SCHEMA IF NOT EXISTS \(identifier(schema)); " + create }
            let prefix = "\(root)/\(schema).\(name)/part-"
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(schema).\(name)", withIntermediateDirectories: true)
            let unloaded = try await session.execute(
                "UNLOAD (\(BenchmarkTables.quoted("SELECT * FROM \(table)"))) TO \(BenchmarkTables.quoted(prefix)) "
                    + "GZIP ESCAPE DELIMITER '|' NULL AS '\\\\N'")
            identity.add("\(table) \(unloaded.affectedRows ?? 0)")
            tables.append(
                BenchmarkTables.Table(
                    name: table, createStatement: create,
                    copyClause: "FROM \(BenchmarkTables.quoted(prefix)) GZIP ESCAPE DELIMITER '|' NULL AS '\\\\N'",
                    peerPattern: nil))
        }
        return BenchmarkTables(identity: "cluster-\(identity.text)", tables: tables)
    }

    private func identifier(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
