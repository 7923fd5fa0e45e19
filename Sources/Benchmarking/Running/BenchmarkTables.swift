import Blueshift
import FoundationEssentials

/// Where a plan's tables come from, and how they get into a cluster or a peer.
struct BenchmarkTables {
    struct Table {
        var name: String
        var createStatement: String
        /// What a COPY reads, behind `COPY t`.
        var copyClause: String
        /// The files as a pattern that DuckDB understands; nil where it cannot read them.
        var peerPattern: String?
    }

    /// Tells data of different origin apart; part of the names of the clusters that hold it.
    var identity: String
    var tables: [Table]

    static func prepare(
        _ plan: BenchmarkPlan, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> BenchmarkTables {
        switch plan.source {
        case .generated(let data):
            let files = DataFiles(root: plan.workDirectory + "/data", data: data)
            try await files.prepare { table in
                progress("writing \(data.name) at scale \(scaleText(data.scale)): \(table)")
            }
            return BenchmarkTables(
                identity: files.folder,
                tables: data.tables.map { table in
                    let prefix = files.prefix(of: table)
                    return Table(
                        name: table.name, createStatement: table.createStatement,
                        copyClause: "FROM \(quoted(prefix)) GZIP DELIMITER '|'", peerPattern: prefix + "*.gz")
                })
        case .files(let directory, let data): return try await found(in: directory, of: data)
        case .cluster(let directory):
            return try await ClusterExport(directory: directory, workDirectory: plan.workDirectory).tables(progress)
        }
    }

    /// The files of somebody else's data set.
    private static func found(in directory: String, of data: any DataSet) async throws -> BenchmarkTables {
        var identity = Fingerprint()
        let tables = try data.tables.map { table in
            let folder = "\(directory)/\(table.name)"
            var isFolder = false
            let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
            let names =
                try FileManager.default.contentsOfDirectory(atPath: exists && isFolder ? folder : directory)
                .filter { exists && isFolder || $0.hasPrefix(table.name + ".") }.sorted()
            guard !names.isEmpty else {
                throw BenchmarkError(
                    "\(directory) has no files of \(table.name): neither \(table.name)/ nor \(table.name).*")
            }
            let isPacked = names.map { $0.hasSuffix(".gz") }
            guard Set(isPacked).count == 1 else {
                throw BenchmarkError("some files of \(table.name) in \(directory) are gzip and some are not")
            }
            let prefix = exists && isFolder ? folder + "/" : "\(directory)/\(table.name)."
            for name in names {
                let path = exists && isFolder ? "\(folder)/\(name)" : "\(directory)/\(name)"
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                identity.add("\(path) \(attributes[.size] as? Int ?? 0)")
            }
            return Table(
                name: table.name, createStatement: table.createStatement,
                copyClause: "FROM \(quoted(prefix))\(isPacked[0] ? " GZIP" : "") DELIMITER '|'",
                peerPattern: prefix + "*")
        }
        return BenchmarkTables(identity: "\(data.name)-files-\(identity.text)", tables: tables)
    }

    /// Everything that a loaded cluster depends on.
    var fingerprint: String {
        var print = Fingerprint()
        print.add(identity)
        for table in tables { print.add(table.name + table.createStatement) }
        return print.text
    }

    func load(into cluster: BenchmarkCluster, _ progress: (String) -> Void) async throws -> Double {
        let session = try cluster.session
        let start = ContinuousClock.now
        for table in tables {
            progress("loading \(cluster.configuration.name): \(table.name)")
            try await session.execute(table.createStatement)
            try await session.execute("COPY \(table.name) \(table.copyClause)")
        }
        return milliseconds(ContinuousClock.now - start) / 1e3
    }

    func load(into peer: PeerProcess, _ progress: (String) -> Void) throws(BenchmarkError) {
        for table in tables {
            guard let pattern = table.peerPattern else {
                throw BenchmarkError("DuckDB cannot read what \(table.name) is loaded from")
            }
            progress("loading DuckDB: \(table.name)")
            _ = try peer.ask("DROP TABLE IF EXISTS \(table.name)")
            _ = try peer.ask(BenchmarkTables.plain(table.createStatement))
            _ = try peer.ask(
                "COPY \(table.name) FROM \(BenchmarkTables.quoted(pattern)) (DELIMITER '|', HEADER false, "
                    + "QUOTE '', ESCAPE '')")
        }
        _ = try peer.ask("CHECKPOINT")
    }

    /// A definition without what only Redshift understands, and without keys, for which DuckDB would build indexes.
    static func plain(_ createStatement: String) -> String {
        var lines = createStatement.split(separator: "\n").map(String.init)
        if lines.last?.hasPrefix(")") == true { lines[lines.count - 1] = ")" }
        var text = lines.joined(separator: "\n")
        if let start = text.ranges(of: "primary key (").first {
            let before = text[..<start.lowerBound].lastIndex(of: ",") ?? start.lowerBound
            let end = text[start.upperBound...].firstIndex(of: ")") ?? text.index(before: text.endIndex)
            text.removeSubrange(before...end)
        }
        return text
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}

/// A short name for a long text: FNV-1a, 16 hexadecimal digits.
struct Fingerprint {
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }

    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
