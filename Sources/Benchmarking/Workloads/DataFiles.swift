import FoundationEssentials
import Ingest
import SQLTypes

/// Writes a data set as gzip text into a directory, `<root>/<folder>/<table>/part-<n>.gz`: once, for every
/// configuration and every later run.
package struct DataFiles: Sendable {
    package let root: String
    package let data: any DataSet
    /// Named after everything that the text depends on.
    package var folder: String { "\(data.name)-sf\(scaleText(data.scale))-seed\(data.seed)-v\(data.version)" }

    package init(root: String, data: any DataSet) {
        self.root = root
        self.data = data
    }

    /// What COPY and a peer read a table from.
    package func prefix(of table: DataTable) -> String { "\(root)/\(folder)/\(table.name)/part-" }

    private var store: DirectoryObjectStore { DirectoryObjectStore(root: root) }

    /// Written last: a table without one was not written to its end.
    private func stamp(_ name: String) -> LoadStamp {
        LoadStamp(path: "\(root)/\(folder)/\(name).complete", text: "\(folder)\n")
    }

    /// Writes what is not there yet. As many parts at a time as there are cores.
    /// - Parameter progress: told the name of a table before its first part.
    package func prepare(progress: @Sendable (String) -> Void) async throws {
        for table in data.tables where !stamp(table.name).holds {
            progress(table.name)
            try await write(table, parts: table.partCount) { part in "\(table.name)/part-\(part).gz" }
            try stamp(table.name).write()
        }
    }

    /// Writes one table cut into `parts` files, for loads that differ in their number of files alone.
    /// - Returns: the prefix of the files, for COPY.
    package func prepare(_ table: DataTable, files parts: Int) async throws -> String {
        let name = "\(table.name)-in-\(parts)"
        if !stamp(name).holds {
            try await write(table, parts: parts) { part in "\(name)/part-\(part).gz" }
            try stamp(name).write()
        }
        return "\(root)/\(folder)/\(name)/part-"
    }

    private func write(_ table: DataTable, parts: Int, key: @escaping @Sendable (Int) -> String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for part in 0..<parts {
                if part >= Platform.coreCount { try await group.next() }
                group.addTask { try write(table, part, of: parts, key(part)) }
            }
            try await group.waitForAll()
        }
    }

    private func write(_ table: DataTable, _ part: Int, of parts: Int, _ key: String) throws(SQLError) {
        // Level 1: these files are made while somebody waits.
        let writer = try GzipWriter(to: try store.create(ObjectAddress(bucket: folder, key: key)), level: 1)
        var text = DataText()
        let units = table.units(ofPart: part, of: parts)
        let unitsAtOnce = 2_048
        for start in stride(from: units.lowerBound, to: units.upperBound, by: unitsAtOnce) {
            data.write(start..<min(start + unitsAtOnce, units.upperBound), of: table, to: &text)
            try writer.write(text.take())
        }
        try writer.finish()
    }
}

/// `1`, `0.1`, `10`: a scale as people type it.
package func scaleText(_ scale: Double) -> String {
    scale == scale.rounded() ? String(Int(scale)) : String(scale)
}
